import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { renderError } from '../http/error-renderer.ts';
import { exportRoutes } from '../http/routes/exports.ts';
import { queryRoutes } from '../http/routes/query.ts';
import { statementRoutes } from '../http/routes/statements.ts';
import { RunningQueries } from '../services/query/index.ts';
import { DmlFixture } from '../services/dml/testing/dml-fixture.ts';
import type { ApiClient } from './api-client.ts';
import { runCli } from './program.ts';

let db: DmlFixture;
let api: ApiClient;

beforeAll(async () => {
  db = await DmlFixture.open();
  await mkdir(db.ctx.stagingDirectory, { recursive: true });
  const app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, db.ctx.logger));
  for (const routes of [queryRoutes, statementRoutes, exportRoutes])
    app.route('/', routes(db.ctx, new RunningQueries()));
  const ask = async (path: string, init: RequestInit) => {
    const response = await app.request(path, init);
    if (response.ok) return response;
    const { error } = (await response.json()) as {
      error: { code: ErrorCode; message: string; context: Record<string, unknown> };
    };
    throw new AppError(error.code, error.message, { context: error.context });
  };
  api = {
    close: async () => undefined,
    call: async (method, path, body, headers = {}) => {
      const json = { ...headers, 'content-type': 'application/json' };
      return (await ask(path, { method, headers: json, body: JSON.stringify(body) })).json();
    },
    download: async (path) => {
      const { body } = await ask(path, {});
      if (body === null) throw new TypeError('no body');
      return body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
    },
  };
});
afterAll(async () => db.close());

async function sql(...words: string[]) {
  let text = '';
  const said: string[] = [];
  const none = async () => undefined;
  const stderr = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((line: string | Uint8Array) => said.push(String(line)) > 0);
  const code = await runCli(['node', 'timestream', 'sql', ...words], '1.0.0', {
    serve: none,
    register: none,
    connect: async () => api,
    print: (line) => {
      text += `${line}\n`;
    },
    extensions: () => Promise.reject(new TypeError('no extensions')),
    write: async (bytes) => {
      const decoder = new TextDecoder();
      for await (const piece of bytes) text += decoder.decode(piece, { stream: true });
    },
  }).finally(() => {
    stderr.mockRestore();
  });
  return { code, text, said: said.join('') };
}

it('changes tables and shows rows, in one line each whatever is in them', async () => {
  const script = join(db.ctx.stagingDirectory, 'script.sql');
  await writeFile(
    script,
    `CREATE TABLE c.t (n BIGINT, name VARCHAR, made TIMESTAMP);
     BEGIN; INSERT INTO c.t VALUES (9007199254740993, 'a;b', NULL); DELETE FROM c.t WHERE n = 0; COMMIT;
     INSERT INTO c.t VALUES (-1, '日本' || chr(27) || '[31m' || chr(10), TIMESTAMP '2024-02-29 12:00:00');
     -- and then
     SELECT n, name, made FROM c.t ORDER BY n`,
  );
  const { code, text, said } = await sql('-f', script, '--as', 'Zoë');
  expect([code, said]).toEqual([0, '']);
  const lines = text.split('\n').map((line) => line.replace(/main [0-9a-f]{12}/, 'main HASH'));
  expect(lines).toEqual([
    'Create c.t  (main HASH)',
    'Change c.t at once  (main HASH, 1 inserted)',
    'Insert 1 row into c.t  (main HASH, 1 inserted)',
    '               n | name             | made',
    '-----------------+------------------+--------------------',
    '              -1 | 日本\\u001b[31m\\n | 2024-02-29 12:00:00',
    '9007199254740993 | a;b              | NULL',
    '(2 rows)',
    '',
  ]);
  const { hash } = await db.ctx.catalog.getRef('main');
  expect((await db.ctx.catalog.getCommit(hash)).author).toBe('Zoë');
});

it('writes every row as CSV, JSON and lines of JSON, and as the API says it', async () => {
  const rows = 'SELECT range AS n, NULL AS none, \'a "b", c\' AS s FROM range(20000)';
  const { code, text } = await sql(rows, '--format', 'csv');
  const lines = text.trimEnd().split('\n');
  expect([code, lines.length, lines[0], lines.at(-1)]).toEqual([0, 20001, 'n,none,s', '19999,,"a ""b"", c"']);

  const big = 'SELECT 9007199254740993 AS n UNION ALL SELECT 1 ORDER BY n';
  expect((await sql(big, '--format', 'ndjson')).text).toBe('{"n":1}\n{"n":9007199254740993}\n');
  expect((await sql(big, '--format', 'json')).text.replaceAll(/\s/g, '')).toBe(
    '[{"n":1},{"n":9007199254740993}]',
  );
  expect(JSON.parse((await sql(big, '--json', '--limit', '1')).text)).toMatchObject({
    rows: [['1']],
    truncated: true,
  });
  expect((await sql(big, '-n', '1')).text).toContain('(1 row, and there are more');

  await sql('CREATE TABLE c."o,n""e" AS SELECT 1 AS x');
  const record = await sql('INSERT INTO c."o,n""e" VALUES (2), (3)', '--format', 'csv');
  expect(record.text).toMatch(
    /^statement,table,branch,inserted,updated,deleted,commit\ninsert,"c\.""o,n""""e""",main,2,0,0,[0-9a-f]{64}\n$/,
  );
  expect(JSON.parse((await sql('DELETE FROM c.t WHERE n = 77', '--format', 'ndjson')).text)).toMatchObject({
    deleted: '0',
    commit: null,
  });
});

it('tells what SHOW, DESCRIBE and EXPLAIN do, in every format', async () => {
  for (const statement of ['SHOW TABLES', 'DESCRIBE c.t', 'EXPLAIN SELECT n FROM c.t', 'SHOW BRANCHES'])
    for (const format of ['table', 'csv', 'ndjson']) {
      const { code, text, said } = await sql(statement, '--format', format);
      expect([statement, format, code, said]).toEqual([statement, format, 0, '']);
      expect(text.length).toBeGreaterThan(10);
    }
});

it('ends with 1 at the first statement that fails, and says where; with 2 where the words are off', async () => {
  const { code, text, said } = await sql('SELECT 1 AS one;\nSELECT n,\n  nope FROM c.t;\nDROP TABLE c.t');
  expect([code, text.split('\n')[2]]).toEqual([1, '  1']);
  expect(said).toMatch(/nope[\s\S]*\n {2}3 \| {3}nope FROM c\.t;\n {8}\^\n$/);
  expect((await sql('SELECT count(*) FROM c.t', '--format', 'csv')).code).toBe(0);
  const off = [
    ['--format', 'xml', 'SELECT 1'],
    ['--limit', 'x', 'SELECT 1'],
    ['--limit', '5', '--format', 'csv', 'SELECT 1'],
    [' -- nothing'],
    ['SELECT 1', '-f', 'x.sql'],
    ['-f', '/nowhere/x.sql'],
  ];
  for (const words of off) expect([words, (await sql(...words)).code]).toEqual([words, 2]);
  expect((await sql('SELECT 1 FROM c.t', '--ref', 'no-such-branch')).code).toBe(1);
});
