import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { RestCatalog, SCHEMA } from '#server/testing/rest-catalog.ts';

const NS = '/main/namespaces/bronze';
let rest: RestCatalog;

beforeEach(async () => {
  rest = await RestCatalog.open();
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
});

const keyed = (key: string, method: string, path: string, json?: unknown) =>
  rest.ask(method, path, json, { 'idempotency-key': key });

it('a repeated request is answered as the first, and done once', async () => {
  const key = randomUUID();
  const create = () => keyed(key, 'POST', `${NS}/tables`, { name: 't', schema: SCHEMA });
  const together = await Promise.all([create(), create(), create()]);
  const later = await create();
  for (const { status, body, headers } of [...together, later]) {
    expect({ status, body }).toEqual({ status: 200, body: together[0]?.body });
    expect(headers.get('etag')).toBe(together[0]?.headers.get('etag'));
  }
  const drop = randomUUID();
  for (let time = 0; time < 3; time += 1)
    expect((await keyed(drop, 'DELETE', `${NS}/tables/t`)).status).toBe(204);
  expect(await rest.log()).toHaveLength(3);
});

it('it is known after a restart by the commit that it made', async () => {
  const requests = [
    ['POST', `${NS}/tables`, { name: 't', schema: SCHEMA }],
    [
      'POST',
      `${NS}/tables/t`,
      { requirements: [], updates: [{ action: 'set-properties', updates: { a: '1' } }] },
    ],
    ['POST', `${NS}/properties`, { updates: { a: '1' } }],
    ['POST', '/main/namespaces', { namespace: ['silver'] }],
    [
      'POST',
      '/main/tables/rename',
      { source: { namespace: ['bronze'], name: 't' }, destination: { namespace: ['silver'], name: 't' } },
    ],
    ['DELETE', '/main/namespaces/silver/tables/t', undefined],
  ] as const;
  for (const [method, path, json] of requests) {
    const key = randomUUID();
    const first = await keyed(key, method, path, json);
    expect(first.status).toBeLessThan(300);
    const commits = (await rest.log()).length;
    rest.restart();
    expect(await keyed(key, method, path, json)).toMatchObject({ status: first.status, body: first.body });
    expect(await rest.log()).toHaveLength(commits);
  }
});

it('it is known to another server that has long run, also where both are asked at once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const other = await RestCatalog.open(rest.ctx);
  rest.restart();
  vi.setSystemTime(Date.now() + 24 * 3600 * 1000);
  await rest.createTable(NS, 't');
  const requests = [
    ['POST', `${NS}/tables`, { name: 'u', schema: SCHEMA }],
    [
      'POST',
      `${NS}/tables/t`,
      { requirements: [], updates: [{ action: 'set-properties', updates: { a: '1' } }] },
    ],
    ['POST', '/main/namespaces', { namespace: ['silver'] }],
    ['DELETE', `${NS}/tables/t`, undefined],
  ] as const;
  for (const [method, path, json] of requests) {
    const headers = { 'idempotency-key': randomUUID() };
    const before = (await rest.log()).length;
    const [one, two] = await Promise.all([rest, other].map((at) => at.ask(method, path, json, headers)));
    expect(one?.status).toBeLessThan(300);
    expect({ status: two?.status, metadata: two?.body['metadata-location'] }).toEqual({
      status: one?.status,
      metadata: one?.body['metadata-location'],
    });
    expect(await rest.log()).toHaveLength(before + 1);
  }
  const late = randomUUID();
  const create = { name: 'v', schema: SCHEMA };
  const first = await keyed(late, 'POST', `${NS}/tables`, create);
  const second = await other.ask('POST', `${NS}/tables`, create, { 'idempotency-key': late });
  expect([second.status, second.body.metadata]).toEqual([200, first.body.metadata]);
});

it('a refusal is repeated too, though it would go well by now', async () => {
  const key = randomUUID();
  const refused = await keyed(key, 'DELETE', `${NS}/tables/t`);
  await rest.createTable(NS, 't');
  expect(await keyed(key, 'DELETE', `${NS}/tables/t`)).toMatchObject({ status: 404, body: refused.body });
  expect((await keyed(randomUUID(), 'DELETE', `${NS}/tables/t`)).status).toBe(204);
});

it('a failure is not: the next try may do it', async () => {
  const key = randomUUID();
  vi.spyOn(rest.ctx.catalog, 'commit').mockRejectedValueOnce(new TypeError('broken'));
  const failed = await keyed(key, 'POST', '/main/namespaces', { namespace: ['gold'] });
  expect(failed.body.error).toMatchObject({ code: 500, type: 'InternalServerError' });
  expect(failed.body.error?.message).not.toContain('broken');
  expect((await keyed(key, 'POST', '/main/namespaces', { namespace: ['gold'] })).status).toBe(200);
});

it('a key of another request, or that is no UUID, is refused', async () => {
  const key = randomUUID();
  await keyed(key, 'POST', `${NS}/tables`, { name: 't', schema: SCHEMA });
  const other = await keyed(key, 'POST', `${NS}/tables`, { name: 'u', schema: SCHEMA });
  expect(other.body.error).toMatchObject({ type: 'BadRequestException', code: 400 });
  expect((await keyed('1', 'DELETE', `${NS}/tables/t`)).status).toBe(400);
});
