import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireSnapshotsResult, snapshotRefList, tableChangeResult } from '#shared/contract/table-changes.ts';
import { createCatalog } from '#server/catalog/create-catalog.ts';
import { createMemoryCatalogStore } from '#server/catalog/store/memory-catalog-store.ts';
import { TableFixture } from '#server/engine/testing/table-fixture.ts';
import { createParquetWriter, type ParquetWriter } from '#server/engine/write-parquet.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { ManifestCache } from '#server/iceberg/manifest/manifest-cache.ts';
import { JobBoard } from '../../services/jobs/index.ts';
import { queryJson, type QueryContext } from '../../services/query/index.ts';
import {
  appendRows,
  commitTable,
  expireTableSnapshots,
  loadTableAt,
  type WriteContext,
} from '../../services/tables/index.ts';
import { renderError } from '../error-renderer.ts';
import { tableChangeRoutes } from './table-changes.ts';
import { tableRoutes } from './tables.ts';

let tables: TableFixture;
let writer: ParquetWriter;
let ctx: QueryContext & WriteContext;
let app: OpenAPIHono;

beforeAll(async () => {
  tables = await TableFixture.open();
  const stagingDirectory = join(tables.folder, 'append');
  await mkdir(stagingDirectory);
  writer = await createParquetWriter({ memoryLimit: '256MB', threads: 1, tempDirectory: stagingDirectory });
  ctx = {
    catalog: await createCatalog({ store: createMemoryCatalogStore() }),
    io: tables.io,
    engine: tables.engine,
    planner: tables.planner,
    opener: tables.opener,
    deletedRows: tables.deletedRows,
    manifests: new ManifestCache(1024 * 1024),
    browserBytes: 1e9,
    writer,
    stagingDirectory,
    notebooks: {} as QueryContext['notebooks'],
    settings: {} as QueryContext['settings'],
    jobs: new JobBoard(),
    logger: pino({ level: 'silent' }),
    author: 'ada',
  };
  app = new OpenAPIHono();
  app.onError((error, c) => renderError(error, c, ctx.logger));
  app.route('/api/v1', tableRoutes(ctx));
  app.route('/api/v1', tableChangeRoutes(ctx));
});
afterAll(async () => {
  writer.close();
  await tables.close();
});

async function ask(method: string, path: string, json?: unknown) {
  const response = await app.request(`/api/v1${path}`, {
    method,
    ...(json === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
  });
  return { status: response.status, body: (await response.json()) as never };
}

async function change(method: string, path: string, json?: unknown) {
  const { status, body } = await ask(method, path, json);
  expect(body).not.toHaveProperty('error');
  expect(status).toBe(200);
  return tableChangeResult.parse(body);
}

async function refusal(method: string, path: string, json: unknown) {
  const { status, body } = await ask(method, path, json);
  const { error } = body as { error: { code: string; message: string; context: Record<string, unknown> } };
  return { status, ...error };
}

const append = (table: string, query: string, mergeSchema = false) =>
  appendRows(ctx, { table: table.split('.'), query, branch: 'main', message: 'Rows', mergeSchema });
const rows = async (sql: string) => (await queryJson(ctx, { sql })).rows;
const commits = async () => {
  const { commits } = await ctx.catalog.log((await ctx.catalog.getRef('main')).hash, { limit: 1000 });
  return commits;
};

describe('a table', () => {
  it('is created with everything, once', async () => {
    const before = (await commits()).length;
    const request = {
      table: 'shop.orders',
      columns: [
        { name: 'id', type: 'long', required: true, doc: 'the order' },
        { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
        { name: 'place', type: 'STRUCT(city VARCHAR, lat DOUBLE)' },
      ],
      identifierFields: ['id'],
      partitionSpec: [{ source: 'at', transform: 'day' }],
      sortOrder: [{ source: ['place', 'city'], direction: 'desc' }],
      properties: { comment: 'what people bought' },
      formatVersion: 3,
    };
    const { table, commit } = await change('POST', '/tables', request);
    expect(table).toMatchObject({
      id: 'shop.orders',
      formatVersion: 3,
      comment: 'what people bought',
      partitionSpec: [{ source: 'at', transform: 'day', name: 'at_day' }],
      sortOrder: [{ source: 'city', direction: 'desc' }],
    });
    expect(table.columns.map((column) => column.type)).toEqual([
      'long',
      'timestamptz',
      'struct<city: string, lat: double>',
    ]);
    expect(commit).toMatchObject({ author: 'ada', message: 'Create shop.orders' });
    expect(await commits()).toHaveLength(before + 1);
    expect(await refusal('POST', '/tables', request)).toMatchObject({
      status: 409,
      code: 'TABLE_ALREADY_EXISTS',
    });
  });

  it.each([
    [{ table: 'x', columns: [{ name: 'a', type: 'int' }] }, "'x' has no namespace"],
    [{ table: 'a.b', columns: [] }, 'columns'],
    [{ table: 'a.b', columns: [{ name: 'a', type: 'money' }] }, "The column 'a' cannot be money"],
    [{ table: 'a.b', columns: [{ name: 'a', type: 'timestamp_ns' }] }, 'format version 2 cannot hold'],
    [
      {
        table: 'a.b',
        columns: [{ name: 'a', type: 'int' }],
        partitionSpec: [{ source: 'b', transform: 'day' }],
      },
      "no column 'b'",
    ],
    [
      {
        table: 'a.b',
        columns: [{ name: 'a', type: 'int' }],
        partitionSpec: [{ source: 'a', transform: 'day' }],
      },
      'does not apply to int',
    ],
    [
      { table: 'a.b', columns: [{ name: 'a', type: 'int' }], properties: { uuid: '1' } },
      "'uuid' cannot be set",
    ],
    [{ table: 'a.b', columns: [{ name: 'a', type: 'int' }], partitions: [] }, 'partitions'],
  ])('is not created from %j', async (request, message) => {
    const refused = await refusal('POST', '/tables', request);
    expect(refused.status).toBe(400);
    expect(refused.message).toContain(message);
    expect(await ctx.catalog.getContent((await ctx.catalog.getRef('main')).hash, ['a', 'b'])).toBeNull();
  });

  it('changes in one commit, and reads by id', async () => {
    await change('POST', '/tables', {
      table: 'shop.items',
      columns: [
        { name: 'id', type: 'int' },
        { name: 'price', type: 'decimal(6, 2)' },
        { name: 'old', type: 'string' },
      ],
    });
    await append('shop.items', `SELECT 1 AS id, 2.50::DECIMAL(6,2) AS price, 'gone' AS old`);
    const { table, commit } = await change('PATCH', '/tables/shop.items', {
      message: 'Prices in more digits',
      changes: [
        { action: 'rename-column', column: 'price', to: 'cost' },
        { action: 'update-type', column: 'id', type: 'BIGINT' },
        { action: 'drop-column', column: 'old' },
        { action: 'add-column', name: 'old', type: 'int', doc: 'not the old one', position: 'first' },
        { action: 'set-properties', properties: { owner: 'ada' } },
        { action: 'set-sort-order', fields: [{ source: 'cost' }] },
      ],
    });
    expect(commit?.message).toBe('Prices in more digits');
    expect(table.columns.map(({ id, name, type }) => `${id} ${name} ${type}`)).toEqual([
      '4 old int',
      '1 id long',
      '2 cost decimal(6, 2)',
    ]);
    expect(table.properties).toMatchObject({ owner: 'ada' });
    expect(await rows('SELECT old, id, cost FROM shop.items')).toEqual([[null, '1', '2.50']]);

    const again = await change('PATCH', '/tables/shop.items', {
      changes: [{ action: 'set-properties', properties: { owner: 'ada' } }],
    });
    expect(again.commit).toBeUndefined();
  });

  it('changes wholly or not at all, and says which column is in the way', async () => {
    const head = await ctx.catalog.getRef('main');
    const refused = await refusal('PATCH', '/tables/shop.items', {
      changes: [
        { action: 'add-column', name: 'fine', type: 'int' },
        { action: 'update-type', column: 'cost', type: 'int' },
      ],
    });
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT', context: { column: 'cost' } });
    expect(await ctx.catalog.getRef('main')).toEqual(head);
    expect(await refusal('PATCH', '/tables/shop.items', { changes: [{ action: 'sing' }] })).toMatchObject({
      status: 400,
    });
    expect(
      await refusal('PATCH', '/tables/shop.item', { changes: [{ action: 'drop-column', column: 'id' }] }),
    ).toMatchObject({ status: 404, code: 'TABLE_NOT_FOUND' });
  });

  it('becomes of version 3 and gets a default in one commit', async () => {
    const { table } = await change('PATCH', '/tables/shop.items', {
      changes: [
        { action: 'upgrade-format-version', formatVersion: 3 },
        { action: 'add-column', name: 'stock', type: 'int', default: 7 },
        { action: 'add-partition-field', source: 'id', transform: 'bucket[4]' },
        { action: 'remove-partition-field', name: 'id_bucket_4' },
      ],
    });
    expect(table.formatVersion).toBe(3);
    expect(await rows('SELECT stock FROM shop.items')).toEqual([[7]]);
  });

  it('takes many changes at once, each on what the others left', async () => {
    const names = Array.from({ length: 32 }, (_, i) => `n${i}`);
    await Promise.all(
      names.map((name) =>
        change('PATCH', '/tables/shop.items', { changes: [{ action: 'add-column', name, type: 'int' }] }),
      ),
    );
    const { body } = await ask('GET', '/tables/shop.items');
    const columns = (body as { columns: { id: number; name: string }[] }).columns;
    expect(columns.filter(({ name }) => names.includes(name))).toHaveLength(32);
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
  });
});

describe('rows that do not fit', () => {
  it('are refused with all that is wrong', async () => {
    await change('POST', '/tables', {
      table: 'shop.strict',
      columns: [
        { name: 'id', type: 'int', required: true },
        { name: 'n', type: 'int' },
        { name: 'day', type: 'date' },
      ],
    });
    const refused = append('shop.strict', `SELECT 5000000000 AS n, 'x' AS extra, 'soon' AS day`);
    await expect(refused).rejects.toMatchObject({
      code: 'SCHEMA_MISMATCH',
      context: {
        misfits: [
          { column: 'id', expected: 'int', got: null },
          { column: 'n', expected: 'int', got: 'long' },
          { column: 'extra', expected: null, got: 'string' },
          { column: 'day', expected: 'date', got: 'string' },
        ],
      },
    });
  });

  it('widen the table where that is asked for, in the same commit', async () => {
    const before = (await commits()).length;
    await append('shop.strict', `SELECT 1 AS id, 5000000000 AS n, 'x' AS extra`, true);
    expect(await commits()).toHaveLength(before + 1);
    await append('shop.strict', `SELECT 2::TINYINT AS id, 3::SMALLINT AS N`);
    expect(await rows('SELECT id, n, day, extra FROM shop.strict ORDER BY id')).toEqual([
      [1, '5000000000', null, 'x'],
      [2, '3', null, null],
    ]);
    await expect(append('shop.strict', `SELECT 1 AS id, DATE '2024-01-01' AS n`, true)).rejects.toMatchObject(
      {
        context: { misfits: [{ column: 'n', expected: 'long', got: 'date' }] },
      },
    );
  });
});

it('writers that widen one table at once all land, each column once', async () => {
  await change('POST', '/tables', { table: 'shop.race', columns: [{ name: 'i', type: 'int' }] });
  const writers = [1, 2, 3].map((i) =>
    append('shop.race', `SELECT ${i} AS i, 'x' AS shared, ${i} AS own_${i}`, true),
  );
  await Promise.all(writers);
  const { body } = await ask('GET', '/tables/shop.race');
  const names = (body as { columns: { name: string }[] }).columns.map(({ name }) => name);
  expect(names.toSorted()).toEqual(['i', 'own_1', 'own_2', 'own_3', 'shared']);
  expect(await rows('SELECT i, shared, own_1, own_2, own_3 FROM shop.race ORDER BY i')).toEqual([
    [1, 'x', 1, null, null],
    [2, 'x', null, 2, null],
    [3, 'x', null, null, 3],
  ]);
});

it('rows whose structs lack a field fit, and the field is null', async () => {
  await change('POST', '/tables', {
    table: 'shop.nested',
    columns: [{ name: 'p', type: 'STRUCT(a INTEGER, b VARCHAR)' }],
  });
  await append('shop.nested', `SELECT {'b': 'x'} AS p`);
  await append('shop.nested', `SELECT {'c': 2.5::DOUBLE, 'a': 1::TINYINT} AS p`, true);
  expect(await rows('SELECT p.a, p.b, p.c FROM shop.nested ORDER BY p.a NULLS FIRST')).toEqual([
    [null, 'x', null],
    [1, null, 2.5],
  ]);
});

describe('snapshots', () => {
  const refs = async () => snapshotRefList.parse((await ask('GET', '/tables/shop.log/refs')).body).refs;
  const ids = async () => {
    const { body } = await ask('GET', '/tables/shop.log/history');
    return (body as { snapshots: { snapshotId: string }[] }).snapshots.map((s) => s.snapshotId).reverse();
  };

  beforeAll(async () => {
    await change('POST', '/tables', { table: 'shop.log', columns: [{ name: 'i', type: 'int' }] });
    for (const i of [1, 2, 3]) await append('shop.log', `SELECT ${i} AS i`);
  });

  it('of the past become current again', async () => {
    const [first, second, third] = await ids();
    const { commit } = await change('POST', '/tables/shop.log/rollback', { to: { snapshotId: second } });
    expect(commit?.message).toBe(`Roll shop.log back to snapshot ${second}`);
    expect(await rows('SELECT i FROM shop.log ORDER BY i')).toEqual([[1], [2]]);
    expect(await refusal('POST', '/tables/shop.log/rollback', { to: { snapshotId: third } })).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
    });
    await change('POST', '/tables/shop.log/rollback', { to: { snapshotId: third }, anySnapshot: true });
    expect(await rows('SELECT count(*)::INT FROM shop.log')).toEqual([[3]]);
    expect(
      await refusal('POST', '/tables/shop.log/rollback', { to: { time: '2001-01-01T00:00:00Z' } }),
    ).toMatchObject({ status: 404, code: 'SNAPSHOT_NOT_FOUND' });
    expect(first).toBeDefined();
  });

  it('are picked again after a roll back, and when they were staged, once', async () => {
    await change('POST', '/tables', { table: 'shop.picked', columns: [{ name: 'i', type: 'int' }] });
    for (const i of [1, 2, 3]) await append('shop.picked', `SELECT ${i}::INTEGER AS i`);
    const head = async () => loadTableAt(ctx, (await ctx.catalog.getRef('main')).hash, ['shop', 'picked']);
    const [first, , third] = (await head()).metadata.snapshots.map(({ snapshotId }) => String(snapshotId));
    await change('POST', '/tables/shop.picked/rollback', { to: { snapshotId: first } });
    const picked = await change('POST', '/tables/shop.picked/cherry-pick', { snapshotId: third });
    expect(picked.commit?.message).toBe(`Cherry-pick snapshot ${third} in shop.picked`);
    expect(await rows('SELECT i FROM shop.picked ORDER BY i')).toEqual([[1], [3]]);
    expect(await refusal('POST', '/tables/shop.picked/cherry-pick', { snapshotId: third })).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
    });

    const base = await head();
    const dataFiles = await tables.write(base.metadata, 'SELECT 9::INTEGER AS i');
    const staged = await appendFiles({
      io: ctx.io,
      base,
      dataFiles,
      stageOnly: true,
      summary: { 'wap.id': 'audit-7' },
    });
    await commitTable(ctx, {
      table: base.key,
      branch: 'main',
      message: 'Stage rows',
      standing: base.content,
      metadata: staged.metadata,
      metadataLocation: staged.newMetadataLocation,
    });
    expect(await rows('SELECT count(*)::INTEGER FROM shop.picked')).toEqual([[2]]);
    expect(await refusal('POST', '/tables/shop.picked/cherry-pick', { wapId: 'audit-6' })).toMatchObject({
      status: 404,
      code: 'SNAPSHOT_NOT_FOUND',
      context: { suggestions: ['audit-7'] },
    });
    await append('shop.picked', 'SELECT 4::INTEGER AS i');
    await change('POST', '/tables/shop.picked/cherry-pick', { wapId: 'audit-7', message: 'Publish' });
    expect(await rows('SELECT i FROM shop.picked ORDER BY i')).toEqual([[1], [3], [4], [9]]);
    expect(await refusal('POST', '/tables/shop.picked/cherry-pick', { wapId: 'audit-7' })).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
    });
  });

  it('have branches and tags', async () => {
    const [first, second, third] = await ids();
    await change('POST', '/tables/shop.log/refs', { name: 'v1', type: 'tag', snapshotId: first });
    await change('POST', '/tables/shop.log/refs', { name: 'slow', type: 'branch', snapshotId: first });
    await change('PUT', '/tables/shop.log/refs/slow', {
      type: 'branch',
      snapshotId: second,
      minSnapshotsToKeep: 2,
    });
    await change('POST', '/tables/shop.log/refs/slow/fast-forward', { to: 'main' });
    expect(await refs()).toEqual([
      { name: 'main', type: 'branch', snapshotId: third },
      { name: 'v1', type: 'tag', snapshotId: first },
      { name: 'slow', type: 'branch', snapshotId: third, minSnapshotsToKeep: 2 },
    ]);
    await change('DELETE', '/tables/shop.log/refs/slow');
    await change('DELETE', '/tables/shop.log/refs/v1');
    expect(await refs()).toHaveLength(1);
    expect(await refusal('DELETE', '/tables/shop.log/refs/v1', undefined)).toMatchObject({
      code: 'REF_NOT_FOUND',
    });
  });

  it('expire, and their files stay as long as history shows them', async () => {
    const [first, second] = await ids();
    const request = { olderThan: new Date(Date.now() + 60_000).toISOString() };
    const expire = async (json: unknown) => {
      const { status, body } = await ask('POST', '/tables/shop.log/expire-snapshots', json);
      expect(status).toBe(200);
      return expireSnapshotsResult.parse(body);
    };
    const rehearsal = await expire({ ...request, dryRun: true });
    expect(rehearsal).toMatchObject({ dryRun: true, snapshotIds: [first, second], held: [first, second] });
    expect(await ids()).toHaveLength(3);

    const { hash: before } = await ctx.catalog.getRef('main');
    const done = await expire(request);
    expect(done).toMatchObject({ held: [first, second], deletedFiles: 0, commit: { author: 'ada' } });
    expect(await ids()).toHaveLength(1);
    // The commit before still reads the table with all of its snapshots.
    expect(
      await rows(`SELECT count(*)::INT FROM shop.log AT (VERSION => ${first})`).catch(() => 'gone'),
    ).toBe('gone');
    expect(
      (
        await queryJson(ctx, {
          sql: `SELECT count(*)::INT FROM shop.log AT (VERSION => ${first})`,
          ref: before,
        })
      ).rows,
    ).toEqual([[1]]);
  });

  it('that nobody keeps lose their files', async () => {
    await append('shop.log', 'SELECT 4 AS i');
    await append('shop.log', 'SELECT 5 AS i');
    const request = { olderThan: new Date(Date.now() + 60_000).toISOString() };
    const nobody = async function* () {};
    const result = await expireTableSnapshots(ctx, 'shop.log', request, nobody);
    expect(result.held).toEqual([]);
    expect(result.snapshotIds).toHaveLength(2);
    // What was appended is in the current snapshot too: only the lists of what went are nobody's.
    expect(result.unreachable).toMatchObject({ manifestLists: 2, dataFiles: 0 });
    expect(result.deletedFiles).toBe(result.unreachable.manifestLists + result.unreachable.manifests);
    expect(await rows('SELECT count(*)::INT FROM shop.log')).toEqual([[5]]);
  });

  it('take with them, where that is asked for, the schemas that they alone were of', async () => {
    const changes = [{ action: 'add-column', name: 'late', type: 'int' }];
    await change('PATCH', '/tables/shop.log', { changes });
    await append('shop.log', 'SELECT 6 AS i, 6 AS late');
    const clean = { olderThan: new Date(Date.now() + 60_000).toISOString(), cleanExpiredMetadata: true };
    for (const dryRun of [true, false]) {
      const { body } = await ask('POST', '/tables/shop.log/expire-snapshots', { ...clean, dryRun });
      expect(body).toMatchObject({ dryRun, removedSchemas: [0], removedSpecs: [] });
    }
    const { body } = await ask('POST', '/tables/shop.log/expire-snapshots', clean);
    expect(body).toMatchObject({ snapshotIds: [], removedSchemas: [] });
    expect(await rows('SELECT count(*)::INT, max(late) FROM shop.log')).toEqual([[6, 6]]);
  });
});

it('each route is in the OpenAPI document', () => {
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 't', version: '1' } });
  expect(Object.keys(document.paths ?? {})).toEqual(
    expect.arrayContaining([
      '/api/v1/tables',
      '/api/v1/tables/{table}',
      '/api/v1/tables/{table}/rollback',
      '/api/v1/tables/{table}/expire-snapshots',
      '/api/v1/tables/{table}/refs/{name}/fast-forward',
    ]),
  );
  expect(document.paths?.['/api/v1/tables']).toHaveProperty('post.requestBody');
});

it('all of many rows that are appended at once land, and each once', async () => {
  await change('POST', '/tables', { table: 'shop.hot', columns: [{ name: 'i', type: 'int' }] });
  const writers = Array.from({ length: 24 }, (_, i) => i);
  await Promise.all(writers.map((i) => append('shop.hot', `SELECT ${i}::INTEGER AS i`)));
  expect(await rows('SELECT i FROM shop.hot ORDER BY i')).toEqual(writers.map((i) => [i]));
});
