import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { optimizeResult } from '#shared/contract/maintenance.ts';
import { aloneInProcess } from '#server/db/alone.ts';
import { renderError } from '../http/error-renderer.ts';
import { gcRoutes } from '../http/routes/gc.ts';
import { maintenanceRoutes } from '../http/routes/maintenance.ts';
import { MaintenanceFixture } from '../services/maintenance/testing/maintenance-fixture.ts';
import type { ApiClient } from './api-client.ts';
import { runCli } from './program.ts';

let lake: MaintenanceFixture;
let api: ApiClient;

beforeAll(async () => {
  lake = await MaintenanceFixture.open();
  for (const from of [0, 1000, 2000])
    await lake.append(
      'shop.t',
      `SELECT i, hash(i) % 100 AS a, md5(i::VARCHAR) AS b FROM range(${from}, ${from + 1000}) t(i)`,
      {},
    );
  const app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, lake.ctx.logger));
  app.route('/', maintenanceRoutes(lake.ctx));
  const settings = { get: async () => null, set: async () => undefined };
  app.route('/', gcRoutes({ ...lake.ctx, settings, alone: aloneInProcess() }));
  api = {
    close: async () => undefined,
    download: async () => Promise.reject(new TypeError('no file')),
    call: async (method, path, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await app.request(path, { method, headers, body: JSON.stringify(body) });
      const answer: unknown = await response.json();
      expect(answer).not.toHaveProperty('error');
      return answer;
    },
  };
});
afterAll(() => lake.close());

async function run(...words: string[]) {
  const lines: string[] = [];
  const none = async () => undefined;
  const code = await runCli(['node', 'timestream', ...words], '1.0.0', {
    serve: none,
    register: none,
    write: none,
    extensions: () => Promise.reject(new TypeError('no extensions')),
    connect: async () => api,
    print: (line) => lines.push(line),
  });
  return { code, lines };
}

it('optimizes, and says what for', async () => {
  expect(await run('optimize', 'shop.t', '--zorder', 'a,b', '--full', '--dry-run')).toEqual({
    code: 0,
    lines: ['3 of the 3 files of shop.t would be rewritten.'],
  });
  const { code, lines } = await run(
    'optimize',
    'shop.t',
    '--zorder',
    'a,b',
    '--target-size',
    '10KB',
    '--json',
  );
  expect(code).toBe(0);
  const result = optimizeResult.parse(JSON.parse(lines[0] ?? ''));
  expect(result).toMatchObject({ strategy: 'z-order', columns: ['a', 'b'], before: { files: 3 } });
  expect(result.after.files).toBeGreaterThan(3);
  const { lines: told } = await run('optimize', 'shop.t', '--sort', 'a', '--full');
  expect(told.join(' ')).toMatch(/files of shop\.t became 1; it has 1 of \d+.*Selective queries read/);
  expect((await run('optimize', 'shop.t')).lines).toEqual(['The files of shop.t are as they should be.']);
});

it('rewrites manifests and deletes, and vacuums', async () => {
  expect((await run('rewrite-manifests', 'shop.t')).lines[0]).toMatch(/^\d manifests became 1\.$/);
  expect((await run('rewrite-deletes', 'shop.t')).lines).toEqual([
    '0 delete files became 0; 0 applied to nothing.',
  ]);
  const { lines } = await run('vacuum', 'shop.t', '--retain', '0m', '--retain-last', '1', '--clean-metadata');
  expect(lines.join(' ')).toMatch(/snapshots expired, with 0 files.*0 lost files with 0 bytes deleted/);
  expect((await run('vacuum', '--dry-run')).lines[0]).toBe('0 lost files with 0 bytes would be deleted.');
});

it('collects garbage, and says what is kept for what', async () => {
  const { code, lines } = await run('gc', '--older-than', '30d', '--dry-run');
  expect(code).toBe(0);
  expect(lines.join('\n')).toMatch(
    /^0 versions of tables would expire, \d+ are kept \(\d+ for a branch\)\.\n0 files with 0 bytes would be deleted\.$/,
  );
});

it('words that are off end with code 2', async () => {
  expect((await run('optimize', 'shop.t', '--target-size', 'much')).code).toBe(2);
  expect((await run('vacuum', 'shop.t', '--retain', '7 moons')).code).toBe(2);
});
