import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OptimizeRequest } from '#shared/contract/maintenance.ts';
import { runStatement } from '../dml/index.ts';
import { optimizeTable, removeOrphans, rewriteTableDeletes, rewriteTableManifests } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

let lake: MaintenanceFixture;
let tables = 0;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

/** SQL after which the table has other rows, columns or partitions. */
const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ insert: fc.integer({ min: 1, max: 400 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ where: fc.constantFrom('a % 7 = 3', "b < '4'", 'a IS NULL', 'id % 11 = 0') }),
  },
  { weight: 1, arbitrary: fc.record({ update: fc.constantFrom('a % 5 = 1', "b > 'c'") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      alter: fc.constantFrom(
        'ADD COLUMN extra DOUBLE',
        'RENAME COLUMN b TO renamed',
        'ALTER COLUMN a TYPE BIGINT',
        'ADD PARTITION FIELD day(at)',
        'ADD PARTITION FIELD bucket(3, id)',
        'ADD PARTITION FIELD truncate(2, b)',
      ),
    }),
  },
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const size = fc.constantFrom(2000, 6000, 1_000_000);
const maintenance = fc.oneof(
  fc
    .record({
      strategy: fc.constantFrom<OptimizeRequest>(
        {},
        { rewriteAll: true },
        { deleteFileThreshold: 1 },
        { columns: ['a', 'at'] },
        { columns: ['id', 'at', 'a'], rewriteAll: true },
        { sortBy: [{ source: 'at', direction: 'desc' }, { source: 'id' }] },
      ),
      targetFileBytes: size,
      commitEveryGroups: fc.constantFrom(undefined, 1),
    })
    .map(({ strategy, commitEveryGroups, ...rest }) => ({
      optimize: {
        ...strategy,
        ...rest,
        minInputFiles: 2,
        ...(commitEveryGroups === undefined ? {} : { commitEveryGroups }),
      },
    })),
  fc.constant({ deletes: true } as const),
  fc.constant({ manifests: true } as const),
);

function sqlOf(table: string, step: Change, next: number): string {
  if ('insert' in step) {
    const value = (column: string) =>
      ({
        id: 'i',
        a: 'if(i % 13 = 0, NULL, (hash(i) % 50)::INTEGER)',
        at: "TIMESTAMP '2026-01-01' + to_hours((hash(i, 1) % 100)::INTEGER)",
      })[column] ?? 'md5(i::VARCHAR)';
    return `INSERT INTO ${table} (id, a, at) SELECT ${['id', 'a', 'at'].map(value).join(', ')} FROM range(${next}, ${next + step.insert}) t(i)`;
  }
  if ('where' in step) return `DELETE FROM ${table} WHERE ${step.where}`;
  if ('update' in step) return `UPDATE ${table} SET a = a + 1 WHERE ${step.update}`;
  return `ALTER TABLE ${table} ${step.alter}`;
}

/** What does not apply to the table as it is (a column renamed before) changes nothing. */
async function run(sql: string): Promise<void> {
  await runStatement(lake.ctx, { sql }).catch((error: unknown) => {
    if (!/column|partition/i.test(String(error))) throw error;
  });
}

it('maintenance leaves every row as it is, whatever the table has been through', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2, 3),
      fc.constantFrom('', 'PARTITIONED BY (bucket(3, a))', 'PARTITIONED BY (day(at), truncate(1, b))'),
      fc.constantFrom('merge-on-read', 'copy-on-write'),
      fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      fc.array(maintenance, { minLength: 3, maxLength: 3 }),
      async (version, partitions, mode, rounds, works) => {
        tables += 1;
        const table = `p.t${tables}`;
        await run(
          `CREATE TABLE ${table} (id BIGINT, a INTEGER, b VARCHAR, at TIMESTAMP) ${partitions} WITH ('format-version' = '${version}', 'write.delete.mode' = '${mode}', 'write.update.mode' = '${mode}')`,
        );
        let next = 0;
        for (const [index, round] of rounds.entries()) {
          await run(sqlOf(table, { insert: 200 }, next));
          next += 200;
          for (const step of round) {
            await run(sqlOf(table, step, next));
            if ('insert' in step) next += step.insert;
          }
          const before = await lake.rows(`SELECT * FROM ${table} ORDER BY ALL`);
          const work = works[index] ?? { manifests: true };
          if ('optimize' in work) {
            const result = await optimizeTable(lake.ctx, table, work.optimize);
            expect(result.failedGroups).toEqual([]);
            expect(result.commits.length > 0).toBe(result.groups > 0);
          } else if ('deletes' in work) {
            const { deleteFilesAfter } = await rewriteTableDeletes(lake.ctx, table);
            const again = await rewriteTableDeletes(lake.ctx, table);
            expect(again).toMatchObject({ deleteFilesBefore: deleteFilesAfter, commits: [] });
          } else {
            await rewriteTableManifests(lake.ctx, table);
            expect((await rewriteTableManifests(lake.ctx, table)).commits).toEqual([]);
          }
          expect(await lake.rows(`SELECT * FROM ${table} ORDER BY ALL`)).toEqual(before);
        }
        const all = await removeOrphans(lake.ctx, {
          dryRun: true,
          olderThan: new Date(Date.now() + 1e6).toISOString(),
        });
        expect(all.locations).toEqual([]);
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 8), endOnFailure: true },
  );
}, 300_000);
