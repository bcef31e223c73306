import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { testDatabases } from '#server/db/testing.ts';
import { createCatalog } from '../create-catalog.ts';
import { createDatabaseCatalogStore } from './database-catalog-store.ts';

const postgres = testDatabases().find(({ name }) => name === 'PostgreSQL');

// PGlite has no connections that could break; this needs DATABASE_URL.
describe.skipIf(postgres === undefined)('a catalog on PostgreSQL', () => {
  it('keeps every acknowledged commit once, and none it refused, while connections are cut all the time', async () => {
    if (postgres === undefined) return;
    const database = await postgres.open();
    const catalog = await createCatalog({ store: createDatabaseCatalogStore(database.db) });
    const cutting = { on: true };
    const cutter = (async () => {
      while (cutting.on) {
        await database.db
          .execute(
            sql`select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()`,
          )
          .catch(() => undefined);
        await sleep(Math.random() * 20);
      }
    })();
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        const ended: { message: string; code: string }[] = [];
        for (let index = 0; index < 40; index++) {
          const message = `${writer}-${index}`;
          const code = await catalog
            .commit({
              branch: 'main',
              author: 'ada',
              message,
              properties: {},
              requirements: [],
              operations: [
                { kind: 'put', key: [message], content: { type: 'ICEBERG_TABLE', id: message, value: {} } },
              ],
            })
            .then(
              () => 'landed',
              (error: unknown) => (isAppError(error) ? error.code : String(error)),
            );
          ended.push({ message, code });
        }
        return ended;
      }),
    );
    cutting.on = false;
    await cutter;

    const { commits } = await catalog.log((await catalog.getRef('main')).hash, { limit: 1000 });
    const log = commits.map(({ message }) => message);
    expect(new Set(log).size).toBe(log.length);
    const all = outcomes.flat();
    const known = new Set(['landed', 'UNAVAILABLE', 'COMMIT_STATE_UNKNOWN']);
    expect(all.filter(({ code }) => !known.has(code))).toEqual([]);
    const unknown = new Set(
      all.filter(({ code }) => code === 'COMMIT_STATE_UNKNOWN').map(({ message }) => message),
    );
    const landed = all.filter(({ code }) => code === 'landed').map(({ message }) => message);
    expect(log.filter((message) => !unknown.has(message)).sort()).toEqual([...landed].sort());
    await database.close();
  });
});
