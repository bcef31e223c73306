import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { createCatalog } from './catalog/create-catalog.ts';
import type { Catalog } from './catalog/catalog.ts';
import { createDatabaseCatalogStore } from './catalog/store/database-catalog-store.ts';
import { readConfig } from './config.ts';
import { openDatabase, type OpenDatabase } from './db/open-database.ts';
import { postgresPrograms, startPostgres, type LocalPostgres } from './db/local-postgres.ts';
import { openLakehouse } from './lakehouse.ts';

const programs = postgresPrograms();
const by = { author: 'test', properties: {}, requirements: [] };

/** Two servers of one PostgreSQL, each with caches and turns of its own, as two processes are. */
describe.skipIf(programs === null)('two servers on one PostgreSQL', () => {
  let postgres: LocalPostgres;
  const databases: OpenDatabase[] = [];
  let servers: readonly [Catalog, Catalog];

  beforeAll(async () => {
    postgres = await startPostgres(programs ?? '');
    // At once: both bring the schema up to date, and make the root and the default branch.
    const opened = await Promise.all(
      [0, 1].map(async () => {
        const database = await openDatabase({ kind: 'postgres', url: postgres.url });
        databases.push(database);
        return createCatalog({ store: createDatabaseCatalogStore(database.db) });
      }),
    );
    servers = [opened[0], opened[1]] as [Catalog, Catalog];
  }, 120_000);
  afterAll(async () => {
    for (const database of databases) await database.close();
    await postgres.stop();
  });

  const put = (key: readonly string[], version: number) => ({
    kind: 'put' as const,
    key,
    content: { type: 'ICEBERG_TABLE', id: key.join('.'), value: { version } },
  });
  const commit = (catalog: Catalog, branch: string, name: string, version: number) =>
    catalog.commit({ ...by, branch, message: `${name} ${version}`, operations: [put([name], version)] });
  const versionAt = async (catalog: Catalog, branch: string, name: string) => {
    const { hash } = await catalog.getRef(branch);
    return Number((await catalog.getContent(hash, [name]))?.value['version'] ?? 0);
  };
  /** Of its own, from an empty commit; made by the first server. */
  const branchOff = async (name: string) => {
    const { hash } = await servers[0].getRef('main');
    await servers[0].createRef({ name, type: 'BRANCH', hash });
  };

  it('what is to be done alone is refused to the other, until it is done or the first has lost its connection', async () => {
    const [first, second] = databases as [OpenDatabase, OpenDatabase];
    let done = (): void => {};
    const begun = new Promise<AbortSignal>((resolve) => {
      void first
        .alone('x', async (lost) => {
          resolve(lost);
          await new Promise<void>((end) => (done = end));
        })
        .catch(() => {});
    });
    const lost = await begun;
    // Whatever becomes of this test: a database with work that does not end can't be closed.
    onTestFinished(() => done());
    for (const database of [first, second])
      await expect(database.alone('x', async () => 1)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    expect(await second.alone('y', async () => 1)).toBe(1);
    await second.db.execute(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 2`,
    );
    if (!lost.aborted) await new Promise((resolve) => lost.addEventListener('abort', resolve));
    expect(lost.reason).toMatchObject({ code: 'UNAVAILABLE' });
    // PostgreSQL says that it ends a connection before it lets go of what that holds.
    await vi.waitFor(async () => expect(await second.alone('x', async () => 2)).toBe(2), { timeout: 20_000 });
    done();
    // And what ends well, or fails, is let go of.
    await expect(first.alone('x', () => Promise.reject(new RangeError('no')))).rejects.toThrow('no');
    expect(await second.alone('x', async () => 3)).toBe(3);
  });

  it('commits of both to one branch are all in its log, in the order in which each was told so', async () => {
    await branchOff('many');
    const told: string[][] = [];
    await Promise.all(
      servers.flatMap((server, side) =>
        Array.from({ length: 4 }, async (_, writer) => {
          const own: string[] = [];
          told.push(own);
          for (let version = 1; version <= 10; version += 1)
            own.push((await commit(server, 'many', `s${side}w${writer}`, version)).hash);
        }),
      ),
    );
    for (const server of servers) {
      const { hash } = await server.getRef('many');
      const { commits } = await server.log(hash, { limit: 1000 });
      const places = new Map([...commits].reverse().map((one, index) => [one.hash, index]));
      for (const own of told) {
        const found = own.map((one) => places.get(one) ?? -1);
        expect(found).not.toContain(-1);
        expect(found).toEqual([...found].sort((a, b) => a - b));
      }
      for (const side of [0, 1])
        for (const writer of [0, 1, 2, 3])
          expect(await versionAt(server, 'many', `s${side}w${writer}`)).toBe(10);
    }
  });

  it('of two that change what they have read, one wins and the other is told; a counter loses nothing', async () => {
    await branchOff('counter');
    const count = async (server: Catalog) => {
      for (let done = 0; done < 15;) {
        const { hash } = await server.getRef('counter');
        const standing = await server.getContent(hash, ['n']);
        const version = Number(standing?.value['version'] ?? 0) + 1;
        try {
          await server.commit({
            ...by,
            branch: 'counter',
            message: String(version),
            operations: [put(['n'], version)],
            requirements: [{ key: ['n'], content: standing }],
          });
          done += 1;
        } catch (error) {
          if (!isAppError(error, 'COMMIT_CONFLICT')) throw error;
        }
      }
    };
    await Promise.all([...servers, ...servers].map(count));
    expect(await versionAt(servers[0], 'counter', 'n')).toBe(60);
    expect(await versionAt(servers[1], 'counter', 'n')).toBe(60);
  });

  it('what one has done, the other sees with its next look, though it has looked before', async () => {
    const [one, other] = servers;
    await branchOff('seen');
    for (let version = 1; version <= 20; version += 1) {
      const [writer, reader] = version % 2 === 0 ? [one, other] : [other, one];
      await commit(writer, 'seen', 't', version);
      expect(await versionAt(reader, 'seen', 't')).toBe(version);
    }
    const moved = await other.getRef('seen');
    await one.deleteRef({ name: 'seen', author: 'test' });
    await expect(other.getRef('seen')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
    await expect(commit(other, 'seen', 't', 21)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' });
    await other.createRef({ name: 'seen', type: 'BRANCH', hash: moved.hash });
    expect(await versionAt(one, 'seen', 't')).toBe(20);
  });

  it('of one name, one branch is made; merges of both into one branch keep what both bring', async () => {
    const { hash } = await servers[0].getRef('main');
    const made = await Promise.allSettled(
      [...servers, ...servers].map((server) => server.createRef({ name: 'once', type: 'BRANCH', hash })),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await branchOff('target');
    const sources = ['a', 'b', 'c', 'd'];
    for (const source of sources) {
      await branchOff(`from-${source}`);
      for (let version = 1; version <= 3; version += 1)
        await commit(servers[version % 2 === 0 ? 0 : 1], `from-${source}`, source, version);
    }
    const merged = await Promise.all(
      sources.map(async (source, index) => {
        const server = servers[index % 2 === 0 ? 0 : 1];
        const { hash: from } = await server.getRef(`from-${source}`);
        return server.merge({ ...by, branch: 'target', from, message: `Merge ${source}` });
      }),
    );
    for (const { outcome } of merged) expect(['COMMITTED', 'FAST_FORWARD']).toContain(outcome);
    for (const server of servers)
      for (const source of sources) expect(await versionAt(server, 'target', source)).toBe(3);
  });

  it('everything that is stored is whole', async () => {
    const faults = [];
    for await (const event of servers[1].audit()) if (event.kind === 'fault') faults.push(event);
    expect(faults).toEqual([]);
  });

  it('a folder is one server’s: the second is told who has it, also where both have the database', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'timestream-two-'));
    const config = readConfig({ LAKEHOUSE_DIR: folder, DATABASE_URL: postgres.url, LOG_LEVEL: 'silent' });
    const first = await openLakehouse(config);
    try {
      await expect(openLakehouse(config)).rejects.toMatchObject({
        code: 'ALREADY_RUNNING',
        context: { pid: process.pid },
      });
      const elsewhere = readConfig({
        LAKEHOUSE_DIR: join(folder, 'other'),
        DATABASE_URL: postgres.url,
        LOG_LEVEL: 'silent',
      });
      // Its tables lie where this one does not look.
      await expect(openLakehouse(elsewhere)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(folder) as string,
      });
    } finally {
      await first.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
