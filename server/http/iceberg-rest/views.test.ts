import { beforeEach, describe, expect, it } from 'vitest';
import { RestCatalog, SCHEMA } from '#server/testing/rest-catalog.ts';

const NS = '/main/namespaces/bronze';
let rest: RestCatalog;

const version = (sql: string, more: object = {}) => ({
  'version-id': 1,
  'schema-id': 9,
  'timestamp-ms': 1_700_000_000_000,
  summary: { 'engine-name': 'spark' },
  representations: [{ type: 'sql', sql, dialect: 'spark' }],
  'default-namespace': ['bronze'],
  ...more,
});
const create = (name: string, sql = 'SELECT 1') =>
  rest.ask('POST', `${NS}/views`, {
    name,
    // Java numbers the columns of views from 0.
    schema: { ...SCHEMA, fields: SCHEMA.fields.map((field, id) => ({ ...field, id })) },
    'view-version': version(sql),
    properties: { comment: 'x' },
  });

beforeEach(async () => {
  rest = await RestCatalog.open();
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
});

it('a view is made, loaded, listed apart from tables, and dropped', async () => {
  const made = await create('v');
  expect(made.body.metadata).toMatchObject({
    'current-version-id': 1,
    versions: [{ 'schema-id': 0, representations: [{ sql: 'SELECT 1', dialect: 'spark' }] }],
    properties: { comment: 'x' },
  });
  expect((await rest.ask('GET', `${NS}/views/v`)).body).toEqual(made.body);
  await rest.createTable(NS, 't');
  expect((await rest.ask('GET', `${NS}/views`)).body.identifiers).toEqual([
    { namespace: ['bronze'], name: 'v' },
  ]);
  expect((await rest.ask('GET', `${NS}/tables`)).body.identifiers).toEqual([
    { namespace: ['bronze'], name: 't' },
  ]);
  expect((await rest.ask('HEAD', `${NS}/views/v`)).status).toBe(204);
  expect((await rest.ask('HEAD', `${NS}/views/t`)).status).toBe(404);
  expect((await rest.ask('GET', `${NS}/tables/v`)).body.error?.type).toBe('NoSuchTableException');
  expect((await rest.ask('DELETE', `${NS}/views/v`)).status).toBe(204);
  expect((await rest.ask('GET', `${NS}/views/v`)).body.error).toMatchObject({
    type: 'NoSuchViewException',
    code: 404,
  });
});

it('tables and views share their names', async () => {
  await create('v');
  await rest.createTable(NS, 't');
  expect((await create('v')).body.error?.type).toBe('AlreadyExistsException');
  expect((await create('t')).body.error?.type).toBe('AlreadyExistsException');
  const table = await rest.ask('POST', `${NS}/tables`, { name: 'v', schema: SCHEMA });
  expect(table.body.error?.type).toBe('AlreadyExistsException');
  const rename = await rest.ask('POST', '/main/views/rename', {
    source: { namespace: ['bronze'], name: 'v' },
    destination: { namespace: ['bronze'], name: 't' },
  });
  expect(rename.body.error?.type).toBe('AlreadyExistsException');
});

it('a view is replaced where it is still the one that was meant', async () => {
  const { body } = await create('v');
  const replace = async (uuid: unknown, sql: string) =>
    rest.ask('POST', `${NS}/views/v`, {
      requirements: [{ type: 'assert-view-uuid', uuid }],
      updates: [
        { action: 'add-view-version', 'view-version': version(sql, { 'schema-id': 0 }) },
        { action: 'set-current-view-version', 'view-version-id': -1 },
      ],
    });
  const uuid = body.metadata?.['view-uuid'];
  const replaced = await replace(uuid, 'SELECT 2');
  expect(replaced.body.metadata).toMatchObject({ 'current-version-id': 2 });
  const other = await replace('00000000-0000-0000-0000-000000000000', 'SELECT 3');
  expect(other.body.error).toMatchObject({ type: 'CommitFailedException', code: 409 });
  expect((await rest.ask('GET', `${NS}/views/v`)).body).toEqual(replaced.body);
  const unknown = await rest.ask('POST', `${NS}/views/v`, { updates: [{ action: 'add-magic' }] });
  expect(unknown.body.error?.code).toBe(400);
});

describe('a view that would read itself', () => {
  const refused = (view: string, through: string) => ({
    status: 400,
    body: {
      error: {
        type: 'BadRequestException',
        message: expect.stringContaining(`The view bronze.${view} would read itself${through}.`) as string,
      },
    },
  });
  const replace = (name: string, updates: readonly object[]) =>
    rest.ask('POST', `${NS}/views/${name}`, { updates });
  const reading = (sql: string, more: object = {}) => [
    { action: 'add-view-version', 'view-version': version(sql, { 'schema-id': 0, ...more }) },
    { action: 'set-current-view-version', 'view-version-id': -1 },
  ];
  const rename = (from: string, to: string) =>
    rest.ask('POST', '/main/views/rename', {
      source: { namespace: ['bronze'], name: from },
      destination: { namespace: ['bronze'], name: to },
    });

  it('is not made', async () => {
    expect(await create('v', 'SELECT * FROM v')).toMatchObject(refused('v', ''));
    expect((await create('v', 'SELECT * FROM w')).status).toBe(200);
    expect(await create('w', 'SELECT id, day FROM bronze.V')).toMatchObject(
      refused('w', ', through bronze.v'),
    );
    expect((await rest.log()).map(({ message }) => message)[0]).toBe('Create view bronze.v');
  });

  it('is not what another is replaced by, but keeps what is beside its query', async () => {
    await create('v');
    await create('w', 'SELECT * FROM v');
    const more = { 'default-catalog': 'main', 'default-namespace': [] };
    const circle = await replace('v', reading('SELECT * FROM main.bronze.w', more));
    expect(circle).toMatchObject(refused('v', ', through bronze.w'));
    expect((await replace('v', reading('SELECT 2'))).status).toBe(200);
    expect((await replace('v', [{ action: 'set-properties', updates: { a: 'b' } }])).status).toBe(200);
  });

  it('is not what a new name makes of it', async () => {
    await create('v', 'SELECT * FROM w');
    expect(await rename('v', 'w')).toMatchObject(refused('w', ''));
    expect((await rename('v', 'x')).status).toBe(204);
  });

  it('is not registered', async () => {
    const { body } = await create('v', 'SELECT * FROM w');
    const location = body['metadata-location'];
    const register = (name: string) =>
      rest.ask('POST', `${NS}/register-view`, { name, 'metadata-location': location });
    expect(await register('w')).toMatchObject(refused('w', ''));
    expect((await register('x')).status).toBe(200);
  });

  it("is known in another engine's SQL only as far as that can be read", async () => {
    expect((await create('v', 'SELECT * FROM `v` LATERAL VIEW explode(x)')).status).toBe(200);
  });
});

it('a view is renamed, and registered from its metadata', async () => {
  const { body } = await create('v');
  const rename = await rest.ask('POST', '/main/views/rename', {
    source: { namespace: ['bronze'], name: 'v' },
    destination: { namespace: ['bronze'], name: 'w' },
  });
  expect(rename.status).toBe(204);
  const registered = await rest.ask('POST', `${NS}/register-view`, {
    name: 'v',
    'metadata-location': body['metadata-location'],
  });
  expect(registered.body).toEqual((await rest.ask('GET', `${NS}/views/w`)).body);
  expect((await rest.log()).map(({ message }) => message).slice(0, 3)).toEqual([
    'Register view bronze.v',
    'Rename bronze.v to bronze.w',
    'Create view bronze.v',
  ]);
});
