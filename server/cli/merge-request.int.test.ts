import { OpenAPIHono } from '@hono/zod-openapi';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { mergeRequestDetail, mergeRequestInfo } from '#shared/contract/merge-requests.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { createMergeRequestRepository } from '#server/db/merge-request-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { createSettingRepository } from '#server/db/setting-repository.ts';
import { testDatabases } from '#server/db/testing.ts';
import { renderError } from '../http/error-renderer.ts';
import { mergeRequestRoutes } from '../http/routes/merge-requests.ts';
import { refRoutes } from '../http/routes/refs.ts';
import { MergeChecks, type MergeRequestContext } from '../services/merge-requests/index.ts';
import type { ApiClient } from './api-client.ts';
import { runCli } from './program.ts';

let catalog: Catalog;
let database: OpenDatabase;
let api: ApiClient;

beforeAll(async () => {
  catalog = await createCatalog({ store: createMemoryCatalogStore() });
  const [pglite] = testDatabases();
  if (pglite === undefined) throw new TypeError('no database');
  database = await pglite.open();
  const logger = pino({ level: 'silent' });
  const ctx = {
    catalog,
    author: 'ada',
    logger,
    settings: createSettingRepository(database.db),
    mergeRequests: createMergeRequestRepository(database.db),
    mergeChecks: new MergeChecks(),
  } as unknown as MergeRequestContext;
  const app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, logger));
  app.route('/', refRoutes(ctx));
  app.route('/', mergeRequestRoutes(ctx));
  api = {
    close: async () => undefined,
    download: async () => Promise.reject(new TypeError('no file')),
    async call(method, path, body, headers = {}) {
      const response = await app.request(path, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      const { code, message } = (answer as { error: { code: ErrorCode; message: string } }).error;
      throw new AppError(code, message);
    },
  };
});
afterAll(() => database.close());

async function run(...words: string[]) {
  const lines: string[] = [];
  const none = async () => undefined;
  const print = (line: string) => lines.push(line);
  const code = await runCli(['node', 'timestream', ...words], '1.0.0', {
    serve: none,
    register: none,
    write: none,
    extensions: () => Promise.reject(new TypeError('no extensions')),
    connect: async () => api,
    print,
  });
  return { code, lines, text: lines.join('\n') };
}

const put = (branch: string, name: string, version: string) =>
  catalog.commit({
    branch,
    author: 'bob',
    message: `${name} ${version}`,
    properties: {},
    requirements: [],
    operations: [
      { kind: 'put', key: [name], content: { type: 'ICEBERG_VIEW', id: name, value: { version } } },
    ],
  });

it('merge requests are opened, judged by others, and merged through the gate of a branch', async () => {
  await put('main', 'a', '1');
  expect((await run('branch', 'dev')).code).toBe(0);
  await put('dev', 'a', '2');
  await put('main', 'a', '3');
  const gated = await run('branch', 'main', '--protect', 'MERGE', '--approvals', '1', '--checks', 'rows');
  expect(gated.text).toContain('[refuses MERGE]');
  expect((await run('branch', 'main', '--protect', 'MERGE', '--approvals', 'many')).code).toBe(2);

  const created = await run('merge-request', 'create', 'dev', '-t', 'Newer a', '--json');
  const { id, author, title } = mergeRequestInfo.parse(JSON.parse(created.text));
  expect({ author, title }).toEqual({ author: 'ada', title: 'Newer a' });
  const number = String(id);
  expect((await run('merge-request', 'create', 'nope')).code).toBe(1);
  expect((await run('merge-request', 'approve', number)).code).toBe(1);
  expect((await run('merge-request', 'show', 'x')).code).toBe(2);
  const approved = await run('merge-request', 'approve', number, '--as', 'Zoë', '-c', 'fine', '--json');
  expect(mergeRequestDetail.parse(JSON.parse(approved.text)).approvals).toMatchObject([
    { name: 'Zoë', state: 'PASSED', summary: 'fine' },
  ]);
  expect((await run('merge-request', 'merge', number)).code).toBe(1);
  await api.call('POST', `/merge-requests/${number}/checks`, { name: 'rows', state: 'PASSED' });
  expect((await run('merge-request', 'show', number)).lines.at(-1)).toBe('It may be merged.');
  const clash = await run('merge-request', 'merge', number);
  expect(clash).toMatchObject({
    code: 1,
    lines: [expect.stringContaining('VALUE_DIFFERS'), expect.stringContaining('OPEN')],
  });
  expect((await run('merge-request', 'merge', number, '--choice', 'a=THEIRS')).code).toBe(0);
  expect((await run('merge-request', 'merge', number)).code).toBe(1);
  expect((await run('merge-request', 'list', '--status', 'merged')).lines).toEqual([
    `${number}  MERGED  dev → main  Newer a  (ada)`,
  ]);

  await put('dev', 'b', '1');
  const { id: other } = mergeRequestInfo.parse(
    JSON.parse((await run('merge-request', 'create', 'dev', '--json')).text),
  );
  expect((await run('merge-request', 'close', String(other))).text).toContain('CLOSED');
  expect((await run('merge-request', 'reopen', String(other))).text).toContain('OPEN');
});
