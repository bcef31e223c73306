import { describe, expect, it } from 'vitest';
import { formatType } from '#shared/iceberg/types.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { evolveSchema, type SchemaEvolution } from '../evolution/evolve-schema.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { currentSchema, defaultSpec } from '../metadata/lookup.ts';
import { RowTable, type Row } from '../testing/row-table.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { rewriteFiles } from '../transaction/rewrite-files.ts';
import { rowDelta } from '../transaction/row-delta.ts';
import { stageUpdates } from '../transaction/staged-commit.ts';
import { mergeTables } from './merge-tables.ts';

const ROWS: readonly Row[] = [
  { id: 1n, day: 1, note: 'a' },
  { id: 2n, day: 2, note: 'b' },
];

async function tableWithRows() {
  const table = new RowTable();
  const base = await append(table, await table.create({}), ROWS);
  return { table, base };
}

async function append(table: RowTable, base: LoadedTable, rows: readonly Row[]): Promise<LoadedTable> {
  return table.load(await appendFiles({ io: table.io, base, dataFiles: table.filesFor(base, rows) }));
}

async function update(table: RowTable, base: LoadedTable, ...updates: TableUpdate[]): Promise<LoadedTable> {
  return table.load(await stageUpdates({ io: table.io, base, updates, requirements: [] }));
}

async function evolve(
  table: RowTable,
  base: LoadedTable,
  change: (schema: SchemaEvolution) => SchemaEvolution,
): Promise<LoadedTable> {
  return update(table, base, ...change(evolveSchema(base.metadata)).change().updates);
}

async function merge(table: RowTable, base: LoadedTable, ours: LoadedTable, theirs: LoadedTable) {
  const merged = await mergeTables({
    io: table.io,
    base: base.metadata,
    ours,
    theirs: theirs.metadata,
  });
  if (!('staged' in merged)) return { clashes: merged.clashes, result: ours };
  return { clashes: [], result: merged.staged === null ? ours : await table.load(merged.staged) };
}

function columns({ metadata }: LoadedTable): readonly string[] {
  return currentSchema(metadata).fields.map(({ id, name, type }) => `${id} ${name} ${formatType(type)}`);
}

describe('schemas of both sides', () => {
  it('combine where they touch different columns', async () => {
    const { table, base } = await tableWithRows();
    const ours = await evolve(table, base, (schema) => schema.renameColumn(['note'], 'remark'));
    const theirs = await evolve(table, base, (schema) =>
      schema.updateType(['day'], 'long').addColumn({ name: 'extra', type: 'string' }),
    );
    const { clashes, result } = await merge(table, base, ours, await append(table, theirs, ROWS));
    expect(clashes).toEqual([]);
    expect(columns(result)).toEqual(['1 id long', '2 day long', '3 remark string', '4 extra string']);
    expect(await table.scan(result)).toHaveLength(4);
  });

  it('give a new column another id where both took the same one and no file has it', async () => {
    const { table, base } = await tableWithRows();
    const ours = await evolve(table, base, (schema) => schema.addColumn({ name: 'x', type: 'int' }));
    const theirs = await evolve(table, await append(table, base, ROWS), (schema) =>
      schema.addColumn({ name: 'y', type: 'string' }),
    );
    const { clashes, result } = await merge(table, base, await append(table, ours, ROWS), theirs);
    expect(clashes).toEqual([]);
    expect(columns(result).slice(3)).toEqual(['4 x int', '5 y string']);
    expect(result.metadata.lastColumnId).toBe(5);
  });

  it('clash where files have the column that would need another id, dropped or not', async () => {
    const { table, base } = await tableWithRows();
    const ours = await evolve(table, base, (schema) => schema.addColumn({ name: 'x', type: 'int' }));
    const widened = await evolve(table, base, (schema) => schema.addColumn({ name: 'y', type: 'string' }));
    const theirs = await append(table, widened, ROWS);
    const dropped = await evolve(table, theirs, (schema) => schema.dropColumn(['y']));
    for (const side of [theirs, dropped]) {
      const { clashes } = await merge(table, base, ours, side);
      expect(clashes).toMatchObject([
        { kind: 'SCHEMA_CLASH', detail: { fieldId: 4, ours: 'x', theirs: 'y' } },
      ]);
    }
  });

  it('are one column where both added it alike', async () => {
    const { table, base } = await tableWithRows();
    const add = async () =>
      append(
        table,
        await evolve(table, base, (schema) => schema.addColumn({ name: 'x', type: 'int' })),
        ROWS,
      );
    const { clashes, result } = await merge(table, base, await add(), await add());
    expect(clashes).toEqual([]);
    expect(columns(result).slice(3)).toEqual(['4 x int']);
    expect(await table.scan(result)).toHaveLength(6);
  });

  it('clash where both changed one column, or one dropped what the other changed', async () => {
    const { table, base } = await tableWithRows();
    const renamed = await evolve(table, base, (schema) => schema.renameColumn(['note'], 'remark'));
    const other = await evolve(table, base, (schema) => schema.renameColumn(['note'], 'comment'));
    const dropped = await evolve(table, base, (schema) => schema.dropColumn(['note']));
    expect((await merge(table, base, renamed, other)).clashes).toMatchObject([
      { kind: 'SCHEMA_CLASH', detail: { what: 'name', base: 'note', ours: 'remark', theirs: 'comment' } },
    ]);
    expect((await merge(table, base, renamed, dropped)).clashes).toMatchObject([
      { kind: 'SCHEMA_CLASH', detail: { what: 'dropped', fieldId: 3, theirs: null } },
    ]);
    expect(columns((await merge(table, base, base, dropped)).result)).toHaveLength(2);
  });
});

describe('what else a table says', () => {
  it('merges name by name', async () => {
    const { table, base } = await tableWithRows();
    const set = (updates: Record<string, string>) => ({ action: 'set-properties', updates }) as const;
    const ours = await update(table, base, set({ a: '1', b: '1' }));
    const theirs = await update(table, base, set({ b: '1', c: '1' }));
    const { result } = await merge(table, base, ours, theirs);
    expect(result.metadata.properties).toMatchObject({ a: '1', b: '1', c: '1' });
    const clashing = await update(table, theirs, set({ a: '2' }));
    expect((await merge(table, base, ours, clashing)).clashes).toMatchObject([
      { kind: 'PROPERTY_CLASH', detail: { property: 'a', base: null, ours: '1', theirs: '2' } },
    ]);
  });

  it('brings files of a spec that has another id here, and tags of snapshots that are not here', async () => {
    const { table, base } = await tableWithRows();
    const partitionBy = (sourceId: number, transform: string, name: string) =>
      [
        { action: 'add-spec', spec: { fields: [{ sourceId, transform, name }] } },
        { action: 'set-default-spec', specId: -1 },
      ] as const;
    const mine = await update(table, base, ...partitionBy(1, 'bucket[4]', 'id_bucket'));
    const ours = await update(table, mine, { action: 'set-default-spec', specId: 0 });
    const changed = await append(
      table,
      await update(table, base, ...partitionBy(2, 'identity', 'day')),
      ROWS,
    );
    const snapshotId = changed.metadata.currentSnapshotId ?? 0n;
    const tag = { snapshotId, type: 'tag' } as const;
    const tagged = await update(table, changed, { action: 'set-snapshot-ref', refName: 'v1', ref: tag });
    const theirs = await append(table, tagged, ROWS);
    const { clashes, result } = await merge(table, base, ours, theirs);
    expect(clashes).toEqual([]);
    const spec = defaultSpec(result.metadata);
    expect(spec).toMatchObject({
      specId: 2,
      fields: [{ sourceId: 2, transform: 'identity', fieldId: 1001 }],
    });
    const brought = (await table.plan(result)).filter(({ file }) => file.specId === 2);
    expect(brought.map(({ file }) => String(file.partition.get(1001))).sort()).toEqual(['1', '1', '2', '2']);
    expect(result.metadata.refs['v1']).toEqual(tag);
    expect(result.metadata.snapshots.some((snapshot) => snapshot.snapshotId === snapshotId)).toBe(true);
  });
});

describe('rows of both sides', () => {
  it('combine: a delete by value on one side leaves what the other has appended since', async () => {
    const { table, base } = await tableWithRows();
    const ours = await append(table, base, [{ id: 1n, day: 5, note: 'ours' }]);
    const [file] = table.filesFor(base, ROWS);
    if (file === undefined) throw new TypeError('no file');
    const deletes = table.equalityDeletes(file, new Set([1n]));
    const deleted = await table.load(await rowDelta({ io: table.io, base, deleteFiles: [deletes] }));
    const theirs = await append(table, deleted, [{ id: 1n, day: 6, note: 'theirs' }]);
    const { clashes, result } = await merge(table, base, ours, theirs);
    expect(clashes).toEqual([]);
    expect((await table.scan(result)).map(({ note }) => note).sort()).toEqual(['b', 'ours', 'theirs']);
  });

  it('combine: compaction on one side, an append on the other; but no delete in what is compacted', async () => {
    const { table, base } = await tableWithRows();
    const [planned] = await table.plan(base);
    if (planned === undefined) throw new TypeError('no file');
    const { io } = table;
    const addedFiles = table.filesFor(base, ROWS);
    const ours = await table.load(
      await rewriteFiles({ io, base, replacedFiles: [planned.file], addedFiles }),
    );
    const appended = await append(table, base, [{ id: 3n, day: 3, note: 'c' }]);
    for (const [one, other] of [
      [ours, appended],
      [appended, ours],
    ] as const) {
      const { clashes, result } = await merge(table, base, one, other);
      expect(clashes).toEqual([]);
      expect((await table.scan(result)).map(({ note }) => note)).toEqual(['a', 'b', 'c']);
    }
    const deleteFiles = [table.positionDeletes(planned.file, new Set([0]))];
    const deleted = await table.load(await rowDelta({ io, base, deleteFiles }));
    expect((await merge(table, base, ours, deleted)).clashes).toMatchObject([
      { kind: 'SAME_ROWS_CHANGED', detail: { files: [planned.file.filePath] } },
    ]);
  });
});
