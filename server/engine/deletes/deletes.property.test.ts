import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { deletionVector, equalityDeletes, positionDeletes } from '../testing/delete-files.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

beforeAll(async () => {
  tables = await TableFixture.open();
});
afterAll(() => tables.close());

interface Row {
  readonly a: number | null;
  readonly b: string | null;
}

interface ModelFile {
  readonly file: DataFile;
  readonly rows: readonly { readonly row: Row; deleted: boolean }[];
  hasVector: boolean;
}

const row = fc.record({
  a: fc.option(fc.integer({ min: 0, max: 3 })),
  b: fc.option(fc.constantFrom('x', 'y')),
});
const rows = fc.array(row, { minLength: 1, maxLength: 8 });
/** In one commit together: what it adds, and what it deletes of what was there or of what it adds. */
const change = fc.record({
  added: fc.option(rows, { freq: 3 }),
  positions: fc.array(fc.record({ file: fc.nat(9), position: fc.nat(7) }), { maxLength: 4 }),
  equal: fc.array(fc.record({ by: fc.constantFrom([1], [2], [1, 2]), rows }), { maxLength: 2 }),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

describe('a table that is changed at random', () => {
  it.each([2, 3] as const)('reads as its model, in format version %i', async (version) => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(rows, fc.array(change, { minLength: 1, maxLength: 5 }), async (first, changes) => {
        const name = `t${version}_${number++}`;
        await tables.append(name, query(first));
        if (version === 3) tables.replace(name, { ...tables.table(name), formatVersion: 3, nextRowId: 0n });
        const model = [await firstFile(name, first)];
        const states = [[tables.table(name).currentSnapshotId, left(model)] as const];
        for (const each of changes) {
          await apply(name, version, model, each);
          states.push([tables.table(name).currentSnapshotId, left(model)] as const);
        }
        for (const [snapshot, expected] of states) {
          const at = `${name} AT (VERSION => '${snapshot}')`;
          expect((await tables.run(`SELECT a, b FROM ${at}`)).rows.map(text).sort()).toEqual(expected);
          const filtered = expected.filter((each) => each.startsWith('1'));
          const { rows: counted } = await tables.run(`SELECT count(*) FROM ${at} WHERE a = 1`);
          expect(counted).toEqual([[String(filtered.length)]]);
        }
      }),
      { numRuns: 12 },
    );
  });
});

async function firstFile(name: string, first: readonly Row[]): Promise<ModelFile> {
  const { sources } = await tables.plan(`FROM ${name}`);
  const file = { filePath: sources[0]?.files[0] ?? '', specId: 0, partition: new Map() };
  return modelFile(file as unknown as DataFile, first);
}

async function apply(name: string, version: 2 | 3, model: ModelFile[], each: Change): Promise<void> {
  const metadata = tables.table(name);
  const files: DataFile[] = [];
  const older = [...model];
  if (each.added !== null) {
    const [file] = await tables.write(metadata, query(each.added));
    files.push(file as DataFile);
    model.push(modelFile(file as DataFile, each.added));
  }
  // Equality deletes hold for older files alone, and all of them.
  for (const { by, rows: equal } of each.equal) {
    files.push(await equalityDeletes(tables, metadata, query(equal, by), by));
    for (const there of older.flatMap((one) => one.rows))
      if (equal.some((deleted) => equals(deleted, there.row, by))) there.deleted = true;
  }
  // Deletes by position hold for files of the same commit, too.
  const targets = new Map<ModelFile, number[]>();
  for (const { file, position } of each.positions) {
    const target = model[file % model.length];
    if (target === undefined || (version === 3 && target.hasVector)) continue;
    targets.set(target, [...(targets.get(target) ?? []), position % target.rows.length]);
  }
  for (const [target, positions] of targets)
    for (const position of positions) (target.rows[position] as { deleted: boolean }).deleted = true;
  if (version === 3) {
    for (const [target, positions] of targets) {
      files.push(await deletionVector(tables, metadata, target.file, positions));
      target.hasVector = true;
    }
  } else if (targets.size > 0) {
    const all = [...targets].flatMap(([{ file }, positions]) =>
      positions.map((position) => ({ path: file.filePath, position })),
    );
    files.push(await positionDeletes(tables, metadata, all));
  }
  if (files.length > 0) await tables.commit(name, files);
}

function modelFile(file: DataFile, rowsOfFile: readonly Row[]): ModelFile {
  return { file, rows: rowsOfFile.map((each) => ({ row: each, deleted: false })), hasVector: false };
}

function equals(x: Row, y: Row, by: readonly number[]): boolean {
  return (!by.includes(1) || x.a === y.a) && (!by.includes(2) || x.b === y.b);
}

function left(model: readonly ModelFile[]): readonly string[] {
  const kept = model.flatMap((file) => file.rows.filter(({ deleted }) => !deleted));
  return kept.map(({ row: { a, b } }) => text([a, b])).sort();
}

function text(values: readonly unknown[]): string {
  return values.map((value) => String(value)).join(' ');
}

function query(all: readonly Row[], ids: readonly number[] = [1, 2]): string {
  const values = all.map(
    ({ a, b }) => `(${a ?? 'NULL'}::INTEGER, ${b === null ? 'NULL' : `'${b}'`}::VARCHAR)`,
  );
  const names = ids.map((id) => (id === 1 ? 'a' : 'b'));
  return `SELECT ${names.join(', ')} FROM (VALUES ${values.join(', ')}) t(a, b)`;
}
