import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { createRef, mergeRef } from '../refs/index.ts';
import { createTableMerger } from './index.ts';

/** A column by what it is, whatever it is called by now. */
interface Side {
  readonly columns: Map<string, string>;
  /** By id: cells by column. */
  readonly rows: Map<number, Map<string, number>>;
  /** Rows and columns of the base that this side changed. */
  readonly touched: Set<number>;
  readonly added: Map<string, number>;
}

type Step =
  | { readonly kind: 'add'; readonly name: string }
  | { readonly kind: 'drop' | 'insert'; readonly at: number }
  | { readonly kind: 'rename'; readonly at: number; readonly name: string }
  | { readonly kind: 'update' | 'delete'; readonly at: number; readonly id: number };

const at = fc.integer({ min: 0, max: 5 });
const id = fc.integer({ min: 0, max: 5 });
/** `own` becomes a name that only one side gives. */
const name = fc.constantFrom('own1', 'own2', 'own3', 'common');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add'), name }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('insert'), at }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('update', 'delete'), at, id }) },
  fc.record({ kind: fc.constant('drop'), at }),
  fc.record({ kind: fc.constant('rename'), at, name }),
) as fc.Arbitrary<Step>;
const steps = fc.array(step, { minLength: 1, maxLength: 6 });

let db: DmlFixture;
let names = 0;
let ids = 0;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(() => db.close());

/** Does a step to the table on a branch and to the model of it; a step that makes no sense there is none. */
async function take(table: string, branch: string, side: Side, what: Step): Promise<void> {
  const run = (sql: string) => db.run(sql, branch);
  const [key, called] =
    [...side.columns][('at' in what ? what.at : 0) % Math.max(1, side.columns.size)] ?? [];
  const free = (wanted: string) => {
    const made = wanted === 'common' ? wanted : `${wanted}_${branch.at(-1)}`;
    return [...side.columns.values()].includes(made) ? null : made;
  };
  switch (what.kind) {
    case 'add': {
      const made = free(what.name);
      if (made === null) return;
      const times = (side.added.get(made) ?? 0) + 1;
      side.added.set(made, times);
      side.columns.set(`${made}#${times}`, made);
      await run(`ALTER TABLE ${table} ADD COLUMN ${made} INTEGER`);
      return;
    }
    case 'drop':
      if (key === undefined) return;
      side.columns.delete(key);
      await run(`ALTER TABLE ${table} DROP COLUMN ${called}`);
      return;
    case 'rename': {
      const made = free(what.name);
      if (key === undefined || made === null) return;
      side.columns.set(key, made);
      await run(`ALTER TABLE ${table} RENAME COLUMN ${called} TO ${made}`);
      return;
    }
    case 'insert': {
      ids += 1;
      const own = ids + 10;
      side.rows.set(own, new Map([...side.columns.keys()].map((column) => [column, own])));
      const values = ['id', ...side.columns.values()];
      await run(`INSERT INTO ${table} (${values.join(', ')}) VALUES (${values.map(() => own).join(', ')})`);
      return;
    }
    case 'update':
      if (key === undefined || !side.rows.has(what.id)) return;
      ids += 1;
      side.touched.add(what.id);
      side.rows.set(what.id, new Map(side.rows.get(what.id)).set(key, ids));
      await run(`UPDATE ${table} SET ${called} = ${ids} WHERE id = ${what.id}`);
      return;
    case 'delete':
      if (!side.rows.delete(what.id)) return;
      side.touched.add(what.id);
      await run(`DELETE FROM ${table} WHERE id = ${what.id}`);
  }
}

function copy({ columns, rows, added }: Side): Side {
  return { columns: new Map(columns), rows: new Map(rows), touched: new Set(), added: new Map(added) };
}

/** As it has to be if it can be merged, and what may be in the way of that. */
function combine(base: Side, ours: Side, theirs: Side): { merged: Side; mayClash: readonly string[] } {
  const mayClash: string[] = [];
  const columns = new Map<string, string>();
  for (const key of new Set([...base.columns.keys(), ...ours.columns.keys(), ...theirs.columns.keys()])) {
    const [was, mine, other] = [base, ours, theirs].map((side) => side.columns.get(key));
    if (mine !== was && other !== was && mine !== other) mayClash.push('SCHEMA_CLASH');
    const called = mine === was ? other : mine;
    if (called === undefined) continue;
    if ([...columns.values()].includes(called)) mayClash.push('SCHEMA_CLASH');
    columns.set(key, called);
  }
  // Whether what both added alike is one column depends on what each has added before.
  for (const [added, times] of ours.added)
    if ((theirs.added.get(added) ?? 0) > (base.added.get(added) ?? 0) && times > (base.added.get(added) ?? 0))
      mayClash.push('SCHEMA_CLASH');
  // Two rows are in a file of the base at first.
  if ([...ours.touched].some((mine) => [...theirs.touched].some((other) => mine >> 1 === other >> 1)))
    mayClash.push('SAME_ROWS_CHANGED');
  const rows = new Map<number, Map<string, number>>();
  for (const row of new Set([...base.rows.keys(), ...ours.rows.keys(), ...theirs.rows.keys()])) {
    const side = theirs.touched.has(row) || !base.rows.has(row) ? [theirs, ours] : [ours, ours];
    const cells = base.rows.has(row) ? side[0]?.rows.get(row) : (ours.rows.get(row) ?? theirs.rows.get(row));
    if (cells !== undefined) rows.set(row, cells);
  }
  const added = new Map(ours.added);
  for (const [key, times] of theirs.added) added.set(key, Math.max(times, added.get(key) ?? 0));
  return { merged: { columns, rows, touched: new Set(), added }, mayClash };
}

async function check(table: string, branch: string, side: Side): Promise<void> {
  const { metadata } = await db.table(table, branch);
  const standing = currentSchema(metadata).fields.map((field) => field.name);
  expect(standing.toSorted()).toEqual(['id', ...side.columns.values()].toSorted());
  const columns = [...side.columns];
  const sql = `SELECT ${['id', ...columns.map(([, called]) => called)].join(', ')} FROM ${table} ORDER BY id`;
  expect(
    (await db.rows(sql, branch)).map((row) => row.map((cell) => (cell === null ? null : Number(cell)))),
  ).toEqual(
    [...side.rows]
      .toSorted(([a], [b]) => a - b)
      .map(([row, cells]) => [row, ...columns.map(([key]) => cells.get(key) ?? null)]),
  );
}

const told = { merged: 0, conflicts: 0 };

it('branches that add, fill, drop and rename columns have after a merge what both mean, or say what clashes', async () => {
  const ctx = { ...db.ctx, merger: createTableMerger({ io: db.ctx.io, manifests: db.ctx.manifests }) };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2, 3),
      fc.constantFrom('copy-on-write', 'merge-on-read'),
      fc.tuple(steps, steps),
      fc.tuple(steps, steps),
      async (version, mode, first, second) => {
        names += 1;
        const [table, branch] = [`ns.t${names}`, `b${names}`];
        const [a, b] = [`${branch}a`, `${branch}b`];
        const base: Side = {
          columns: new Map([['v', 'v']]),
          rows: new Map(),
          touched: new Set(),
          added: new Map(),
        };
        await db.run(
          `CREATE TABLE ${table} (id INTEGER, v INTEGER) WITH ('format-version' = '${version}', 'write.update.mode' = '${mode}', 'write.delete.mode' = '${mode}')`,
        );
        for (const row of [0, 2, 4]) {
          await db.run(`INSERT INTO ${table} VALUES (${row}, ${row}), (${row + 1}, ${row})`);
          for (const own of [row, row + 1]) base.rows.set(own, new Map([['v', row]]));
        }
        await createRef(ctx, { name: a });
        await createRef(ctx, { name: b });
        let [shared, ours, theirs] = [base, copy(base), copy(base)];
        for (const [mine, other] of [first, second]) {
          for (const one of mine) await take(table, a, ours, one);
          for (const one of other) await take(table, b, theirs, one);
          const { merged, mayClash } = combine(shared, ours, theirs);
          const outcome = await mergeRef(ctx, a, { from: b });
          const conflicts = outcome.conflicts.map(({ kind, message }) => ({ kind, message }));
          if (conflicts.length > 0) {
            told.conflicts += 1;
            expect(conflicts.filter(({ kind }) => !mayClash.includes(kind))).toEqual([]);
            return;
          }
          told.merged += 1;
          await check(table, a, merged);
          await check(table, b, theirs);
          shared = copy(theirs);
          // Since theirs was merged, ours differs from it in all that it has changed.
          ours = { ...copy(merged), touched: ours.touched };
          theirs = copy(theirs);
        }
      },
    ),
    { numRuns: 25 },
  );
  expect(told.merged).toBeGreaterThan(told.conflicts);
}, 180_000);
