import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database, OpenDatabase } from '#server/db/open-database.ts';
import {
  catalogChanges,
  catalogCommits,
  catalogObjects,
  catalogReflog,
  catalogRefs,
} from '#server/db/schema.ts';
import { testDatabases } from '#server/db/testing.ts';
import { catalogContract } from '../catalog.contract.ts';
import type { Catalog } from '../catalog.ts';
import { createCatalog } from '../create-catalog.ts';
import { mergingContract } from '../merging.contract.ts';
import { checkRandomHistories } from '../testing/random-histories.ts';
import { versioningContract } from '../versioning.contract.ts';
import { createDatabaseCatalogStore } from './database-catalog-store.ts';

const TABLES = [catalogRefs, catalogObjects, catalogCommits, catalogChanges, catalogReflog];

describe.each(testDatabases())('on $name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    for (const rows of TABLES) await database.db.delete(rows);
  });
  afterAll(() => database.close());

  catalogContract(async () => createDatabaseCatalogStore(database.db));
  mergingContract(async () => createDatabaseCatalogStore(database.db));
  versioningContract(async () => createDatabaseCatalogStore(database.db));

  it('agrees with a naive model over random histories', async () => {
    const clean = async () => {
      for (const rows of TABLES) await database.db.delete(rows);
      return createDatabaseCatalogStore(database.db);
    };
    await checkRandomHistories(clean, 12);
  });

  it('makes history searchable that an older version has stored without an index', async () => {
    const store = createDatabaseCatalogStore(database.db);
    const before = await createCatalog({ store });
    const put = (branch: string, name: string) =>
      before.commit({
        branch,
        author: 'ada',
        message: name,
        properties: {},
        requirements: [],
        operations: [
          { kind: 'put', key: ['n', name], content: { type: 'ICEBERG_TABLE', id: name, value: {} } },
        ],
      });
    const { hash } = await put('main', 'a');
    await before.createRef({ name: 'dev', type: 'BRANCH', hash });
    await put('dev', 'b');
    await put('main', 'c');
    const { after: from } = await before.merge({
      branch: 'main',
      from: (await before.getRef('dev')).hash,
      message: 'both',
    });
    for (const rows of [catalogCommits, catalogChanges]) await database.db.delete(rows);
    const reopened = await createCatalog({ store });
    const messages = async (options: Partial<Parameters<Catalog['log']>[1]>, of = from) =>
      (await reopened.log(of, { limit: 10, ...options })).commits.map(({ message }) => message);
    expect(await messages({})).toEqual(['both', 'c', 'a']);
    expect(await messages({ keys: [['n', 'b']] })).toEqual(['both']);
    expect(await messages({ under: ['n'] }, (await reopened.getRef('dev')).hash)).toEqual(['b', 'a']);
    expect(await store.unindexed((await reopened.getCommit(hash)).parents[0] ?? '')).toEqual([]);
  });

  describe('when the connection breaks in a commit', () => {
    /** A database whose transactions fail as told, one after the other, before or after they are committed. */
    const breaking = (plan: ('before' | 'after' | 'fine')[]): Database => {
      const { db } = database;
      const transaction: Database['transaction'] = async (action) => {
        const broken = new Error('Failed query', {
          cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
        });
        switch (plan.shift() ?? 'before') {
          case 'before':
            return db.transaction(async (tx) => {
              await action(tx);
              throw broken;
            });
          case 'after':
            await db.transaction(action);
            throw broken;
          case 'fine':
            return db.transaction(action);
        }
      };
      return new Proxy(db, {
        get: (target, name) =>
          name === 'transaction' ? transaction : (Reflect.get(target, name) as unknown),
      });
    };
    const catalogOver = async (plan: Parameters<typeof breaking>[0]) => {
      await createCatalog({ store: createDatabaseCatalogStore(database.db) });
      return createCatalog({ store: createDatabaseCatalogStore(breaking(plan), [1, 1, 1]) });
    };
    const commit = (catalog: Catalog, id: string) =>
      catalog.commit({
        branch: 'main',
        author: 'ada',
        message: id,
        properties: {},
        requirements: [],
        operations: [{ kind: 'put', key: [id], content: { type: 'ICEBERG_TABLE', id, value: {} } }],
      });
    const messages = async (catalog: Catalog) =>
      (await catalog.log((await catalog.getRef('main')).hash, { limit: 10 })).commits.map((c) => c.message);

    it('finds out that it landed', async () => {
      const catalog = await catalogOver(['after', 'fine']);
      const { hash } = await commit(catalog, 'landed');
      expect((await catalog.getRef('main')).hash).toBe(hash);
      expect(await messages(catalog)).toEqual(['landed']);
    });

    it('lands it where it had not, once', async () => {
      // The first answer is lost, the second try is broken too; a third finds the first one's commit.
      const catalog = await catalogOver(['before', 'before', 'fine']);
      await commit(catalog, 'late');
      expect(await messages(catalog)).toEqual(['late']);
    });

    it('does not take a later commit of somebody else for its own loss', async () => {
      const other = createDatabaseCatalogStore(database.db);
      const plan: Parameters<typeof breaking>[0] = ['after', 'fine'];
      const store = createDatabaseCatalogStore(breaking(plan), [300]);
      await createCatalog({ store: other });
      const catalog = await createCatalog({ store });
      const mine = commit(catalog, 'mine');
      while (plan.length === 2) await new Promise((resolve) => setTimeout(resolve, 1));
      await commit(await createCatalog({ store: other }), 'theirs');
      await mine;
      expect((await messages(catalog)).sort()).toEqual(['mine', 'theirs']);
    });

    it('says that it does not know where the database stays away', async () => {
      const catalog = await catalogOver([]);
      const error: unknown = await commit(catalog, 'unknown').catch((error: unknown) => error);
      expect(error).toMatchObject({ code: 'COMMIT_STATE_UNKNOWN', context: { ref: 'main' } });
      expect(String(error)).toContain('Look at the log');
    });
  });
});
