import { afterEach, beforeEach, expect, it } from 'vitest';
import { LocationGrants, SIGNING_ENDPOINT } from '../../services/iceberg-catalog/index.ts';
import { openS3FileIO, type S3FileIO } from '#server/storage/s3/s3-file-io.ts';
import { openTinyStore, type TinyStore } from '#server/storage/testing/tiny-store.ts';
import { RestCatalog, SCHEMA, type RestBody } from '#server/testing/rest-catalog.ts';
import { AccessTokens } from './access-token.ts';

const NS = '/main/namespaces/bronze';
const SIGNING = { 'x-iceberg-access-delegation': 'vended-credentials,remote-signing' };
let store: TinyStore;
let io: S3FileIO;
let rest: RestCatalog;
let now: number;

beforeEach(async () => {
  now = Date.now();
  store = await openTinyStore();
  io = await openS3FileIO('s3://bucket/lake house', {
    endpoint: store.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'the-key', secretAccessKey: 'the-secret' },
  });
  const grants = new LocationGrants('a-token', () => now);
  rest = await RestCatalog.open({ io, signing: { signer: io.signer, grants } });
  await rest.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
});
afterEach(async () => {
  io.close();
  await store.close();
});

const at = (location: string) =>
  `${store.url}/${location.slice('s3://'.length).split('/').map(encodeURIComponent).join('/')}`;
const locationOf = (body: RestBody) => String(body.metadata?.['location']);
const request = (method: string, uri: string) => ({ method, uri, region: 'us-east-1', headers: {} });
const sign = (place: string, method: string, uri: string, table = 't', headers = {}) =>
  rest.ask('POST', `/${place}/namespaces/bronze/tables/${table}/sign`, request(method, uri), headers);

it('a client that asks for it is told how to have its requests signed, and no keys', async () => {
  const created = await rest.ask('POST', `${NS}/tables`, { name: 't', schema: SCHEMA }, SIGNING);
  const loaded = await rest.ask('GET', `${NS}/tables/t`, undefined, SIGNING);
  for (const { body } of [created, loaded])
    expect(body['config']).toMatchObject({
      's3.remote-signing-enabled': 'true',
      's3.signer.endpoint': 'v1/main/namespaces/bronze/tables/t/sign',
    });
  expect(JSON.stringify(loaded.body)).not.toMatch(/the-key|the-secret/);
  const others = await rest.ask('GET', `${NS}/tables/t`, undefined, {
    'x-iceberg-access-delegation': 'vended-credentials',
  });
  expect(others.body['config']).not.toHaveProperty('s3.remote-signing-enabled');
  expect((await rest.ask('GET', '/config')).body['endpoints']).toContain(SIGNING_ENDPOINT);
});

it('what is below the table is signed: reading, writing, listing', async () => {
  const location = locationOf(await rest.createTable(NS, 't'));
  for (const [method, uri] of [
    ['GET', `${at(location)}/data/a.parquet`],
    ['PUT', `${at(location)}/data/p%3D1/a.parquet`],
    ['POST', `${at(location)}/data/a.parquet?uploads`],
    [
      'GET',
      `${store.url}/bucket?list-type=2&prefix=${encodeURIComponent(`${location.slice('s3://bucket/'.length)}/`)}`,
    ],
  ] as const) {
    const { status, body, headers } = await sign('main', method, uri);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      uri,
      headers: {
        authorization: [expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=the-key\//)],
        'x-amz-content-sha256': ['UNSIGNED-PAYLOAD'],
        'x-amz-date': [expect.stringMatching(/^\d{8}T\d{6}Z$/)],
      },
    });
    expect(headers.get('cache-control')).toBe('private');
  }
});

it('nothing else is: other tables, those whose names begin alike, the warehouse, deletions', async () => {
  const own = locationOf(await rest.createTable(NS, 't'));
  const other = locationOf(await rest.createTable(NS, 'other'));
  for (const [method, uri] of [
    ['GET', `${at(other)}/data/a.parquet`],
    ['PUT', `${at(other)}/data/a.parquet`],
    ['GET', `${at(own)}-2/data/a.parquet`],
    ['GET', at(own)],
    ['GET', `${at(own)}/../other`],
    ['GET', `${store.url}/bucket?list-type=2&prefix=lake%20house%2F`],
    ['DELETE', `${at(own)}/data/a.parquet`],
  ] as const)
    expect((await sign('main', method, uri)).body.error).toMatchObject({
      type: 'ForbiddenException',
      code: 403,
    });
  expect((await sign('main', 'GET', `${at(own)}/a`, 'absent')).status).toBe(403);
});

it('where only reading is, as at a tag, writes are not signed', async () => {
  const location = locationOf(await rest.createTable(NS, 't'));
  const { hash } = await rest.ctx.catalog.getRef('main');
  await rest.ctx.catalog.createRef({ name: 'v1', type: 'TAG', hash });
  for (const place of ['v1', hash]) {
    expect((await sign(place, 'GET', `${at(location)}/a`)).status).toBe(200);
    expect((await sign(place, 'PUT', `${at(location)}/a`)).status).toBe(403);
  }
});

it('a table that is staged can be written where the server put it, for a day', async () => {
  const staged = await rest.ask(
    'POST',
    `${NS}/tables`,
    { name: 'new', schema: SCHEMA, 'stage-create': true, location: null },
    SIGNING,
  );
  const endpoint = (staged.body['config'] as Record<string, string>)['s3.signer.endpoint'] ?? '';
  const location = locationOf(staged.body);
  const ask = (path: string, uri: string) => rest.ask('POST', path, request('PUT', uri));
  const path = `/${endpoint.replace(/^v1\//, '')}`;
  expect((await ask(path, `${at(location)}/data/a`)).status).toBe(200);
  expect((await ask(path, `${at(location)}-2/data/a`)).status).toBe(403);
  expect((await ask(path.replace(/\?.*$/, ''), `${at(location)}/data/a`)).status).toBe(403);
  const claims = Buffer.from(JSON.stringify({ location: io.root, until: 9e15 })).toString('base64url');
  const forged = path.replace(/grant=[^.]*/, `grant=${claims}`);
  expect((await ask(forged, `${at(io.root)}/data/a`)).status).toBe(403);
  now += 25 * 3600 * 1000;
  expect((await ask(path, `${at(location)}/data/a`)).status).toBe(403);
  const chosen = { name: 'mine', schema: SCHEMA, 'stage-create': true, location: `${io.root}/mine` };
  const own = await rest.ask('POST', `${NS}/tables`, chosen, SIGNING);
  expect(own.body['config']).not.toHaveProperty('s3.remote-signing-enabled');
});

it('nobody is signed for without a token, with one that has ended, or with a body that is no request', async () => {
  const location = locationOf(await rest.createTable(NS, 't'));
  const ended = new AccessTokens(rest.token, () => Date.now() - 2 * 3600 * 1000).issue('ada');
  for (const authorization of ['', `Bearer ${ended}`])
    expect((await sign('main', 'GET', `${at(location)}/a`, 't', { authorization })).status).toBe(401);
  for (const body of [
    {},
    { method: 'GET', uri: 5, headers: {} },
    { ...request('GET', at(location)), headers: [] },
  ])
    expect((await rest.ask('POST', `${NS}/tables/t/sign`, body)).status).toBe(400);
});

it('in a folder there is nothing to sign', async () => {
  const local = await RestCatalog.open();
  await local.ask('POST', '/main/namespaces', { namespace: ['bronze'] });
  await local.createTable(NS, 't');
  const { body } = await local.ask('POST', `${NS}/tables/t/sign`, request('GET', 'http://store/a/b'));
  expect(body.error?.type).toBe('BadRequestException');
});
