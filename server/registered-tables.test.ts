import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '#shared/contract/plan.ts';
import type { RegisterTableRequest } from '#shared/contract/register-table.ts';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { openLakehouse, type Lakehouse } from './lakehouse.ts';
import { appendRows } from './services/tables/index.ts';

const FIXTURES = fileURLToPath(new URL('services/tables/testdata/registered', import.meta.url));

let top: string;
/** Where the tables are now. */
let lake: string;
let lakehouse: Lakehouse;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'timestream-register-'));
  lake = join(top, 'their lake');
  await cp(FIXTURES, lake, { recursive: true });
  await writeFile(join(lake, 'secret.txt'), 'PAR0');
  await open([lake]);
}, 120_000);
afterAll(async () => {
  await lakehouse.close();
  await rm(top, { recursive: true, force: true });
});

async function open(allowLocation: readonly string[]): Promise<void> {
  const environment = { LAKEHOUSE_DIR: join(top, 'ours'), ENGINE_MEMORY: '512MB', ENGINE_THREADS: '1' };
  lakehouse = await openLakehouse(readConfig(environment, { allowLocation }));
  const { ctx, token } = lakehouse;
  app = createApp({ ctx, token, allowedHosts: [], webDirectory: null, version: '0', logger: ctx.logger });
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return app.request(`http://127.0.0.1:4400${path}`, {
    method,
    headers: {
      host: '127.0.0.1:4400',
      authorization: `Bearer ${lakehouse.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function register(request: RegisterTableRequest) {
  const response = await ask('POST', '/api/v1/tables/register', request);
  const body = (await response.json()) as { table: Record<string, unknown>; error?: Record<string, unknown> };
  return { status: response.status, ...body };
}

async function rows(sql: string): Promise<unknown> {
  const answer = await ask('POST', '/api/v1/query', { sql });
  const body = (await answer.json()) as { rows?: unknown; error?: unknown };
  return body.rows ?? body.error;
}

const PERSISTENT = 'data/persistent';
const TABLES = {
  'flink-deletes': {
    from: `${PERSISTENT}/equality_deletes/warehouse/mydb/mytable_partitioned`,
    metadata: 'v6.metadata.json',
    sql: 'SELECT id, name, bir FROM x.flink_deletes ORDER BY ALL',
    rows: [
      [1, 'a', '2025-01-01'],
      [4, 'd', '2025-01-04'],
      [5, 'e', '2025-01-05'],
    ],
  },
  'deletion-vector': {
    from: `${PERSISTENT}/legacy_bare_deletion_vector/warehouse/default/legacy_bare_deletion_vector`,
    metadata: '00002-legacy-bare-dv.metadata.json',
    sql: 'SELECT id, source FROM x.deletion_vector ORDER BY id',
    rows: [
      ['1', 'legacy'],
      ['3', 'legacy'],
    ],
  },
  'spark-v1': {
    from: `${PERSISTENT}/iceberg_v1_deprecated/default/legacy_v1`,
    metadata: 'v2.metadata.json',
    sql: 'SELECT * FROM x.spark_v1 ORDER BY id',
    rows: [
      [1, 'alpha', 10],
      [2, 'beta', 20],
      [3, 'alpha', null],
    ],
  },
  'partition-evolution': {
    from: `${PERSISTENT}/hive_partitioned_table`,
    metadata: 'v4.metadata.json',
    sql: 'SELECT * FROM x.partition_evolution ORDER BY ALL',
    rows: [
      ['2024-01-01', '12345', 'click'],
      ['2024-01-02', '67890', 'purchase'],
      ['2024-01-03', '13579', 'view'],
      ['2024-01-03', '24680', 'click'],
      ['2024-01-04', '86420', 'view'],
      ['2024-01-04', '97531', 'purchase'],
    ],
  },
  'defaults-v3': {
    from: `${PERSISTENT}/add_columns_with_defaults/default.db/add_columns_with_defaults`,
    metadata: '00003-3f1801a5-7dfb-4072-b14a-39cd12f9279b.metadata.json',
    sql: 'SELECT col_string, col_date, count(*)::INTEGER FROM x.defaults_v3 GROUP BY ALL ORDER BY ALL',
    rows: [
      ['HELLO', '2003-10-20', 2],
      ['World', '0011-03-05', 1],
    ],
  },
  'name-mapping': {
    from: `${PERSISTENT}/name_mapping/warehouse_1/mydb/t1`,
    metadata: 'v7.metadata.json',
    sql: 'SELECT count(*)::INTEGER FROM x.name_mapping WHERE b IS NULL',
    rows: [[10_000]],
  },
} as const;
type Name = keyof typeof TABLES;

const nameOf = (fixture: string) => `x.${fixture.replaceAll('-', '_')}`;
const requestOf = (fixture: Name, to = join(lake, fixture)): RegisterTableRequest => ({
  table: nameOf(fixture),
  metadataLocation: `${TABLES[fixture].from}/metadata/${TABLES[fixture].metadata}`,
  map: [{ from: TABLES[fixture].from, to }],
});

describe('a lakehouse that may not read where its tables lie any more', () => {
  it('lists them with what is the matter, and says it to whoever reads them', async () => {
    expect((await register(requestOf('spark-v1', join(lake, 'spark-v1')))).status).toBe(200);
    await lakehouse.close();
    await open([]);
    const answer = await (await ask('GET', '/api/v1/tables')).json();
    const problem = expect.stringContaining('--allow-location');
    expect(answer).toMatchObject({ tables: [{ id: 'x.spark_v1', problem }] });
    expect(await rows('SELECT * FROM x.spark_v1')).toMatchObject({ code: 'FORBIDDEN', message: problem });
    await lakehouse.close();
    await open([lake]);
    expect(await rows(TABLES['spark-v1'].sql)).toEqual(TABLES['spark-v1'].rows);
  });
});

describe('tables of other engines, registered where they lie', () => {
  it.each(Object.keys(TABLES) as Name[])('%s reads as its own engine reads it', async (fixture) => {
    const before = await readFile(join(lake, fixture, 'metadata', TABLES[fixture].metadata));
    const { status, error, table } = await register({ ...requestOf(fixture), replace: true });
    expect(error).toBeUndefined();
    expect(status).toBe(200);
    expect(table).toMatchObject({ id: nameOf(fixture), location: join(lake, fixture) });
    expect(await rows(TABLES[fixture].sql)).toEqual(TABLES[fixture].rows);
    expect(await readFile(join(lake, fixture, 'metadata', TABLES[fixture].metadata))).toEqual(before);
  });

  it('gives the page their data files in ranges, and no other file that lies there', async () => {
    const plan = (await (
      await ask('POST', '/api/v1/plan', { sql: 'SELECT * FROM x.partition_evolution' })
    ).json()) as Plan;
    const [file] = plan.scans[0]?.files ?? [];
    const url = file?.url ?? '';
    const part = await ask('GET', url, undefined, { range: 'bytes=-4' });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('PAR1');

    const at = (path: string) =>
      `/api/v1/data/.elsewhere/${path.split('/').map(encodeURIComponent).join('/')}`;
    await symlink('/etc', join(lake, 'door'));
    const outside = join(top, 'outside.parquet');
    await writeFile(outside, 'PAR1 and more');
    const inside = lake.slice(1);
    for (const path of [
      `${inside}/secret.txt`,
      `${inside}/partition-evolution/metadata/v4.metadata.json`,
      outside.slice(1),
      `${inside}/../outside.parquet`,
      `${inside}/door/passwd`,
      `${join(top, 'ours').slice(1)}/token`,
      'etc/passwd',
    ])
      expect((await ask('GET', at(path))).status, path).toBeGreaterThanOrEqual(400);
  });

  it('changes nothing of them', async () => {
    const { ctx } = lakehouse;
    const refused = { code: 'FORBIDDEN', message: expect.stringContaining('read only') };
    const alter = await ask('PATCH', '/api/v1/tables/x.partition_evolution', {
      changes: [{ action: 'set-properties', properties: { a: 'b' } }],
    });
    expect(await alter.json()).toMatchObject({ error: refused });
    const append = appendRows(ctx, {
      table: ['x', 'spark_v1'],
      query: "SELECT 4::BIGINT AS id, 'x' AS category, 1 AS amount",
      branch: 'main',
      message: 'Rows',
    });
    await expect(append).rejects.toMatchObject(refused);
  });

  it('takes a newer version by the same name only when told to, and of the same table', async () => {
    const again = requestOf('spark-v1');
    expect(await register(again)).toMatchObject({ status: 409, error: { code: 'TABLE_ALREADY_EXISTS' } });
    expect(await register({ ...again, replace: true })).toMatchObject({ status: 200 });
    const other = { ...requestOf('partition-evolution'), table: again.table, replace: true };
    expect(await register(other)).toMatchObject({ status: 409, error: { code: 'TABLE_ALREADY_EXISTS' } });
  });

  it('says what it may not read, what is not there and what to do', async () => {
    const request = requestOf('partition-evolution');
    const unmapped = { ...request, table: 'x.a', map: [] };
    expect(await register(unmapped)).toMatchObject({
      status: 403,
      error: { code: 'FORBIDDEN', message: expect.stringContaining('--allow-location') },
    });
    const halfMapped = {
      ...unmapped,
      metadataLocation: `file:${lake}/partition-evolution/metadata/v4.metadata.json`,
    };
    expect(await register(halfMapped)).toMatchObject({
      status: 403,
      error: { message: expect.stringContaining('--map') },
    });
    expect(
      await register({ ...requestOf('partition-evolution', join(lake, 'none')), table: 'x.a' }),
    ).toMatchObject({ status: 404, error: { code: 'FILE_NOT_FOUND' } });
    const broken = join(lake, 'broken');
    await cp(join(lake, 'partition-evolution'), broken, { recursive: true });
    await rm(join(broken, 'data/event_date=2024-01-01'), { recursive: true });
    expect(await register({ ...requestOf('partition-evolution', broken), table: 'x.a' })).toMatchObject({
      status: 404,
      error: { message: expect.stringContaining('event_date=2024-01-01') },
    });
    await mkdir(join(lake, 'not-a-table'));
    await writeFile(join(lake, 'not-a-table/x.metadata.json'), 'hello');
    const nonsense = { table: 'x.a', metadataLocation: join(lake, 'not-a-table/x.metadata.json') };
    expect(await register(nonsense)).toMatchObject({ status: 422, error: { code: 'CORRUPT_METADATA' } });
    expect(await rows('SELECT * FROM x.a')).toMatchObject({ code: 'TABLE_NOT_FOUND' });
  });
});
