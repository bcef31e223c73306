import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from '#shared/iceberg/expression.ts';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { loadManifest, loadManifestList } from '../manifest/load-manifests.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { currentSnapshot } from '../metadata/lookup.ts';
import type { PlannedFile } from '../scan/plan-files.ts';
import { DAY, ID, inOrder, ROW_SCHEMA, RowTable, satisfies, type Row } from '../testing/row-table.ts';
import { appendFiles } from './append-files.ts';
import { deleteFiles } from './delete-files.ts';
import { overwriteFiles } from './overwrite-files.ts';
import { replacePartitions } from './replace-partitions.ts';
import { rewriteFiles } from './rewrite-files.ts';
import { rewriteManifests } from './rewrite-manifests.ts';
import { rowDelta } from './row-delta.ts';
import { isLive } from './snapshot-scratch.ts';
import { isDeletionVector } from './snapshot-summary.ts';
import { stageUpdates, type StagedCommit } from './staged-commit.ts';

type Step =
  | { readonly kind: 'append'; readonly rows: readonly Row[]; readonly mode: 'fast' | 'merge' }
  | { readonly kind: 'evolve'; readonly transform: string; readonly source: 'id' | 'day' }
  | { readonly kind: 'metadata-delete'; readonly filter: Expression }
  | { readonly kind: 'overwrite'; readonly filter: Expression; readonly rows: readonly Row[] }
  | { readonly kind: 'copy-on-write'; readonly filter: Expression }
  | { readonly kind: 'merge-on-read'; readonly filter: Expression; readonly equality: boolean }
  | { readonly kind: 'replace-partitions'; readonly rows: readonly Row[] }
  | { readonly kind: 'delete-path'; readonly pick: number }
  | { readonly kind: 'compact'; readonly pick: number; readonly keepNumber: boolean }
  | { readonly kind: 'rewrite-manifests' | 'upgrade' };

const row: fc.Arbitrary<Row> = fc.record({
  id: fc.bigInt({ min: 0n, max: 30n }),
  day: fc.option(fc.integer({ min: 0, max: 3 })),
  note: fc.constantFrom('a', 'b'),
});
const rows = fc.array(row, { minLength: 1, maxLength: 8 });
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({
    op: fc.constantFrom('eq', 'not-eq', 'lt', 'gt-eq'),
    fieldId: fc.constant(DAY),
    value: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    op: fc.constantFrom('eq', 'lt-eq', 'gt'),
    fieldId: fc.constant(ID),
    value: fc.bigInt({ min: 0n, max: 30n }),
  }),
  fc.record({ op: fc.constantFrom('is-null', 'not-null'), fieldId: fc.constant(DAY) }),
);
const filter: fc.Arbitrary<Expression> = fc.oneof(
  leaf,
  fc.record({ op: fc.constantFrom('and', 'or'), left: leaf, right: leaf }),
  fc.constant({ op: 'true' } as const),
);
const pick = fc.nat({ max: 50 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('append'), rows, mode: fc.constantFrom('fast', 'merge') }),
  },
  fc.record({
    kind: fc.constant('evolve'),
    transform: fc.constantFrom('identity', 'bucket[3]', 'truncate[10]'),
    source: fc.constantFrom('id', 'day'),
  }),
  fc.record({ kind: fc.constant('metadata-delete'), filter }),
  fc.record({ kind: fc.constant('overwrite'), filter, rows }),
  fc.record({ kind: fc.constant('copy-on-write'), filter }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('merge-on-read'), filter, equality: fc.boolean() }) },
  fc.record({ kind: fc.constant('replace-partitions'), rows }),
  fc.record({ kind: fc.constant('delete-path'), pick }),
  fc.record({ kind: fc.constant('compact'), pick, keepNumber: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('rewrite-manifests', 'upgrade') }),
) as fc.Arbitrary<Step>;

/** Applies a step; what the rows are then, or null where the table refused it for a reason that holds. */
async function apply(
  table: RowTable,
  base: LoadedTable,
  step: Step,
): Promise<{ readonly staged: StagedCommit; readonly rows: readonly Row[] } | null> {
  const { io } = table;
  const before = await table.scan(base);
  const planned = await table.plan(base);
  const without = (removed: Expression) => before.filter((row) => !satisfies(row, removed));
  switch (step.kind) {
    case 'append': {
      const dataFiles = table.filesFor(base, step.rows);
      return {
        staged: await appendFiles({ io, base, dataFiles, mode: step.mode }),
        rows: [...before, ...step.rows],
      };
    }
    case 'evolve': {
      const { source, transform } = step;
      const fields = partitionSpecOf(ROW_SCHEMA, [{ source, transform }]).fields.map((field) => ({
        sourceId: field.sourceId,
        transform: field.transform,
        name: `${source}_${transform.replace(/\W/g, '')}`,
      }));
      const updates = [
        { action: 'add-spec', spec: { fields } },
        { action: 'set-default-spec', specId: -1 },
      ] as const;
      return { staged: await stageUpdates({ io, base, updates, requirements: [] }), rows: before };
    }
    case 'metadata-delete': {
      const staged = await whole(table, planned, step.filter, () =>
        deleteFiles({ io, base, filter: step.filter }),
      );
      return staged === null ? null : { staged, rows: without(step.filter) };
    }
    case 'overwrite': {
      const staged = await whole(table, planned, step.filter, () =>
        overwriteFiles({
          io,
          base,
          overwriteFilter: step.filter,
          dataFiles: table.filesFor(base, step.rows),
          isolation: 'serializable',
        }),
      );
      return staged === null ? null : { staged, rows: [...without(step.filter), ...step.rows] };
    }
    case 'copy-on-write': {
      const hit = planned.filter((file) => table.live(file).some(([, row]) => satisfies(row, step.filter)));
      const kept = hit.flatMap((file) => table.live(file).map(([, row]) => row));
      const staged = await overwriteFiles({
        io,
        base,
        deletedFiles: hit.map(({ file }) => file),
        dataFiles: table.filesFor(
          base,
          kept.filter((row) => !satisfies(row, step.filter)),
        ),
        isolation: 'serializable',
      });
      return { staged, rows: without(step.filter) };
    }
    case 'merge-on-read':
      if (base.metadata.formatVersion === 1) return null;
      return {
        staged: await (step.equality
          ? equalityDelete(table, base, planned, step.filter)
          : positionDelete(table, base, planned, step.filter)),
        rows: without(step.filter),
      };
    case 'replace-partitions': {
      const dataFiles = table.filesFor(base, step.rows);
      const { specId } = dataFiles[0] as DataFile;
      const unpartitioned = dataFiles.every((file) => file.partition.size === 0);
      const replaced = (file: DataFile) =>
        unpartitioned ||
        (file.specId === specId &&
          dataFiles.some((added) => String([...added.partition]) === String([...file.partition])));
      const stays = planned.filter(({ file }) => !replaced(file));
      return {
        staged: await replacePartitions({ io, base, dataFiles, isolation: 'serializable' }),
        rows: [...stays.flatMap((file) => table.live(file).map(([, row]) => row)), ...step.rows],
      };
    }
    case 'delete-path': {
      const gone = planned[step.pick % Math.max(1, planned.length)];
      if (gone === undefined) return null;
      const rows = planned.filter((file) => file !== gone).flatMap((file) => table.live(file));
      const staged = await deleteFiles({ io, base, paths: [gone.file.filePath] });
      return { staged, rows: rows.map(([, row]) => row) };
    }
    case 'compact': {
      const first = planned[step.pick % Math.max(1, planned.length)];
      if (first === undefined) return null;
      const group = planned.filter(
        ({ file }) =>
          file.specId === first.file.specId &&
          String([...file.partition]) === String([...first.file.partition]),
      );
      const spec = base.metadata.partitionSpecs.find((spec) => spec.specId === first.file.specId);
      const live = group.flatMap((file) => table.live(file).map(([, row]) => row));
      const staged = await rewriteFiles({
        io,
        base,
        replacedFiles: group.map(({ file }) => file),
        addedFiles: spec === undefined ? [] : table.files(live, spec),
        ...(step.keepNumber ? { dataSequenceNumber: base.metadata.lastSequenceNumber } : {}),
      });
      return { staged, rows: before };
    }
    case 'upgrade': {
      const { formatVersion } = base.metadata;
      if (formatVersion === 3) return null;
      const next = formatVersion === 1 ? 2 : 3;
      const updates = [{ action: 'upgrade-format-version', formatVersion: next }] as const;
      return { staged: await stageUpdates({ io, base, updates, requirements: [] }), rows: before };
    }
    case 'rewrite-manifests':
      return { staged: await rewriteManifests({ io, base }), rows: before };
  }
}

/** A metadata-only delete; null where it says of a file, rightly, that only a part of it goes. */
async function whole<T>(
  table: RowTable,
  planned: readonly PlannedFile[],
  filter: Expression,
  run: () => Promise<T>,
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!isAppError(error, 'INVALID_INPUT') || error.context['conflict'] !== 'partial-match') throw error;
    const named = planned.find(({ file }) => file.filePath === error.context['file']);
    if (named === undefined) throw error;
    if (shownByBounds(filter))
      expect(table.rowsOf(named.file).some((row) => !satisfies(row, filter))).toBe(true);
    return null;
  }
}

/** Whether exact bounds always tell that all rows of a file satisfy it: not where a hole may lie between them. */
function shownByBounds(filter: Expression): boolean {
  if (filter.op === 'and') return shownByBounds(filter.left) && shownByBounds(filter.right);
  return filter.op !== 'or' && filter.op !== 'not-eq';
}

async function positionDelete(
  table: RowTable,
  base: LoadedTable,
  planned: readonly PlannedFile[],
  filter: Expression,
): Promise<StagedCommit> {
  const { io } = table;
  const hits = planned.flatMap((file) => {
    const positions = table.live(file).filter(([, row]) => satisfies(row, filter));
    return positions.length === 0 ? [] : [{ ...file, positions: new Set(positions.map(([at]) => at)) }];
  });
  const v3 = base.metadata.formatVersion === 3;
  const older = hits.flatMap(({ deletes }) => deletes.map(({ file }) => file)).filter(isDeletionVector);
  const vectors = new Map(
    hits.map((hit) => [hit.file, new Set([...hit.positions, ...table.deletedPositions(hit)])]),
  );
  return rowDelta({
    io,
    base,
    deleteFiles: v3
      ? table.vectors(vectors)
      : hits.map(({ file, positions }) => table.positionDeletes(file, positions)),
    removedFiles: older,
    isolation: 'serializable',
  });
}

/** By id, in each partition where a row goes: rows of that id there that are written later stay. */
async function equalityDelete(
  table: RowTable,
  base: LoadedTable,
  planned: readonly PlannedFile[],
  filter: Expression,
): Promise<StagedCommit> {
  const ids = new Map<DataFile, Set<bigint>>();
  for (const file of planned) {
    const gone = table.live(file).filter(([, row]) => satisfies(row, filter));
    if (gone.length > 0) ids.set(file.file, new Set(gone.map(([, row]) => row.id)));
  }
  // Deletes by id take other rows of that id along, wherever in the partition (or table) they are.
  const clash = planned.some((file) =>
    table
      .live(file)
      .some(([, row]) => !satisfies(row, filter) && [...ids.values()].some((set) => set.has(row.id))),
  );
  if (clash) return positionDelete(table, base, planned, filter);
  return rowDelta({
    io: table.io,
    base,
    deleteFiles: [...ids].map(([file, set]) => table.equalityDeletes(file, set)),
  });
}

/** What must hold for any version of a table, whatever made it. */
async function checkVersion(table: RowTable, loaded: LoadedTable): Promise<void> {
  const { metadata } = loaded;
  const snapshot = currentSnapshot(metadata);
  if (snapshot === undefined) return;
  const manifests = await loadManifestList(table.io, snapshot);
  const counted: Record<string, bigint> = {};
  const count = (name: string, by: bigint) => (counted[name] = (counted[name] ?? 0n) + by);
  const rowIds: [bigint, bigint][] = [];
  for (const manifest of manifests) {
    const entries = await loadManifest(table.io, manifest);
    const of = (status: string) => entries.filter((entry) => entry.status === status);
    expect(manifest).toMatchObject({
      addedFilesCount: of('added').length,
      existingFilesCount: of('existing').length,
      deletedFilesCount: of('deleted').length,
      sequenceNumber: expect.toSatisfy((n: bigint) => n <= metadata.lastSequenceNumber),
    });
    const live = entries.filter(isLive);
    const lowest = live.map((entry) => entry.sequenceNumber).sort(Number)[0];
    if (lowest !== undefined) {
      const min = live.reduce((a, e) => (e.sequenceNumber < a ? e.sequenceNumber : a), lowest);
      expect(manifest.minSequenceNumber).toBe(min);
    }
    for (const entry of entries) {
      if (entry.status !== 'existing') expect(entry.snapshotId).toBe(manifest.addedSnapshotId);
      expect(entry.fileSequenceNumber >= entry.sequenceNumber).toBe(true);
      if (!isLive(entry)) continue;
      const { dataFile } = entry;
      count('total-files-size', dataFile.contentSizeInBytes ?? dataFile.fileSizeInBytes);
      if (dataFile.content !== 'data') {
        count('total-delete-files', 1n);
        count(
          dataFile.content === 'equality-deletes' ? 'total-equality-deletes' : 'total-position-deletes',
          dataFile.recordCount,
        );
        continue;
      }
      count('total-data-files', 1n);
      count('total-records', dataFile.recordCount);
      // Files of before an upgrade get their row ids with the first snapshot after it.
      if (snapshot.firstRowId === undefined) continue;
      if (dataFile.firstRowId === undefined) throw new TypeError('no row id');
      rowIds.push([dataFile.firstRowId, dataFile.firstRowId + dataFile.recordCount]);
    }
  }
  for (const name of [
    'total-data-files',
    'total-records',
    'total-files-size',
    'total-delete-files',
    'total-position-deletes',
    'total-equality-deletes',
  ])
    expect([name, snapshot.summary[name]]).toEqual([name, String(counted[name] ?? 0n)]);
  rowIds.sort(([a], [b]) => Number(a - b));
  for (const [index, [, end]] of rowIds.entries()) {
    expect(end <= (rowIds[index + 1]?.[0] ?? metadata.nextRowId ?? 0n)).toBe(true);
  }
}

describe.each([1, 2, 3] as const)(
  'random operations on a table of format version %i',
  (formatVersion: FormatVersion) => {
    it('leave the rows that the operations mean, and metadata whose parts agree', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 14 }),
          fc.constantFrom('1', '3', '100'),
          fc.constantFrom('900', '1500', '8388608'),
          async (steps, minCount, targetBytes) => {
            const table = new RowTable();
            let base = await table.create({
              formatVersion,
              properties: {
                'commit.manifest.min-count-to-merge': minCount,
                'commit.manifest.target-size-bytes': targetBytes,
              },
            });
            for (const step of steps) {
              const lineage = await rowIdsOf(table, base);
              const applied = await apply(table, base, step);
              if (applied === null) continue;
              base = await table.load(applied.staged);
              expect(base.metadata).toEqual(applied.staged.metadata);
              expect(await table.scan(base)).toEqual(inOrder(applied.rows));
              await checkVersion(table, base);
              for (const [path, id] of await rowIdsOf(table, base)) {
                const known = lineage.get(path);
                if (known !== undefined) expect(id).toBe(known);
              }
            }
          },
        ),
        { numRuns: 50 },
      );
    }, 60_000);
  },
);

async function rowIdsOf(
  table: RowTable,
  base: LoadedTable,
): Promise<ReadonlyMap<string, bigint | undefined>> {
  return new Map((await table.plan(base)).map(({ file }) => [file.filePath, file.firstRowId]));
}
