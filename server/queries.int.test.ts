import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryRunList, type RecordedRun } from '#shared/contract/query-runs.ts';
import { savedQuery, savedQueryList } from '#shared/contract/saved-queries.ts';
import { createApp } from './app.ts';
import { createNotebookRepository } from './db/notebook-repository.ts';
import type { OpenDatabase } from './db/open-database.ts';
import { createQueryRunRepository } from './db/query-run-repository.ts';
import { createSavedQueryRepository } from './db/saved-query-repository.ts';
import { testDatabases } from './db/testing.ts';

const TOKEN = 'a-token-that-is-long-enough';
type Context = Parameters<typeof createApp>[0]['ctx'];

function run(more: Partial<RecordedRun> & Pick<RecordedRun, 'at' | 'sql'>): RecordedRun {
  const id = randomUUID();
  return { id, ref: 'main', snapshots: [], state: 'done', engine: 'server', elapsedMs: 12, ...more };
}

describe.each(testDatabases())('queries on $name', ({ open }) => {
  let database: OpenDatabase;
  let call: (method: string, path: string, body?: unknown, author?: string) => Promise<Response>;
  beforeAll(async () => {
    database = await open();
    const notebooks = createNotebookRepository(database.db);
    await notebooks.insert({ id: 'nb', title: 'Delays', cells: [] });
    const ctx = {
      notebooks,
      queryRuns: createQueryRunRepository(database.db),
      savedQueries: createSavedQueryRepository(database.db),
      author: 'owner',
    } as unknown as Context;
    const logger = pino({ level: 'silent' });
    const app = createApp({ ctx, token: TOKEN, allowedHosts: [], webDirectory: null, version: '1', logger });
    call = async (method, path, body, author = 'ada') =>
      app.request(`http://localhost/api/v1/${path}`, {
        method,
        headers: {
          host: 'localhost',
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          'timestream-author': author,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  });
  afterAll(() => database.close());

  const list = async (query: string) =>
    queryRunList.parse(await (await call('GET', `query-runs?${query}`)).json());

  it('keeps each run once, however often it is told, and pages through those of one time', async () => {
    const at = '2026-03-01T10:00:00.000Z';
    const runs = Array.from({ length: 7 }, (_, index) => run({ at, sql: `SELECT ${index}`, notebook: 'nb' }));
    expect(await (await call('POST', 'query-runs', { runs })).json()).toEqual({ recorded: 7 });
    const again = [...runs.slice(0, 3), run({ at, sql: 'SELECT 7' })];
    expect(await (await call('POST', 'query-runs', { runs: again })).json()).toEqual({ recorded: 1 });

    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await list(`limit=3${next === undefined ? '' : `&before=${encodeURIComponent(next)}`}`);
      seen.push(...page.runs.map(({ sql }) => sql));
      next = page.next;
    } while (next !== undefined);
    expect([...seen].sort()).toEqual(Array.from({ length: 8 }, (_, index) => `SELECT ${index}`));
    const [first] = (await list('notebook=nb&limit=1')).runs;
    expect(first).toMatchObject({ author: 'ada', notebookTitle: 'Delays', elapsedMs: 12, ref: 'main', at });
  });

  it('finds runs by words in the SQL and in the error, by state, engine and time', async () => {
    await call('POST', 'query-runs', {
      runs: [
        run({ at: '2026-04-01T00:00:00.000Z', sql: 'SELECT delay FROM Flights', rows: 5, bytes: 100 }),
        run({
          at: '2026-04-02T00:00:00.000Z',
          sql: 'SELECT dely FROM flights',
          state: 'failed',
          engine: undefined,
          error: 'There is no column dely; did you mean 100%_DELAY?',
        }),
        run({ at: '2026-04-03T00:00:00.000Z', sql: 'SELECT 1 AS april', engine: 'browser' }),
      ],
    });
    const found = async (query: string) => (await list(`since=2026-04-01T00:00:00Z&${query}`)).runs.length;
    expect(await found('q=flights')).toBe(2);
    expect(await found('q=DELAY%20from')).toBe(2);
    expect(await found(`q=${encodeURIComponent('100%_')}`)).toBe(1);
    expect(await found('q=%25')).toBe(1);
    expect(await found('state=failed')).toBe(1);
    expect(await found('engine=browser')).toBe(1);
    expect(await found('until=2026-04-02T00:00:00Z')).toBe(1);
    expect(await found('q=nowhere')).toBe(0);
  });

  it('puts no run above later ones because a clock was ahead, and refuses a page that is none', async () => {
    await call('POST', 'query-runs', {
      runs: [run({ at: '2999-01-01T00:00:00.000Z', sql: 'SELECT ahead' })],
    });
    const [newest] = (await list('limit=1')).runs;
    expect(newest?.sql).toBe('SELECT ahead');
    expect(Date.parse(newest?.at ?? '')).toBeLessThanOrEqual(Date.now());
    expect((await call('GET', 'query-runs?before=yesterday')).status).toBe(400);
    expect((await call('POST', 'query-runs', { runs: [] })).status).toBe(400);
  });

  it('keeps the newest runs alone', async () => {
    const repository = createQueryRunRepository(database.db);
    await repository.trim(2);
    const left = (await list('')).runs;
    expect(left.map(({ sql }) => sql)).toEqual(['SELECT ahead', 'SELECT 1 AS april']);
  });

  it('keeps queries under a name, changed only by who has seen them', async () => {
    const query = {
      kind: 'query',
      name: 'Late flights',
      sql: 'SELECT 1',
      folder: 'Reports/Daily',
      tags: ['ops'],
    };
    const made = savedQuery.parse(await (await call('POST', 'saved-queries', query)).json());
    expect(made).toMatchObject({ ...query, owner: 'ada', version: 1, description: '' });
    const path = `saved-queries/${made.id}`;
    const changed = await call('PUT', path, { ...query, name: 'Latest', version: 1 }, 'bob');
    expect(savedQuery.parse(await changed.json())).toMatchObject({
      name: 'Latest',
      owner: 'ada',
      version: 2,
    });
    const late = await call('PUT', path, { ...query, name: 'Lost', version: 1 });
    expect(late.status).toBe(409);
    await call('POST', 'saved-queries', { kind: 'snippet', name: 'a join', sql: 'JOIN ${1:t}' });
    const all = savedQueryList.parse(await (await call('GET', 'saved-queries')).json()).queries;
    expect(all.map(({ name, kind }) => [name, kind])).toEqual([
      ['a join', 'snippet'],
      ['Latest', 'query'],
    ]);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('POST', 'saved-queries', { ...query, name: '  ' })).status).toBe(400);
  });
});
