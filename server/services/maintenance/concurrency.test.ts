import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { equalityDeletes, positionDeletes } from '#server/engine/testing/delete-files.ts';
import type { RewriteEngine } from '#server/engine/rewrite/rewrite-session.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { runStatement } from '../dml/index.ts';
import { optimizeTable, removeOrphans, type MaintenanceContext } from './index.ts';
import { MaintenanceFixture } from './testing/maintenance-fixture.ts';

let lake: MaintenanceFixture;
beforeAll(async () => {
  lake = await MaintenanceFixture.open();
});
afterAll(() => lake.close());

async function twoFiles(table: string): Promise<void> {
  await lake.append(table, 'SELECT i, i * 2 AS twice FROM range(0, 100) t(i)', {});
  await lake.append(table, 'SELECT i, i * 2 AS twice FROM range(100, 200) t(i)');
}

/** Other people's work after the rows were read and written anew, and before that is committed. */
function meanwhile(work: () => Promise<unknown>): MaintenanceContext {
  const { ctx } = lake;
  let done = false;
  const rewriter: Pick<RewriteEngine, 'session'> = {
    session: async (scans, signal, inside) => {
      const result = await ctx.rewriter.session(scans, signal, inside);
      if (!done) {
        done = true;
        await work();
      }
      return result;
    },
  };
  return { ...ctx, rewriter: rewriter as RewriteEngine };
}

const orphans = async () =>
  (await removeOrphans(lake.ctx, { dryRun: true, olderThan: new Date(Date.now() + 1e6).toISOString() }))
    .locations;
const count = async (table: string) => (await lake.rows(`SELECT count(*)::INT FROM ${table}`))[0]?.[0];

describe('while a table is compacted', () => {
  it('appends are no matter', async () => {
    await twoFiles('c.appended');
    const ctx = meanwhile(() => lake.append('c.appended', 'SELECT 200::BIGINT AS i, 400::BIGINT AS twice'));
    const result = await optimizeTable(ctx, 'c.appended', { rewriteAll: true });
    expect(result.commits).toHaveLength(1);
    expect(await count('c.appended')).toBe(201);
    expect(await lake.files('c.appended')).toHaveLength(2);
  });

  it('rows that others delete by value stay deleted', async () => {
    await twoFiles('c.by_value');
    const ctx = meanwhile(async () => {
      const { metadata } = await lake.load('c.by_value');
      await lake.addDeletes('c.by_value', [
        await equalityDeletes(lake.tables, metadata, 'SELECT 5::BIGINT AS i UNION ALL SELECT 150', [1]),
      ]);
    });
    await optimizeTable(ctx, 'c.by_value', { rewriteAll: true });
    expect(await count('c.by_value')).toBe(198);
    expect(await lake.rows('SELECT i::INT FROM c.by_value WHERE i IN (5, 150, 151)')).toEqual([[151]]);
  });

  it('rows that others delete by place are a conflict, and nothing of the attempt stays', async () => {
    await twoFiles('c.by_place');
    const before = await orphans();
    const deletes = () => async () => {
      const { metadata } = await lake.load('c.by_place');
      const [first] = await lake.files('c.by_place');
      const rows = [{ path: first?.file.filePath ?? '', position: 3 }];
      await lake.addDeletes('c.by_place', [await positionDeletes(lake.tables, metadata, rows)]);
    };
    await expect(
      optimizeTable(meanwhile(deletes()), 'c.by_place', { rewriteAll: true }),
    ).rejects.toMatchObject({ code: 'COMMIT_CONFLICT' });
    expect(await count('c.by_place')).toBe(199);
    expect(await orphans()).toEqual(before);
  });

  it('in parts, only the part that another commit changed is left as it was', async () => {
    await runStatement(lake.ctx, {
      sql: 'CREATE TABLE c.parts (i BIGINT, part INTEGER) PARTITIONED BY (part)',
    });
    for (const from of [0, 100])
      await runStatement(lake.ctx, {
        sql: `INSERT INTO c.parts SELECT i, (i % 2)::INTEGER FROM range(${from}, ${from + 100}) t(i)`,
      });
    const ctx = meanwhile(() => runStatement(lake.ctx, { sql: 'DELETE FROM c.parts WHERE i = 2 OR i = 3' }));
    const result = await optimizeTable(ctx, 'c.parts', {
      rewriteAll: true,
      targetFileBytes: 1_000_000,
      commitEveryGroups: 1,
    });
    expect(result.groups).toBe(2);
    expect(result.failedGroups.length).toBeGreaterThan(0);
    expect(await count('c.parts')).toBe(198);
    expect(await optimizeTable(lake.ctx, 'c.parts', { rewriteAll: true })).toMatchObject({
      failedGroups: [],
    });
    expect(await count('c.parts')).toBe(198);
  });
});

it('deletes of two parts stay while one of the parts could not be rewritten', async () => {
  await twoFiles('c.shared');
  const paths = (await lake.files('c.shared')).map(({ file }) => file.filePath);
  const deleteAt = async (position: number, files: readonly string[]) => {
    const { metadata } = await lake.load('c.shared');
    const rows = files.map((path) => ({ path, position }));
    const deletes = await positionDeletes(lake.tables, metadata, rows);
    const [path, another] = files;
    const of = path === undefined || another !== undefined ? {} : { referencedDataFile: path };
    await lake.addDeletes('c.shared', [{ ...deletes, ...of }]);
  };
  await deleteAt(1, paths);
  // Each file is a part of its own, and of the first one others delete a row meanwhile.
  const ctx = meanwhile(async () => deleteAt(3, paths.slice(0, 1)));
  const each = { targetFileBytes: 1, minFileBytes: 1, maxGroupBytes: 1, commitEveryGroups: 1 };
  const { failedGroups, commits } = await optimizeTable(ctx, 'c.shared', { rewriteAll: true, ...each });
  expect([failedGroups.length, commits.length]).toEqual([1, 1]);
  expect(await count('c.shared')).toBe(197);
});

/** The process is gone after some operations on storage: nothing is written any more, and nothing cleaned up. */
function crashingAfter(io: FileIO, operations: number): FileIO {
  let left = operations;
  const step = async (work: () => Promise<void>) => {
    if (left-- <= 0) throw new AppError('UNAVAILABLE', 'The process is gone.');
    return work();
  };
  return new Proxy(io, {
    get(target, name) {
      if (name === 'putIfAbsent')
        return (location: string, bytes: Uint8Array) => step(() => io.putIfAbsent(location, bytes));
      if (name === 'adopt') return (path: string, location: string) => step(() => io.adopt(path, location));
      if (name === 'delete') return (location: string) => step(() => io.delete(location));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

it('a crash at any step leaves the table as it was or as it is to be', async () => {
  await twoFiles('c.crash');
  const rows = await lake.rows('SELECT * FROM c.crash ORDER BY ALL');
  for (let operations = 0; ; operations += 1) {
    const before = (await lake.load('c.crash')).metadataLocation;
    const ctx = { ...lake.ctx, io: crashingAfter(lake.ctx.io, operations) };
    const landed = await optimizeTable(ctx, 'c.crash', { rewriteAll: true, columns: ['twice'] }).then(
      () => true,
      () => false,
    );
    expect(await lake.rows('SELECT * FROM c.crash ORDER BY ALL')).toEqual(rows);
    expect((await lake.load('c.crash')).metadataLocation === before).toBe(!landed);
    if (landed) {
      expect(operations).toBeGreaterThanOrEqual(4);
      break;
    }
  }
  expect((await orphans()).length).toBeGreaterThan(0);
});
