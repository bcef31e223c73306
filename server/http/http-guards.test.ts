import { Hono } from 'hono';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { renderError } from './error-renderer.ts';
import { bodySize } from './middleware/body-size.ts';
import { authentication } from './middleware/authentication.ts';
import { sameOriginOnly, securityHeaders } from './middleware/security.ts';

const TOKEN = 'a-token-that-is-long-enough';
const HOST = '127.0.0.1:4400';

function guarded(allowed: readonly string[] = []): Hono {
  const app = new Hono();
  app.onError((error, c) => renderError(error, c, pino({ level: 'silent' })));
  app.use(securityHeaders, sameOriginOnly(allowed), authentication(TOKEN), bodySize(1));
  app.get('/health', (c) => c.text('ok'));
  app.all('/*', (c) => c.text('inside'));
  return app;
}

function ask(path: string, headers: Record<string, string> = {}, app = guarded(), method = 'GET') {
  return app.request(`http://${HOST}${path}`, { method, headers: { host: HOST, ...headers } });
}

describe('the headers of an answer', () => {
  it('are added to the very answer that a route gave', async () => {
    const app = new Hono();
    const given = new Response('bytes');
    app.use(securityHeaders);
    app.get('/', () => given);
    const answer = await app.request('/');
    expect(answer).toBe(given);
    expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('the token', () => {
  it('is not needed for /health and for nothing else', async () => {
    expect((await ask('/health')).status).toBe(200);
    for (const path of ['/', '/api/v1/tables', '/openapi.json', '/assets/x.js'])
      expect((await ask(path)).status).toBe(401);
  });

  it('opens as a bearer, and a wrong one does not', async () => {
    expect((await ask('/api/v1/tables', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    const refused = await ask('/api/v1/tables', { authorization: 'Bearer stale-and-wrong-token' });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED', retryable: false } });
  });

  it('in the address becomes a cookie, and leaves the address', async () => {
    const first = await ask(`/catalog?ref=dev&token=${TOKEN}`);
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toBe('/catalog?ref=dev');
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^timestream-4400=/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect((await ask('/catalog', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
  });

  it('that is stale gives a person a page that says so, and a script an error', async () => {
    const page = await ask('/?token=old-token-of-another-day', { accept: 'text/html' });
    expect(page.status).toBe(401);
    expect(await page.text()).toMatch(/not the one of this server\. Open the address .* or paste the token/);
    const cookie = await ask('/', {
      accept: 'text/html',
      cookie: 'timestream-4400=old-token-of-another-day',
    });
    expect(await cookie.text()).toMatch(/not valid any more/);
  });
});

describe('another site', () => {
  const bearer = { authorization: `Bearer ${TOKEN}` };

  it('can not reach the server by a name of its own (DNS rebinding)', async () => {
    const app = guarded();
    const answer = await app.request('http://evil.example/', {
      headers: { host: 'evil.example', ...bearer },
    });
    expect(answer.status).toBe(403);
  });

  it('is let in by name only where the configuration says so', async () => {
    const app = guarded(['lake.example']);
    expect(
      (await app.request('http://lake.example/', { headers: { host: 'lake.example', ...bearer } })).status,
    ).toBe(200);
  });

  it('can not send requests from its pages', async () => {
    expect(
      (await ask('/api/v1/refs', { ...bearer, origin: 'https://evil.example' }, guarded(), 'POST')).status,
    ).toBe(403);
    expect(
      (await ask('/api/v1/refs', { ...bearer, origin: 'http://127.0.0.1:9999' }, guarded(), 'POST')).status,
    ).toBe(403);
    expect(
      (await ask('/api/v1/refs', { ...bearer, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }))
        .status,
    ).toBe(403);
    expect(
      (await ask('/api/v1/refs', { ...bearer, origin: `http://${HOST}` }, guarded(), 'POST')).status,
    ).toBe(200);
  });

  it('is kept out of the page by headers, on refusals too', async () => {
    const headers = (await ask('/')).headers;
    expect(headers.get('content-security-policy')).toMatch(/connect-src 'self'/);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });
});

it('a body that would fill the memory is refused', async () => {
  const send = (bytes: number) =>
    guarded().request(`http://${HOST}/api/v1/query`, {
      method: 'POST',
      headers: { host: HOST, authorization: `Bearer ${TOKEN}`, 'content-length': String(bytes) },
      body: new Uint8Array(bytes),
    });
  expect((await send(1024 * 1024)).status).toBe(200);
  const refused = await send(1024 * 1024 + 1);
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } });
});
