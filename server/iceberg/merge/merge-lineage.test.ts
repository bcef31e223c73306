import { describe, expect, it } from 'vitest';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import { evolveSchema, type SchemaEvolution } from '../evolution/evolve-schema.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { stage, type RowOperation } from '../testing/row-operations.ts';
import { DAY, inOrder, ROW_SCHEMA, RowTable, type Row } from '../testing/row-table.ts';
import { appendFiles } from '../transaction/append-files.ts';
import { planReplacement, replaceTable } from '../transaction/replace-table.ts';
import { stageUpdates } from '../transaction/staged-commit.ts';
import { mergeTables } from './merge-tables.ts';

const ROWS: readonly Row[] = [
  { id: 1n, day: 1, note: 'a' },
  { id: 2n, day: 2, note: 'b' },
];

async function tableWithRows() {
  const table = new RowTable();
  const spec = partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: 'identity' }]);
  return { table, base: await append(table, await table.create({ spec })) };
}

async function append(table: RowTable, base: LoadedTable, rows = ROWS): Promise<LoadedTable> {
  return table.load(await appendFiles({ io: table.io, base, dataFiles: table.filesFor(base, rows) }));
}

async function evolve(
  table: RowTable,
  base: LoadedTable,
  change: (schema: SchemaEvolution) => SchemaEvolution,
): Promise<LoadedTable> {
  const { updates } = change(evolveSchema(base.metadata)).change();
  return table.load(await stageUpdates({ io: table.io, base, updates, requirements: [] }));
}

async function merge(table: RowTable, base: LoadedTable, ours: LoadedTable, theirs: LoadedTable) {
  const merged = await mergeTables({ io: table.io, base: base.metadata, ours, theirs: theirs.metadata });
  if (!('staged' in merged)) return { clashes: merged.clashes, result: ours };
  return { clashes: [], result: merged.staged === null ? ours : await table.load(merged.staged) };
}

describe('a field id that is another column in ours', () => {
  it('clashes once theirs has rows with it, renames it or partitions by it', async () => {
    const { table, base } = await tableWithRows();
    const add = (name: string) => async (from: LoadedTable) =>
      evolve(table, from, (schema) => schema.addColumn({ name, type: 'int' }));
    const branch = await add('y')(base);
    const { clashes, result: main } = await merge(table, base, await add('x')(base), branch);
    expect(clashes).toEqual([]);
    const renamed = await evolve(table, branch, (schema) => schema.renameColumn(['y'], 'z'));
    const partitioned = await table.load(
      await stageUpdates({
        io: table.io,
        base: branch,
        updates: [
          { action: 'add-spec', spec: { fields: [{ sourceId: 4, transform: 'identity', name: 'y_part' }] } },
          { action: 'set-default-spec', specId: -1 },
        ],
        requirements: [],
      }),
    );
    for (const theirs of [await append(table, branch), renamed, partitioned]) {
      expect((await merge(table, branch, main, theirs)).clashes[0]).toMatchObject({
        kind: 'SCHEMA_CLASH',
        detail: { what: 'field id', fieldId: 4, ours: 'x', theirs: 'y' },
      });
    }
    // The other way round, and where ours never had the column.
    const here = await append(table, branch);
    expect((await merge(table, branch, here, await append(table, main))).clashes[0]).toMatchObject({
      kind: 'SCHEMA_CLASH',
      detail: { what: 'field id', fieldId: 4, ours: 'y', theirs: 'x' },
    });
    expect((await merge(table, branch, base, here)).clashes[0]).toMatchObject({
      kind: 'SCHEMA_CLASH',
      detail: { what: 'field id', fieldId: 4, ours: null, theirs: 'y' },
    });
  });

  it('is the same column where a merge brought it, whatever it was called before and after', async () => {
    const { table, base } = await tableWithRows();
    const added = await evolve(table, base, (schema) => schema.addColumn({ name: 'y', type: 'int' }));
    const branch = await evolve(table, added, (schema) => schema.renameColumn(['y'], 'z'));
    const { result } = await merge(table, base, await append(table, base), branch);
    const main = await evolve(table, result, (schema) => schema.renameColumn(['z'], 'w'));
    const again = await merge(table, branch, main, await append(table, branch));
    expect(again.clashes).toEqual([]);
    expect(await table.scan(again.result)).toHaveLength(6);
  });
});

describe('files that a revert brought back', () => {
  it('clash where the other side has had them again too and rewritten them', async () => {
    const { table, base: inserted } = await tableWithRows();
    const filter = { op: 'eq', fieldId: DAY, value: 1 } as const;
    const step = async (from: LoadedTable, operation: RowOperation) =>
      table.load(await stage(table, from, operation, 'serializable'));
    const deleted = await step(inserted, { kind: 'delete-metadata', filter });
    for (const operation of [
      { kind: 'compact', filter, keepNumber: false },
      { kind: 'update', how: 'copy-on-write', filter },
    ] as const) {
      const rewritten = await step(inserted, operation);
      for (const [ours, theirs] of [
        [rewritten, inserted],
        [inserted, rewritten],
        [rewritten, await append(table, inserted)],
      ] as const) {
        expect((await merge(table, deleted, ours, theirs)).clashes).toMatchObject([
          { kind: 'SAME_ROWS_CHANGED' },
        ]);
      }
    }
  });

  it('come back where the other side left them alone', async () => {
    const { table, base: inserted } = await tableWithRows();
    const filter = { op: 'eq', fieldId: DAY, value: 1 } as const;
    const deleted = await table.load(
      await stage(table, inserted, { kind: 'delete-metadata', filter }, 'serializable'),
    );
    const more: Row = { id: 3n, day: 3, note: 'c' };
    const ours = await append(table, deleted, [more]);
    for (const sides of [
      [ours, inserted],
      [inserted, ours],
      [inserted, await append(table, inserted, [more])],
    ] as const) {
      const { clashes, result } = await merge(table, deleted, ...sides);
      expect(clashes).toEqual([]);
      expect(await table.scan(result)).toEqual(inOrder([...ROWS, more]));
    }
  });
});

describe('a table that one side replaced', () => {
  it('clashes with rows that the other changed, and else is replaced', async () => {
    const { table, base } = await tableWithRows();
    const replacement = planReplacement(base.metadata, { schema: ROW_SCHEMA });
    const into = { metadata: replacement.metadata, metadataLocation: base.metadataLocation };
    const dataFiles = table.filesFor(into, [{ id: 9n, day: 9, note: 'new' }]);
    const replaced = await table.load(await replaceTable({ io: table.io, base, replacement, dataFiles }));
    const appended = await append(table, base);
    for (const [ours, theirs, by] of [
      [replaced, appended, 'ours'],
      [appended, replaced, 'theirs'],
    ] as const) {
      expect((await merge(table, base, ours, theirs)).clashes).toMatchObject([
        { kind: 'TABLE_REPLACED', detail: { replacedBy: by } },
      ]);
    }
    const grown = await append(table, replaced, [{ id: 8n, day: 8, note: 'more' }]);
    const set = { action: 'set-properties', updates: { a: '1' } } as const;
    const tagged = await table.load(
      await stageUpdates({ io: table.io, base, updates: [set], requirements: [] }),
    );
    for (const [ours, theirs] of [
      [tagged, grown],
      [grown, tagged],
    ] as const) {
      const { clashes, result } = await merge(table, base, ours, theirs);
      expect(clashes).toEqual([]);
      expect((await table.scan(result)).map(({ note }) => note).sort()).toEqual(['more', 'new']);
    }
  });
});
