import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { openLakehouse, type Lakehouse } from './lakehouse.ts';

let folder: string;
let lakehouse: Lakehouse;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-merge-'));
  const environment = { LAKEHOUSE_DIR: folder, ENGINE_MEMORY: '512MB', ENGINE_THREADS: '1' };
  lakehouse = await openLakehouse(readConfig(environment, {}));
  const { ctx, token } = lakehouse;
  app = createApp({ ctx, token, allowedHosts: [], webDirectory: null, version: '0', logger: ctx.logger });
}, 120_000);
afterAll(async () => {
  await lakehouse.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask<T>(method: string, path: string, json?: unknown): Promise<T> {
  const response = await app.request(`http://localhost/api/v1${path}`, {
    method,
    headers: {
      host: 'localhost',
      authorization: `Bearer ${lakehouse.token}`,
      'content-type': 'application/json',
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const body = (await response.json()) as T;
  expect([response.status, body]).toEqual([200, body]);
  return body;
}

it('two branches insert, delete and update rows of one table; a merge request shows and lands it', async () => {
  const run = (sql: string, ref = 'main') => ask('POST', '/statements', { sql, ref });
  await run(`CREATE TABLE ns.t AS SELECT i AS id, 'n' || i AS name FROM range(3) r(i)`);
  await run(`INSERT INTO ns.t SELECT i AS id, 'n' || i AS name FROM range(3, 6) r(i)`);
  await ask('POST', '/refs', { name: 'dev' });
  await run(`INSERT INTO ns.t VALUES (10, 'main')`);
  await run(`DELETE FROM ns.t WHERE id = 1`);
  await run(`INSERT INTO ns.t VALUES (20, 'dev')`, 'dev');
  await run(`UPDATE ns.t SET name = 'new' WHERE id = 4`, 'dev');

  const { id } = await ask<{ id: number }>('POST', '/merge-requests', { source: 'dev', title: 'Rows' });
  const request = await ask<{ diffFrom: string; diffTo: string; blockers: string[] }>(
    'GET',
    `/merge-requests/${id}`,
  );
  expect(request).toMatchObject({ ahead: 2, behind: 2, blockers: [] });
  const between = { from: request.diffFrom, to: request.diffTo };
  expect(await ask('GET', `/diff?from=${between.from}&to=${between.to}`)).toMatchObject({
    changeCount: 1,
    changes: [{ key: 'ns.t', kind: 'modified', table: { rowsBefore: '6' } }],
  });
  expect(await ask('POST', '/tables/ns.t/diff', { ...between, keys: ['id'] })).toMatchObject({
    counts: { added: '1', removed: '0', changed: '1' },
    rows: [
      { kind: 'changed', before: ['4', 'n4'], after: ['4', 'new'] },
      { kind: 'added', before: null, after: ['20', 'dev'] },
    ],
  });
  const merged = await ask('POST', `/merge-requests/${id}/merge`, {});
  expect(merged).toMatchObject({ request: { status: 'MERGED' }, result: { outcome: 'COMMITTED' } });
  const { rows } = await ask<{ rows: unknown[] }>('POST', '/query', {
    sql: 'SELECT * FROM ns.t ORDER BY id',
  });
  expect(rows.map(String)).toEqual(['0,n0', '2,n2', '3,n3', '4,new', '5,n5', '10,main', '20,dev']);
});
