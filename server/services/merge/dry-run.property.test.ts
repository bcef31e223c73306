import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { LandResult } from '#shared/contract/merges.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { cherryPickCommits, createRef, mergeRef, rebaseBranch, revertCommits } from '../refs/index.ts';
import { createTableMerger } from './index.ts';

let db: DmlFixture;
let ctx: DmlFixture['ctx'];
let round = 0;
beforeAll(async () => {
  db = await DmlFixture.open();
  ctx = { ...db.ctx, merger: createTableMerger({ io: db.ctx.io, manifests: db.ctx.manifests }) };
});
afterAll(() => db.close());

/** `{t}` and `{u}` are two tables, `{n}` a number that nothing else has, `{s}` the side. */
const statement = fc.constantFrom(
  'INSERT INTO {t} (id) VALUES ({n})',
  'INSERT INTO {t} (id) VALUES ({n})',
  'INSERT INTO {u} (id) VALUES ({n})',
  'UPDATE {t} SET v = {n} WHERE id = 1',
  'UPDATE {t} SET v = {n} WHERE id = 2',
  'DELETE FROM {t} WHERE id = 3',
  'DELETE FROM {u} WHERE id <= 2',
  'ALTER TABLE {t} ADD COLUMN c{n} INTEGER',
  'ALTER TABLE {u} RENAME COLUMN v TO w_{s}',
  `ALTER TABLE {t} SET ('owner' = '{s}')`,
);
const statements = fc.array(statement, { minLength: 1, maxLength: 4 });

/** A column that is renamed already is not there to be renamed. */
async function run(branch: string, tables: Record<'t' | 'u', string>, side: string, all: readonly string[]) {
  for (const sql of all) {
    round += 1;
    const text = sql.replaceAll(/\{(\w)\}/g, (_, name: string) =>
      name === 'n' ? String(round) : name === 's' ? side : tables[name as 't' | 'u'],
    );
    await db.run(text, branch).catch((error: unknown) => {
      if (!isAppError(error, 'COLUMN_NOT_FOUND')) throw error;
    });
  }
}

async function filesThere(): Promise<number> {
  let count = 0;
  for await (const _ of db.ctx.io.list(db.ctx.io.root)) count += 1;
  return count;
}

/** What was told, but for hashes, times and the names of files, which no two runs have alike. */
function told({
  outcome,
  branch,
  commits,
  changeCount,
  changes,
  conflicts,
  stoppedAt,
  base,
  before,
}: LandResult) {
  return {
    outcome,
    branch,
    base,
    before,
    commits: commits.map(({ message, author, properties }) => ({ message, author, properties })),
    changeCount,
    changes,
    conflicts: conflicts.map(({ key, kind, choices }) => ({ key, kind, choices })),
    stoppedAt,
  };
}

const outcomes = new Map<string, number>();

it('a dry run of merge, rebase, cherry-pick and revert tells what the real one does, and writes no file', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('merge', 'squash', 'rebase', 'cherry-pick', 'revert'),
      statements,
      statements,
      fc.boolean(),
      async (how, mine, other, choose) => {
        round += 1;
        const [a, b] = [`a${round}`, `b${round}`];
        const tables = { t: `ns.t${round}`, u: `ns.u${round}` };
        for (const table of [tables.t, tables.u]) {
          await db.run(`CREATE TABLE ${table} (id INTEGER, v INTEGER)`);
          for (const id of [1, 2, 3]) await db.run(`INSERT INTO ${table} VALUES (${id}, ${id})`);
        }
        await createRef(ctx, { name: a });
        await createRef(ctx, { name: b });
        const start = (await ctx.catalog.getRef('main')).hash;
        await run(a, tables, 'ours', mine);
        await run(b, tables, 'theirs', other);
        const range = { after: start, to: b };
        const defaults = choose ? ({ defaultChoice: 'THEIRS' } as const) : {};
        const land = async (dryRun: boolean): Promise<LandResult> => {
          const said = { dryRun, ...defaults };
          switch (how) {
            case 'merge':
              return mergeRef(ctx, a, { from: b, ...said });
            case 'squash':
              return mergeRef(ctx, a, { from: b, strategy: 'SQUASH', ...said });
            case 'rebase':
              return rebaseBranch(ctx, a, { onto: b, ...said });
            case 'cherry-pick':
              return cherryPickCommits(ctx, a, { range, ...said });
            case 'revert':
              // Of what was merged: commits whose tables have moved on since.
              return revertCommits(ctx, a, { range: { after: start, to: a }, ...said });
          }
        };
        if ((await ctx.catalog.getRef(b)).hash === start || (await ctx.catalog.getRef(a)).hash === start)
          return;
        const files = await filesThere();
        const dry = await land(true);
        expect(await filesThere()).toBe(files);
        const real = await land(false);
        expect(told(dry)).toEqual(told(real));
        const name = `${how} ${real.outcome}`;
        outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
      },
    ),
    { numRuns: 30 },
  );
  const landed = [...outcomes].flatMap(([name, count]) => (name.endsWith('CONFLICTS') ? [] : [count]));
  expect(landed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
}, 240_000);
