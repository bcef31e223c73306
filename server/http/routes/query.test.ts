import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { tableFromIPC } from 'apache-arrow';
import pino from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { errorBody } from '#shared/contract/common.ts';
import {
  ANSWER_HEADER,
  ARROW_STREAM,
  ENGINE_HEADER,
  ENGINE_REASON_HEADER,
  RUN_HEADER,
} from '#shared/contract/query.ts';
import { keptResult, resultPage, type ResultPage } from '#shared/contract/results.ts';
import { createApp } from '../../app.ts';
import { createServerEngine, type ServerEngine } from '../../engine/execute/server-engine.ts';
import { DmlFixture } from '../../services/dml/testing/dml-fixture.ts';

/** Far longer than any test may take. */
const ENDLESS = 'SELECT count(*) FROM range(100000000000) t(i) WHERE i % 7 = 3';
const JSON_TYPE = 'application/json';
const TOKEN = 'a-token-that-is-long-enough';
let db: DmlFixture;
/** One query at a time. */
let engine: ServerEngine;
let server: Server;
let url: string;
beforeAll(async () => {
  db = await DmlFixture.open();
  engine = await createServerEngine({
    allowedDirectories: [db.tables.folder],
    memoryLimit: '500MB',
    threads: 1,
    timeoutMs: 600_000,
    maxConcurrent: 1,
  });
  const ctx = { ...db.ctx, engine } as unknown as Parameters<typeof createApp>[0]['ctx'];
  const logger = pino({ level: 'silent' });
  const app = createApp({ ctx, token: TOKEN, allowedHosts: [], webDirectory: null, version: '1', logger });
  server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  engine.close();
  await db.close();
});

const call = async (
  path: string,
  body?: object,
  accept = ARROW_STREAM,
  signal?: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
) =>
  fetch(`${url}${path}`, {
    ...(signal === undefined ? {} : { signal }),
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      accept,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

it.each([
  ['query', ENDLESS],
  ['plan', `EXPLAIN ANALYZE ${ENDLESS}`],
  ['results', ENDLESS],
])('stops the query of who goes away, and answers the next one: %s', async (path, sql) => {
  const session = vi.spyOn(engine, path === 'query' ? 'json' : 'session');
  const leaves = new AbortController();
  const running = call(path, { sql }, JSON_TYPE, leaves.signal);
  await vi.waitFor(() => expect(session).toHaveBeenCalled(), 30_000);
  session.mockRestore();
  leaves.abort();
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect((await call('query', { sql: 'SELECT 1' }, JSON_TYPE)).status).toBe(200);
});

it('tells where what waits for a place stands, to who asked for it and in the metrics, and lets it leave', async () => {
  const start = (path: string, body: object) => {
    const [run, leaves] = [randomUUID(), new AbortController()];
    const answer = call(path, body, JSON_TYPE, leaves.signal, { [RUN_HEADER]: run });
    answer.catch(() => undefined);
    return { answer, leaves, place: async () => (await call(`query/running/${run}`)).json() };
  };
  const running = start('query', { sql: ENDLESS });
  await vi.waitFor(async () => expect(await running.place()).toEqual({ state: 'running' }), 30_000);
  const waiting = [];
  for (const [path, sql] of [
    ['results', ENDLESS],
    ['plan', `EXPLAIN ANALYZE ${ENDLESS}`],
    ['statements', 'CREATE TABLE w.t AS SELECT 1 AS one'],
    ['query', 'SELECT 1'],
  ] as const) {
    const last = start(path, { sql });
    const place = { state: 'waiting', ahead: waiting.length };
    await vi.waitFor(async () => expect(await last.place()).toEqual(place), 30_000);
    waiting.push(last);
  }
  const metrics = async () =>
    (await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${TOKEN}` } })).text();
  expect(await metrics()).toMatch(/^timestream_engine_queries\{state="waiting"\} 4$/m);
  const [result, explained, statement, query] = waiting;
  result?.leaves.abort();
  const next = { state: 'waiting', ahead: 2 };
  await vi.waitFor(async () => expect(await query?.place()).toEqual(next), 30_000);
  running.leaves.abort();
  await vi.waitFor(async () => expect(await explained?.place()).toEqual({ state: 'running' }), 30_000);
  explained?.leaves.abort();
  expect((await statement?.answer)?.status).toBe(200);
  expect((await query?.answer)?.status).toBe(200);
  expect(await metrics()).toMatch(/^timestream_engine_queries\{state="waiting"\} 0$/m);
  expect(errorBody.parse(await query?.place()).error.code).toBe('NOT_FOUND');
});

it('runs nothing while a statement is checked', async () => {
  const answer = await call('check', { sql: `EXPLAIN ANALYZE ${ENDLESS}` }, JSON_TYPE);
  expect(await answer.json()).toMatchObject({ problem: null });
  const wrong = await call('check', { sql: 'EXPLAIN ANALYZE SELECT nothing' }, JSON_TYPE);
  expect(await wrong.json()).toMatchObject({
    problem: { code: 'COLUMN_NOT_FOUND', context: { position: 23 } },
  });
});

it('breaks an answer that fails after its first rows, and says why to who asks', async () => {
  const sql =
    "SELECT CAST(CASE WHEN i < 3000000 THEN '1' ELSE 'one' END AS INTEGER) AS n FROM range(4000000) t(i)";
  const answer = await call('query', { sql });
  expect(answer.headers.get('content-type')).toBe(ARROW_STREAM);
  await expect(answer.arrayBuffer()).rejects.toThrow();
  const why = await call(`query/broken/${answer.headers.get(ANSWER_HEADER) ?? ''}`);
  const { error } = errorBody.parse(await why.json());
  expect([why.status, error.code]).toEqual([400, 'SQL_RUNTIME']);
  expect(error.message).toContain('one');
  expect(error.context).toMatchObject({ position: 7 });
});

it('says why the server answers: that nobody named an engine, or that they did', async () => {
  const why = async (engine?: string) => {
    const { headers } = await call('query', { sql: 'SELECT 1', ...(engine === undefined ? {} : { engine }) });
    return [headers.get(ENGINE_HEADER), decodeURIComponent(headers.get(ENGINE_REASON_HEADER) ?? '')];
  };
  const fromNoTab = ['server', 'Queries that come from no tab run on the server.'];
  expect(await Promise.all([why(), why('auto'), why('browser')])).toEqual([fromNoTab, fromNoTab, fromNoTab]);
  expect(await why('server')).toEqual(['server', 'You chose the server.']);
});

it('knows nothing of answers that came whole, or were never there', async () => {
  const answer = await call('query', { sql: 'SELECT 1' });
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
  for (const id of [answer.headers.get(ANSWER_HEADER) ?? '', 'x']) {
    const why = await call(`query/broken/${id}`);
    expect(errorBody.parse(await why.json()).error.code).toBe('NOT_FOUND');
  }
});

const keep = async (sql: string) => {
  const kept = keptResult.parse(await (await call('results', { sql })).json());
  return { ...kept, path: kept.url.replace('/api/v1/', '') };
};
const pageAt = async (path: string) =>
  resultPage.parse(await (await call(path, undefined, JSON_TYPE)).json());

it('keeps an answer whole, and gives pages of it that are of one run', async () => {
  await db.run('CREATE TABLE p.t AS SELECT range AS x FROM range(25000)');
  const { path, rows, columns } = await keep(
    'SELECT x, random() AS x, CAST(x AS DECIMAL(30, 2)) * 3 AS d, NULL AS n FROM p.t ORDER BY random(); -- any order',
  );
  expect([rows, columns.map(({ name }) => name)]).toEqual([25_000, ['x', 'x', 'd', 'n']]);
  // The pages are of the rows as they were, whatever the table is by now.
  await db.run('DELETE FROM p.t WHERE x > 10');
  const seen: unknown[][] = [];
  for (let next: number | undefined = 0; next !== undefined;) {
    const page: ResultPage = await pageAt(`${path}?offset=${next}&limit=9999`);
    expect([page.offset, page.total]).toEqual([next, 25_000]);
    seen.push(...page.rows);
    next = page.next;
  }
  expect(new Set(seen.map(([x]) => x)).size).toBe(25_000);
  expect(seen.every(([x, , d]) => Number(d) === Number(x) * 3)).toBe(true);
  expect((await pageAt(`${path}?offset=12345&limit=2`)).rows).toEqual(seen.slice(12_345, 12_347));
  expect((await pageAt(`${path}?offset=25000`)).rows).toEqual([]);

  const arrow = await call(`${path}?offset=24998&limit=10`);
  const table = tableFromIPC(new Uint8Array(await arrow.arrayBuffer()));
  expect([table.numRows, String(table.getChildAt(0)?.get(1))]).toEqual([2, String(seen[24_999]?.[0])]);
});

it('lets a result go when it is told to, and says of what is off what it is', async () => {
  const { path } = await keep('SELECT 1 AS one');
  expect((await pageAt(path)).rows).toEqual([[1]]);
  const gone = await fetch(`${url}${path}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(gone.status).toBe(200);
  const refusal = async (answer: Promise<Response>) =>
    errorBody.parse(await (await answer).json()).error.code;
  expect(await refusal(call(path))).toBe('NOT_FOUND');
  expect(await refusal(call(`${path}?limit=100001`))).toBe('INVALID_INPUT');
  expect(await refusal(call('results', { sql: "SELECT CAST('x' AS INTEGER) FROM range(3)" }))).toBe(
    'SQL_RUNTIME',
  );
  expect(await refusal(call('results', { sql: 'FROM nowhere.t' }))).toBe('TABLE_NOT_FOUND');
});

it.each(['query', 'plan', 'check', 'results'])('refuses a field that %s does not have', async (path) => {
  const answer = await call(path, { sql: 'SELECT 1', limmit: 5, snapshots: [] }, JSON_TYPE);
  expect(answer.status).toBe(400);
  expect(errorBody.parse(await answer.json()).error).toMatchObject({
    code: 'INVALID_INPUT',
    context: { in: 'body', problems: [{ field: 'limmit' }, { field: 'snapshots' }] },
  });
});
