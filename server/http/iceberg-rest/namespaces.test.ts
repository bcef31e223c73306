import { beforeEach, describe, expect, it } from 'vitest';
import { RestCatalog } from '#server/testing/rest-catalog.ts';

const ALL = '/main/namespaces';
let rest: RestCatalog;

beforeEach(async () => {
  rest = await RestCatalog.open();
});

const create = (...namespace: string[]) =>
  rest.ask('POST', ALL, { namespace, properties: { owner: namespace.join('/') } });
const listed = async (query = '') => (await rest.ask('GET', `${ALL}${query}`)).body.namespaces;

it('nested ones are made with those that they lie in, and listed a level at a time', async () => {
  const made = await create('a', 'b.c', '😀/d');
  expect(made.body).toEqual({
    namespace: ['a', 'b.c', '😀/d'],
    properties: { owner: 'a/b.c/😀/d', location: 'memory://warehouse/a/b.c/_F0_9F_98_80_2Fd' },
  });
  expect(await listed()).toEqual([['a']]);
  expect(await listed('?parent=')).toEqual([['a']]);
  expect(await listed('?parent=a')).toEqual([['a', 'b.c']]);
  const path = ['a', 'b.c', '😀/d'].map(encodeURIComponent).join('%1F');
  expect(await listed('?parent=a%1Fb.c')).toEqual([['a', 'b.c', '😀/d']]);
  expect((await rest.ask('GET', `${ALL}/${path}`)).body).toEqual(made.body);
  expect((await rest.ask('HEAD', `${ALL}/${path}`)).status).toBe(204);
  expect((await rest.ask('HEAD', `${ALL}/a%1Fb`)).status).toBe(404);
  expect((await rest.ask('GET', `${ALL}?parent=zzz`)).body.error?.type).toBe('NoSuchNamespaceException');
  expect(await rest.log()).toHaveLength(1);
});

it('one that only has something in it, and no entry of its own, is there too', async () => {
  const content = { type: 'NAMESPACE', id: '1', value: { properties: {} } };
  await rest.ctx.catalog.commit({
    branch: 'main',
    author: 'a',
    message: 'm',
    properties: {},
    operations: [{ kind: 'put', key: ['x', 'y', 'z'], content }],
    requirements: [],
  });
  expect(await listed()).toEqual([['x']]);
  expect((await rest.ask('GET', `${ALL}/x%1Fy`)).body.properties).toEqual({
    location: 'memory://warehouse/x/y',
  });
  await rest.ask('POST', `${ALL}/x/properties`, { updates: { k: 'v' } });
  expect((await rest.ask('GET', `${ALL}/x`)).body.properties).toMatchObject({ k: 'v' });
  expect((await rest.createTable(`${ALL}/x%1Fy`, 't')).metadata).toBeDefined();
});

it('one that is there is not made again, and one with something in it is not dropped', async () => {
  await create('a', 'b');
  expect((await create('a')).body.error).toMatchObject({ type: 'AlreadyExistsException', code: 409 });
  const full = await rest.ask('DELETE', `${ALL}/a`);
  expect(full.body.error).toMatchObject({ type: 'NamespaceNotEmptyException', code: 409 });
  expect((await rest.ask('DELETE', `${ALL}/a%1Fb`)).status).toBe(204);
  expect((await rest.ask('DELETE', `${ALL}/a`)).status).toBe(204);
  expect((await rest.ask('DELETE', `${ALL}/a`)).body.error?.type).toBe('NoSuchNamespaceException');
  await create('a');
  await rest.createTable(`${ALL}/a`, 't');
  expect((await create('a', 't', 'deep')).body.error?.type).toBe('AlreadyExistsException');
  expect((await rest.ask('GET', `${ALL}/a%1Ft`)).body.error?.type).toBe('NoSuchNamespaceException');
});

it('properties are set and removed; one that is to be both is refused', async () => {
  await create('a');
  const changed = await rest.ask('POST', `${ALL}/a/properties`, {
    updates: { comment: 'x', n: 5 },
    removals: ['owner', 'none', 'none'],
  });
  expect(changed.body).toEqual({ updated: ['comment', 'n'], removed: ['owner'], missing: ['none'] });
  expect((await rest.ask('GET', `${ALL}/a`)).body.properties).toEqual({
    comment: 'x',
    n: '5',
    location: 'memory://warehouse/a',
  });
  await rest.ask('POST', `${ALL}/a/properties`, { updates: { location: 'memory://warehouse/z' } });
  expect((await rest.ask('GET', `${ALL}/a`)).body.properties).toMatchObject({
    location: 'memory://warehouse/z',
  });
  const both = await rest.ask('POST', `${ALL}/a/properties`, { updates: { a: '1' }, removals: ['a'] });
  expect(both.body.error).toMatchObject({ type: 'UnprocessableEntityException', code: 422 });
  const commits = (await rest.log()).length;
  await rest.ask('POST', `${ALL}/a/properties`, { removals: ['none'] });
  expect(await rest.log()).toHaveLength(commits);
});

it.each([[[]], [['']], [['a', '']], [['a\u0000']], ['a'], [[1]], [null]])(
  'answers 400 to the namespace %j',
  async (namespace) => {
    const { body } = await rest.ask('POST', ALL, { namespace });
    expect(body.error).toMatchObject({ type: 'BadRequestException', code: 400 });
  },
);

describe('pages', () => {
  it('give every name once, also while others come and go', async () => {
    await create('a');
    const names = Array.from({ length: 7 }, (_, index) => `t${index}`);
    for (const name of names) await rest.createTable(`${ALL}/a`, name);
    const found: string[] = [];
    let token: string | null | undefined = '';
    while (typeof token === 'string') {
      const { body } = await rest.ask('GET', `${ALL}/a/tables?pageSize=3&pageToken=${token}`);
      found.push(...(body.identifiers ?? []).map(({ name }) => name));
      token = body['next-page-token'];
      await rest.ask('DELETE', `${ALL}/a/tables/t6`);
      await rest.createTable(`${ALL}/a`, `s${found.length}`);
    }
    expect(found).toEqual(names);
  });

  it('come only to who asks for them; foreign tokens and sizes are refused', async () => {
    for (const name of ['x', 'y', 'z']) await create(name);
    expect(await listed()).toEqual([['x'], ['y'], ['z']]);
    expect((await rest.ask('GET', `${ALL}?pageToken=&pageSize=2`)).body).toMatchObject({
      namespaces: [['x'], ['y']],
    });
    for (const query of ['pageToken=bm8', 'pageToken=%%%', 'pageToken=&pageSize=0', 'pageToken=&pageSize=x'])
      expect((await rest.ask('GET', `${ALL}?${query}`)).status).toBe(400);
  });
});
