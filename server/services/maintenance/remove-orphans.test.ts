import { utimes } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireTableSnapshots } from '../tables/index.ts';
import { optimizeTable, removeOrphans, vacuumTable } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

let lake: MaintenanceFixture;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

const TEN_DAYS_AGO = new Date(Date.now() - 10 * 24 * 3600 * 1000);

async function age(): Promise<void> {
  for await (const { location } of lake.ctx.io.list(lake.ctx.io.root))
    await utimes(lake.ctx.io.localPath(location) ?? '', TEN_DAYS_AGO, TEN_DAYS_AGO);
}

const plant = async (name: string) => {
  const location = `${lake.ctx.io.root}/${name}`;
  await lake.ctx.io.putIfAbsent(location, new Uint8Array([1, 2, 3]));
  return location;
};

describe('the orphan sweep', () => {
  it('spares the young, and says what it would do', async () => {
    const old = await plant('lost/old.parquet');
    await age();
    const young = await plant('lost/young.parquet');
    expect(await removeOrphans(lake.ctx, { dryRun: true })).toMatchObject({
      orphans: 1,
      deletedFiles: 0,
      locations: [old],
    });
    expect(await removeOrphans(lake.ctx)).toMatchObject({ orphans: 1, bytes: '3', deletedFiles: 1 });
    expect(await lake.ctx.io.exists(old)).toBe(false);
    expect(await lake.ctx.io.exists(young)).toBe(true);
    const soon = { olderThan: new Date().toISOString() };
    await expect(removeOrphans(lake.ctx, soon)).rejects.toThrow(/last hour/);
  });

  it('removes nothing while something that is reached cannot be read', async () => {
    await lake.append('o.damaged', 'SELECT 1 AS i', {});
    const old = await plant('lost/other.parquet');
    await age();
    const { metadata } = await lake.load('o.damaged');
    const list = metadata.snapshots[0]?.manifestList ?? '';
    const bytes = await lake.ctx.io.read(list);
    await lake.ctx.io.delete(list);
    await expect(removeOrphans(lake.ctx)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await lake.ctx.io.exists(old)).toBe(true);
    await lake.ctx.io.putIfAbsent(list, bytes);
  });
});

describe('VACUUM of a table', () => {
  it('sweeps a table that only another branch has', async () => {
    const { hash } = await lake.ctx.catalog.getRef('main');
    await lake.ctx.catalog.createRef({ name: 'dev', type: 'BRANCH', hash, author: 'ada' });
    for (const value of [1, 2]) await lake.append('o.dev', `SELECT ${value} AS i`, {}, 'dev');
    const { metadata } = await lake.load('o.dev', 'dev');
    const lost = `${metadata.location}/data/lost.parquet`;
    await lake.ctx.io.putIfAbsent(lost, new Uint8Array([1]));
    await age();
    const { expired, orphans } = await vacuumTable(lake.ctx, 'o.dev', {
      branch: 'dev',
      retainLast: 1,
      retainMs: 0,
    });
    expect(expired.snapshotIds).toHaveLength(1);
    expect(orphans.locations).toEqual([lost]);
    await lake.ctx.catalog.deleteRef({ name: 'dev', author: 'ada' });
  });

  it('reads the versions of no other table, unless a file is left that its own do not reach', async () => {
    await lake.append('o.other', 'SELECT 1 AS i', {});
    for (const value of [1, 2]) await lake.append('o.mine', `SELECT ${value} AS i`, {});
    const { metadata } = await lake.load('o.other');
    const list = metadata.snapshots[0]?.manifestList ?? '';
    const bytes = await lake.ctx.io.read(list);
    await age();
    await lake.ctx.io.delete(list);
    expect(await removeOrphans(lake.ctx, { table: 'o.mine' })).toMatchObject({ orphans: 0 });
    const lost = `${(await lake.load('o.mine')).metadata.location}/data/lost.parquet`;
    await lake.ctx.io.putIfAbsent(lost, new Uint8Array([1]));
    await age();
    await expect(removeOrphans(lake.ctx, { table: 'o.mine' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    await lake.ctx.io.putIfAbsent(list, bytes);
    expect(await removeOrphans(lake.ctx, { table: 'o.mine' })).toMatchObject({
      locations: [lost],
      deletedFiles: 1,
    });
  });

  it('expires nothing where the sweep is asked for what it must not do', async () => {
    for (const value of [1, 2]) await lake.append('o.asked', `SELECT ${value} AS i`, {});
    const now = new Date().toISOString();
    const asked = { retainLast: 1, retainMs: 0, orphansOlderThan: now };
    await expect(vacuumTable(lake.ctx, 'o.asked', asked)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await lake.load('o.asked')).metadata.snapshots).toHaveLength(2);
  });
});

const step = fc.oneof(
  fc.record({ append: fc.nat(2), on: fc.nat(3) }),
  fc.record({ branch: fc.nat(3), from: fc.nat(3) }),
  fc.record({ drop: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ optimize: fc.nat(2), on: fc.nat(3) }),
  fc.record({ expire: fc.nat(2), on: fc.nat(3) }),
  fc.record({ vacuum: fc.nat(2), on: fc.nat(3) }),
);

it('nothing that a branch, a tag, a commit or the reflog leads to is ever deleted', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      run += 1;
      const { catalog } = lake.ctx;
      const main = await catalog.getRef('main');
      const branchName = (index: number) => `r${run}-${index}`;
      await catalog.createRef({ name: branchName(0), type: 'BRANCH', hash: main.hash });
      const tableName = (index: number) => `o.t${run}_${index}`;
      const seen = new Map<string, readonly (readonly unknown[])[]>();
      const ignore = (error: unknown) => {
        if (!/no (branch|table)|already/.test(String(error))) throw error;
      };
      for (const one of steps) {
        const on = 'on' in one ? branchName(one.on) : branchName(0);
        if ('append' in one)
          await lake.append(tableName(one.append), 'SELECT i FROM range(20) t(i)', {}, on).catch(ignore);
        else if ('branch' in one) {
          const from = await catalog.getRef(branchName(one.from)).catch(ignore);
          if (from !== undefined)
            await catalog
              .createRef({ name: branchName(one.branch), type: 'BRANCH', hash: from.hash })
              .catch(ignore);
        } else if ('drop' in one) await catalog.deleteRef({ name: branchName(one.drop) }).catch(ignore);
        else if ('optimize' in one)
          await optimizeTable(lake.ctx, tableName(one.optimize), { branch: on, rewriteAll: true }).catch(
            ignore,
          );
        else if ('expire' in one)
          await expireTableSnapshots(lake.ctx, tableName(one.expire), {
            branch: on,
            olderThan: new Date(Date.now() + 60_000).toISOString(),
          }).catch(ignore);
        else await vacuumTable(lake.ctx, tableName(one.vacuum), { branch: on, retainMs: 0 }).catch(ignore);
        for (const root of await catalog.roots()) {
          if (seen.has(root)) continue;
          for (const { key } of await catalog.listContents(root)) {
            if (!/^t\d/.test(key.at(-1) ?? '') || !key.join('.').startsWith(`o.t${run}_`)) continue;
            const sql = `SELECT count(*)::INT, sum(i)::INT FROM ${key.join('.')}`;
            seen.set(`${root} ${sql}`, await lake.rows(sql, root));
          }
        }
      }
      const orphan = await plant(`lost/${run}.parquet`);
      await age();
      await removeOrphans(lake.ctx);
      expect(await lake.ctx.io.exists(orphan)).toBe(false);
      for (const [where, rows] of seen) {
        const [root = '', ...sql] = where.split(' ');
        expect(await lake.rows(sql.join(' '), root)).toEqual(rows);
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 12), endOnFailure: true },
  );
}, 300_000);
