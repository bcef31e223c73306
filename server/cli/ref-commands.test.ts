import { OpenAPIHono } from '@hono/zod-openapi';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { landResult } from '#shared/contract/merges.ts';
import type { Catalog } from '#server/catalog/catalog.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { renderError } from '../http/error-renderer.ts';
import { mergeRoutes } from '../http/routes/merges.ts';
import { refRoutes } from '../http/routes/refs.ts';
import type { ServiceContext } from '../services/context.ts';
import type { ApiClient } from './api-client.ts';
import { runCli } from './program.ts';

let catalog: Catalog;
let api: ApiClient;

beforeEach(async () => {
  catalog = await createCatalog({ store: createMemoryCatalogStore() });
  const logger = pino({ level: 'silent' });
  const ctx = { catalog, author: 'ada', logger } as unknown as ServiceContext;
  const app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, logger));
  app.route('/', refRoutes(ctx));
  app.route('/', mergeRoutes(ctx));
  api = {
    close: async () => undefined,
    download: async () => Promise.reject(new TypeError('no file')),
    async call(method, path, body) {
      const headers = { 'content-type': 'application/json' };
      const response = await app.request(path, {
        method,
        ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      const { code, message } = (answer as { error: { code: ErrorCode; message: string } }).error;
      throw new AppError(code, message);
    },
  };
});

/** The command's lines and its exit code. */
async function run(...words: string[]) {
  const lines: string[] = [];
  const none = async () => undefined;
  const commands = {
    serve: none,
    register: none,
    write: none,
    extensions: () => Promise.reject(new TypeError('no extensions')),
    connect: async () => api,
    print: (line: string) => lines.push(line),
  };
  const code = await runCli(['node', 'timestream', ...words], '1.0.0', commands);
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
      { kind: 'put', key: name.split('.'), content: { type: 'ICEBERG_VIEW', id: name, value: { version } } },
    ],
  });

describe('the commands of history', () => {
  it('branch, diff, merge with choices, log: each with an exit code that says how it went', async () => {
    await put('main', 'ns.a', '1');
    expect((await run('branch', 'dev')).text).toMatch(/^dev {2}[0-9a-f]{12} {2}ns.a 1$/);
    expect((await run('tag', 'v1', '--from', 'dev')).code).toBe(0);
    expect((await run('branch')).lines.map((line) => line.slice(0, 6).trim())).toEqual(['dev', '* main']);
    await put('main', 'ns.a', '2');
    await put('dev', 'ns.a', '3');
    await put('dev', 'ns.b', '1');
    expect((await run('diff', 'main', 'dev')).lines).toEqual([
      'dev is 2 commits ahead of main, and 1 behind; 2 changes',
      '~ ns.a',
      '+ ns.b',
    ]);
    const refused = await run('merge', 'dev');
    expect(refused).toMatchObject({ code: 1, lines: ['! ns.a  VALUE_DIFFERS  Both sides changed ns.a.'] });
    expect((await run('merge', 'dev', '--ff-only')).code).toBe(1);
    expect((await run('merge', 'dev', '--choice', 'ns.a=nobody')).code).toBe(2);
    const dry = await run('merge', 'dev', '--default', 'THEIRS', '--dry-run', '--json');
    expect(landResult.parse(JSON.parse(dry.text))).toMatchObject({ outcome: 'COMMITTED', applied: false });
    const merged = await run('merge', 'dev', '--choice', 'ns.a=THEIRS', '-m', 'both');
    expect(merged).toMatchObject({ code: 0 });
    expect(merged.lines.slice(1)).toEqual(['~ ns.a', '+ ns.b']);
    expect((await run('log', '-n', '1')).text).toContain('both  (ns.a, ns.b)');
    expect((await run('log', 'main', '--author', 'bob', '--namespace', 'ns')).lines).toHaveLength(2);
    expect((await run('log', 'nowhere')).code).toBe(1);
  });

  it('reverts, rebases, renames, protects, deletes, and restores from the reflog', async () => {
    await put('main', 'a', '1');
    await run('branch', 'dev');
    const { hash } = await put('dev', 'b', '1');
    expect((await run('cherry-pick', hash)).lines.slice(1)).toEqual(['+ b']);
    expect((await run('revert', 'main')).lines.slice(1)).toEqual(['- b']);
    expect((await run('rebase', 'main', '--into', 'dev')).code).toBe(0);
    await run('branch', 'dev', '--rename', 'work');
    expect((await run('branch', 'work', '--protect', 'delete,reset')).text).toContain(
      '[refuses DELETE, RESET]',
    );
    expect((await run('branch', 'work', '--protect', 'nothing')).code).toBe(2);
    expect((await run('branch', 'work', '-d')).code).toBe(1);
    await run('branch', 'work', '--protect', 'none');
    expect((await run('branch', 'work', '-d')).lines).toEqual(['Deleted work.']);
    const [entry = ''] = (await run('reflog', 'work', '-n', '1')).lines;
    expect(entry).toContain('work  delete');
    expect((await run('restore', entry.split(' ')[0] ?? '')).lines[0]).toBe('Undid the delete of work.');
    expect((await run('branch')).text).toContain('work');
  });
});
