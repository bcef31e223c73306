import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { requestJson } from './api-client.ts';
import { authorName, setAuthorName } from './author.ts';

afterEach(() => setAuthorName(''));

it('what is done is said to be by the person who works in this browser, in any letters', async () => {
  const fetch = vi.fn(async (_url: unknown, _init?: RequestInit) => new Response('{}'));
  const ask = (method: 'GET' | 'POST') => requestJson(z.object({}), 'refs', { method, transport: { fetch } });
  await ask('POST');
  setAuthorName(' Zoë\n李 ');
  expect(authorName()).toBe('Zoë 李');
  await ask('POST');
  await ask('GET');
  const sent = fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get('timestream-author'));
  expect(sent).toEqual([null, encodeURIComponent('Zoë 李'), null]);
});
