import { describe, expect, it } from 'vitest';
import { ShellCache } from './shell-cache.ts';

const ORIGIN = 'http://host';

/** The browser's caches, as far as they are used: by path. */
class MemoryCaches {
  readonly stores = new Map<string, Map<string, Response>>();

  async open(name: string): Promise<Cache> {
    const store = this.stores.get(name) ?? new Map<string, Response>();
    this.stores.set(name, store);
    return {
      match: async (path: string) => store.get(path)?.clone(),
      put: async (path: string, response: Response) => void store.set(path, response),
    } as unknown as Cache;
  }

  async match(path: string): Promise<Response | undefined> {
    return [...this.stores.values()]
      .map((store) => store.get(path)?.clone())
      .find((each) => each !== undefined);
  }

  async keys(): Promise<string[]> {
    return [...this.stores.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.stores.delete(name);
  }
}

/** A server of one build, which can be away. */
class Server {
  build = 'one';
  away = false;
  readonly asked: string[] = [];

  readonly fetch = async (request: Request | string): Promise<Response> => {
    const { pathname } = new URL(typeof request === 'string' ? request : request.url, ORIGIN);
    this.asked.push(pathname);
    if (this.away) throw new TypeError('Failed to fetch');
    return new Response(`${this.build}:${pathname}`);
  };
}

function open(caches: MemoryCaches, server: Server, build = server.build) {
  const shell = {
    build,
    files: ['/', '/theme.js', `/assets/main-${build}.js`],
    later: [`/assets/engine-${build}.wasm`],
  };
  return new ShellCache({ shell, origin: ORIGIN, caches, fetch: server.fetch, patienceMs: 1e6 });
}

const page = (path: string) => ({ url: ORIGIN + path, method: 'GET', mode: 'navigate' }) as Request;
const file = (path: string, method = 'GET') => new Request(ORIGIN + path, { method });
const text = async (answer: Promise<Response> | null) => (answer === null ? null : (await answer).text());

describe('ShellCache', () => {
  it('gives the page of the server while it answers, and the kept one while it is away', async () => {
    const [caches, server] = [new MemoryCaches(), new Server()];
    const cache = open(caches, server);
    await cache.install();
    expect(await text(cache.answer(page('/notebooks/x?cell=1')))).toBe('one:/notebooks/x');
    server.away = true;
    expect(await text(cache.answer(page('/notebooks/x?cell=1')))).toBe('one:/');
    expect(await text(cache.answer(file('/theme.js')))).toBe('one:/theme.js');
    expect(await text(cache.answer(file('/assets/main-one.js')))).toBe('one:/assets/main-one.js');
  });

  it('keeps nothing of the API, and lets only the server sign in', () => {
    const cache = open(new MemoryCaches(), new Server());
    for (const path of ['/api/v1/refs', '/api/v1/data/x', '/iceberg/v1/config', '/openapi.json', '/sw.js']) {
      expect(cache.answer(file(path))).toBeNull();
    }
    expect(cache.answer(page('/api/v1/refs'))).toBeNull();
    expect(cache.answer(page('/?token=abc'))).toBeNull();
    expect(cache.answer(file('/assets/main-one.js', 'POST'))).toBeNull();
    expect(cache.answer(new Request('http://elsewhere/assets/x.js'))).toBeNull();
  });

  it('fetches once what never changes, also what the page had loaded before', async () => {
    const [caches, server] = [new MemoryCaches(), new Server()];
    const cache = open(caches, server);
    await cache.install();
    await cache.keep([`${ORIGIN}/assets/duckdb.wasm`, `${ORIGIN}/api/v1/refs`, 'http://elsewhere/assets/y']);
    server.asked.length = 0;
    await text(cache.answer(file('/assets/duckdb.wasm')));
    await text(cache.answer(file('/assets/engine-one.wasm')));
    await text(cache.answer(file('/assets/main-one.js')));
    expect(server.asked).toEqual([]);
    server.away = true;
    expect(await text(cache.answer(file('/assets/duckdb.wasm')))).toBe('one:/assets/duckdb.wasm');
  });

  it('a new build takes the place of the old one, whose open pages still find their files', async () => {
    const [caches, server] = [new MemoryCaches(), new Server()];
    for (const build of ['one', 'two', 'three']) {
      server.build = build;
      const cache = open(caches, server);
      await cache.install();
      await cache.activate();
      server.away = true;
      expect(await text(cache.answer(page('/catalog')))).toBe(`${build}:/`);
      server.away = false;
    }
    expect(await caches.keys()).toEqual(['timestream-shell-two', 'timestream-shell-three']);
  });

  it('is not taken where a file of it can’t be had, and a page that nobody has fails', async () => {
    const [caches, server] = [new MemoryCaches(), new Server()];
    server.away = true;
    const cache = open(caches, server);
    await expect(cache.install()).rejects.toThrow('Failed to fetch');
    await expect(cache.answer(page('/'))).rejects.toThrow('Failed to fetch');
  });
});
