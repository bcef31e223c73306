import { tableFromIPC } from 'apache-arrow';
import { OpenAPIHono } from '@hono/zod-openapi';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { DeletedRows } from '#server/engine/deletes/deleted-rows.ts';
import { positionDeletes } from '#server/engine/testing/delete-files.ts';
import { TableFixture } from '#server/engine/testing/table-fixture.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { JobBoard } from '../../services/jobs/index.ts';
import { planQuery, queryJson, type QueryContext } from '../../services/query/index.ts';
import { tableContent } from '../../services/tables/table-content.ts';
import { renderError } from '../error-renderer.ts';
import { dataRoutes } from './data.ts';

let tables: TableFixture;
let ctx: QueryContext;

beforeAll(async () => {
  tables = await TableFixture.open();
  ctx = {
    catalog: await createCatalog({ store: createMemoryCatalogStore() }),
    io: tables.io,
    engine: tables.engine,
    planner: tables.planner,
    opener: tables.opener,
    deletedRows: tables.deletedRows,
    manifests: new ManifestCache(1024 * 1024),
    browserBytes: 1e9,
    notebooks: {} as QueryContext['notebooks'],
    settings: {} as QueryContext['settings'],
    jobs: new JobBoard(),
    logger: pino({ level: 'silent' }),
    author: 'me',
  };
  await tables.append('t.x', 'SELECT i AS a FROM range(10) t(i)', 'SELECT i AS a FROM range(10, 20) t(i)');
  await commit('Load');
  const { files } = await planFiles({ io: tables.io, metadata: tables.table('t.x') });
  const rows = files.flatMap(({ file }) => [3, 7].map((position) => ({ path: file.filePath, position })));
  await tables.commit('t.x', [await positionDeletes(tables, tables.table('t.x'), rows)]);
  await commit('Delete');
});
afterAll(() => tables.close());

async function commit(message: string): Promise<void> {
  const content = tableContent(tables.table('t.x'), tables.location('t.x'));
  await ctx.catalog.commit({
    branch: 'main',
    author: 'me',
    message,
    properties: {},
    requirements: [],
    operations: [{ kind: 'put', key: ['t', 'x'], content }],
  });
}

/** As another process would answer that has the same lakehouse and knows of no plan. */
function restarted(): QueryContext {
  const { io, opener, engine } = tables;
  return { ...ctx, deletedRows: new DeletedRows({ io, opener, engine, cacheBytes: 1e6 }) };
}

async function get(context: QueryContext, url: string): Promise<Response> {
  const app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, ctx.logger));
  app.route('/api/v1', dataRoutes(context));
  return app.request(url);
}

async function positionsIn(response: Response): Promise<number[]> {
  expect(response.status).toBe(200);
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  return [...(table.getChildAt(0) ?? [])].map(Number);
}

async function deletesUrls(sql: string): Promise<string[]> {
  const { scans } = await planQuery(ctx, { sql });
  return scans.flatMap(({ files }) => files.flatMap(({ deletes }) => deletes?.url ?? []));
}

describe('positions of deleted rows', () => {
  it('come for each file of a plan, and may be kept for good', async () => {
    const urls = await deletesUrls('FROM t.x');
    expect(urls).toHaveLength(2);
    for (const url of urls) {
      const response = await get(ctx, url);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await positionsIn(response)).toEqual([3, 7]);
    }
  });

  it('come after a restart, also of a snapshot that is named by its id', async () => {
    const { currentSnapshotId } = tables.table('t.x');
    for (const sql of ['FROM t.x', `FROM t.x AT (VERSION => '${currentSnapshotId}')`]) {
      const [url = ''] = await deletesUrls(sql);
      expect(await positionsIn(await get(restarted(), url))).toEqual([3, 7]);
    }
  });

  it('are refused where the snapshot that the address names does not have them', async () => {
    const [url = ''] = await deletesUrls('FROM t.x');
    const log = await ctx.catalog.getRef('main');
    const address = new URL(url, 'http://host');
    const altered = (change: (copy: URL) => void): string => {
      const copy = new URL(address);
      change(copy);
      return copy.pathname + copy.search;
    };
    const first = String(tables.table('t.x').snapshots[0]?.snapshotId);
    const key = address.pathname.split('/').at(-1) ?? '';
    expect(address.searchParams.get('at')).toBe(log.hash);
    const refused: [string, number][] = [
      [altered((copy) => copy.searchParams.set('snapshot', first)), 404],
      [altered((copy) => copy.searchParams.set('snapshot', '12345')), 404],
      [altered((copy) => copy.searchParams.set('at', '0'.repeat(64))), 404],
      [altered((copy) => copy.searchParams.set('table', 't.y')), 404],
      [altered((copy) => copy.searchParams.delete('at')), 404],
      [altered((copy) => (copy.pathname = copy.pathname.replace(key, 'f'.repeat(64)))), 404],
      [altered((copy) => copy.searchParams.set('at', 'main')), 400],
      [altered((copy) => (copy.pathname = copy.pathname.replace(key, '..%2f..%2fetc'))), 400],
    ];
    for (const [changed, status] of refused)
      expect([changed, (await get(restarted(), changed)).status]).toEqual([changed, status]);
  });

  it('are left out by the server’s engine too', async () => {
    const { rows } = await queryJson(ctx, { sql: 'SELECT count(*), sum(a) FROM t.x' });
    expect(rows).toEqual([['16', String(190 - 3 - 7 - 13 - 17)]]);
    const before = await queryJson(ctx, {
      sql: `SELECT count(*) FROM t.x AT (VERSION => '${tables.table('t.x').snapshots[1]?.snapshotId}')`,
    });
    expect(before.rows).toEqual([['20']]);
  });
});
