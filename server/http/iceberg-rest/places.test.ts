import { beforeEach, expect, it } from 'vitest';
import { RestCatalog } from '#server/testing/rest-catalog.ts';

let rest: RestCatalog;
let head: string;

beforeEach(async () => {
  rest = await RestCatalog.open();
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
  await rest.createTable('/main/namespaces/bronze', 't');
  head = (await rest.ctx.catalog.getRef('main')).hash;
  await rest.ctx.catalog.createRef({ name: 'v1', type: 'TAG', hash: head });
  await rest.ctx.catalog.createRef({ name: 'team/dev', type: 'BRANCH', hash: head });
});

const tables = async (prefix: string) =>
  (await rest.ask('GET', `/${prefix}/namespaces/bronze/tables`)).body.identifiers?.map(({ name }) => name);

it('a branch is a catalog of its own', async () => {
  await rest.createTable('/team%2Fdev/namespaces/bronze', 'u');
  await rest.ask('DELETE', '/main/namespaces/bronze/tables/t');
  expect(await tables('team%2Fdev')).toEqual(['t', 'u']);
  expect(await tables('main')).toEqual([]);
});

it('tags, commits and times are read only', async () => {
  await rest.ask('DELETE', '/main/namespaces/bronze/tables/t');
  const time = (await rest.ctx.catalog.getCommit(head)).time.toISOString();
  for (const prefix of ['v1', head, `main@${head.slice(0, 12)}`, `main*${time}`]) {
    const at = encodeURIComponent(prefix);
    expect(await tables(at)).toEqual(['t']);
    const drop = await rest.ask('DELETE', `/${at}/namespaces/bronze/tables/t`);
    expect(drop.body.error).toMatchObject({ type: 'ForbiddenException', code: 403 });
    const create = await rest.ask('POST', `/${at}/namespaces`, { namespace: ['x'] });
    expect(create.body.error?.code).toBe(403);
    const staged = await rest.ask('POST', `/${at}/namespaces/bronze/tables`, {
      name: 'n',
      schema: { type: 'struct', fields: [{ id: 1, name: 'a', type: 'int', required: false }] },
      'stage-create': true,
    });
    expect(staged.body.error?.code).toBe(403);
  }
});

it('a table may be read at a commit that its name ends with, whatever the prefix, and not written', async () => {
  const at = `/main/namespaces/bronze/tables/t~${head}`;
  const { body } = await rest.ask('GET', '/main/namespaces/bronze/tables/t');
  await rest.ask('DELETE', '/main/namespaces/bronze/tables/t');
  expect((await rest.ask('GET', at)).body).toEqual(body);
  expect((await rest.ask('HEAD', at)).status).toBe(204);
  expect((await rest.ask('GET', `/main/namespaces/bronze/tables/u~${head}`)).status).toBe(404);
  expect((await rest.ask('GET', `/main/namespaces/bronze/tables/t~${'0'.repeat(64)}`)).status).toBe(404);
  expect((await rest.ask('DELETE', at)).status).toBe(404);
});

it('a protected branch refuses commits', async () => {
  await rest.ctx.catalog.protectRef({ name: 'main', protection: ['COMMIT'] });
  const { body } = await rest.ask('DELETE', '/main/namespaces/bronze/tables/t');
  expect(body.error).toMatchObject({ type: 'ForbiddenException', code: 403 });
});

it('places that are not there are 404, and text that is no place is 400', async () => {
  expect((await rest.ask('GET', '/nope/namespaces')).body.error?.code).toBe(404);
  expect((await rest.ask('POST', '/nope/namespaces', { namespace: ['x'] })).body.error?.code).toBe(404);
  for (const prefix of ['main@zz', 'main*soon', '%zz', '%ff'])
    expect((await rest.ask('GET', `/${prefix}/namespaces`)).body.error?.code).toBe(400);
});

it('the configuration names the catalog: the default branch, or the place that is the warehouse', async () => {
  const config = async (query: string) => (await rest.ask('GET', `/config${query}`)).body;
  expect(await config('')).toMatchObject({
    defaults: { prefix: 'main' },
    overrides: {},
    'idempotency-key-lifetime': 'PT30M',
  });
  expect(await config('?warehouse=team/dev')).toMatchObject({ overrides: { prefix: 'team%2Fdev' } });
  expect(await config('?warehouse=v1')).toMatchObject({ overrides: { prefix: 'v1' } });
  expect(await config(`?warehouse=${rest.ctx.io.root}/`)).toMatchObject({ defaults: { prefix: 'main' } });
  expect((await config('?warehouse=nope')).error).toMatchObject({
    type: 'NoSuchWarehouseException',
    code: 404,
  });
});
