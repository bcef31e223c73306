import pino from 'pino';
import { expect, it } from 'vitest';
import { createApp, type AppOptions } from '#server/app.ts';
import { RestCatalog } from '#server/testing/rest-catalog.ts';
import { AccessTokens, LIFETIME_SECONDS } from './access-token.ts';

const SECRET = 'a-token-that-is-long-enough';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const credentials = (id: string, secret = SECRET) =>
  form({ grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: 'catalog' });

it('a client gets a token for the secret; its name is the author of its commits', async () => {
  const rest = await RestCatalog.open();
  const given = await rest.ask('POST', '/oauth/tokens', credentials('ada'), { authorization: '' });
  expect(given.body).toMatchObject({ token_type: 'bearer', expires_in: LIFETIME_SECONDS, scope: 'catalog' });
  const younger = await rest.ask(
    'POST',
    '/oauth/tokens',
    form({
      grant_type: EXCHANGE,
      subject_token: String(given.body['access_token']),
      subject_token_type: 'x',
    }),
  );
  for (const { body } of [given, younger]) {
    const headers = {
      authorization: `Bearer ${String(body['access_token'])}`,
      'x-client-version': 'PyIceberg 0.12.0',
    };
    await rest.ask(
      'POST',
      '/main/namespaces',
      { namespace: [String(body['access_token']).slice(-5)] },
      headers,
    );
    const [commit] = await rest.log();
    expect(commit).toMatchObject({ author: 'ada', properties: { client: 'PyIceberg 0.12.0' } });
    expect(commit?.message).toMatch(/^Create namespace .* \(PyIceberg\)$/);
  }
});

it('Basic credentials are as good as those of the form', async () => {
  const rest = await RestCatalog.open();
  const authorization = `Basic ${Buffer.from(`ada:${SECRET}`).toString('base64')}`;
  const given = await rest.ask('POST', '/oauth/tokens', form({ grant_type: 'client_credentials' }), {
    authorization,
  });
  expect(new AccessTokens(SECRET).verify(String(given.body['access_token']))).toEqual({ client: 'ada' });
});

it.each([
  ['another secret', credentials('ada', 'wrong'), 401, 'invalid_client'],
  ['no secret', form({ grant_type: 'client_credentials' }), 400, 'invalid_request'],
  ['another grant', form({ grant_type: 'password' }), 400, 'unsupported_grant_type'],
  ['a token that is none', form({ grant_type: EXCHANGE, subject_token: 'tsc.e30.x' }), 401, 'invalid_grant'],
])('refuses %s', async (_, body, status, error) => {
  const rest = await RestCatalog.open();
  const answer = await rest.ask('POST', '/oauth/tokens', body, { authorization: '' });
  expect(answer).toMatchObject({ status, body: { error } });
});

it('tokens end, are of one server, and are not to be forged', () => {
  let now = 1e12;
  const tokens = new AccessTokens(SECRET, () => now);
  const token = tokens.issue('ada');
  expect(tokens.verify(token)).toEqual({ client: 'ada' });
  const [prefix, , signature] = token.split('.');
  const claims = Buffer.from(JSON.stringify({ client: 'eve', expires: 9e12 })).toString('base64url');
  for (const forged of [`${prefix}.${claims}.${signature}`, `${token}x`, `${token}.x`, '', `${prefix}..`])
    expect(tokens.verify(forged)).toBeNull();
  expect(new AccessTokens('another-secret', () => now).verify(token)).toBeNull();
  now += LIFETIME_SECONDS * 1000;
  expect(tokens.verify(token)).toBeNull();
});

it('the whole server lets nobody in without a token, and says so in the words of the protocol', async () => {
  const logger = pino({ level: 'silent' });
  const app = createApp({
    // Nobody gets as far as what the routes work with.
    ctx: { logger } as AppOptions['ctx'],
    token: SECRET,
    allowedHosts: [],
    webDirectory: null,
    version: '0',
    logger,
  });
  const ask = (path: string, headers: Record<string, string>) =>
    app.request(`http://localhost/iceberg${path}`, { headers: { host: 'localhost', ...headers } });
  for (const authorization of ['', 'Bearer wrong', 'Basic YTpi']) {
    const answer = await ask('/v1/main/namespaces', { authorization });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { type: 'NotAuthorizedException', code: 401 } });
  }
  const foreign = await ask('/v1/config', { host: 'evil.example' });
  expect(await foreign.json()).toMatchObject({ error: { type: 'ForbiddenException', code: 403 } });
});
