/** What the build lays into the worker. */
export interface Shell {
  /** A hash over the names of all files, which have a hash of their content in them. */
  readonly build: string;
  /** Paths of the page and of the code that it may load. */
  readonly files: readonly string[];
  /** Paths of what the page loads once it queries, which it may do without its server too. */
  readonly later: readonly string[];
}

interface ShellCacheOptions {
  readonly shell: Shell;
  readonly origin: string;
  readonly caches: Pick<CacheStorage, 'open' | 'keys' | 'delete' | 'match'>;
  readonly fetch: (request: Request | string, init?: RequestInit) => Promise<Response>;
  /** Milliseconds that the server has to answer with a page. */
  readonly patienceMs?: number;
}

const PREFIX = 'timestream-shell-';
const PAGE = '/';
const ASSETS = '/assets/';
/** Builds that are kept: pages of the one before may still be open. */
const KEPT_BUILDS = 2;
/** A proxy's word that the server behind it is away. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * The page's own files, so that it opens while the server is away. Pages come from the server where it answers, so a new
 * build is there at once; what has a hash in its name comes from here, because it never changes. What the API says is
 * never kept here.
 */
export class ShellCache {
  readonly #options: Required<ShellCacheOptions>;

  constructor(options: ShellCacheOptions) {
    this.#options = { patienceMs: 10_000, ...options };
  }

  get #name(): string {
    return PREFIX + this.#options.shell.build;
  }

  /** Fetches what the page is made of; rejects where a file of it can't be had, and then this build is not taken. */
  async install(): Promise<void> {
    const { caches, fetch, shell } = this.#options;
    const cache = await caches.open(this.#name);
    await Promise.all(
      shell.files.map(async (path) => {
        const known = path.startsWith(ASSETS) ? await caches.match(path) : undefined;
        // Past the browser's own cache, but for what never changes.
        const response =
          known ?? (await fetch(path, { cache: path.startsWith(ASSETS) ? 'default' : 'reload' }));
        if (!response.ok || response.redirected) throw new TypeError(`${path}: ${response.status}`);
        await cache.put(path, response);
      }),
    );
  }

  /** Drops what builds of before kept, but for the last one's. */
  async activate(): Promise<void> {
    const { caches } = this.#options;
    const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== this.#name);
    // In the order in which they came.
    const old = others.slice(0, Math.max(0, others.length - (KEPT_BUILDS - 1)));
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /** Keeps what the page needs later, and these, which it loaded before it had this worker: the engine, fonts. */
  async keep(urls: readonly string[]): Promise<void> {
    const { caches, fetch, origin, shell } = this.#options;
    const cache = await caches.open(this.#name);
    for (const url of [...urls, ...shell.later]) {
      const { pathname, origin: from } = new URL(url, origin);
      if (from !== origin || !pathname.startsWith(ASSETS)) continue;
      if ((await caches.match(pathname)) !== undefined) continue;
      const response = await fetch(pathname);
      if (response.ok) await cache.put(pathname, response);
    }
  }

  /** The answer to a request of the page; null where it is the server's alone. */
  answer(request: Request): Promise<Response> | null {
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== this.#options.origin) return null;
    if (request.mode === 'navigate') return isPage(url) ? this.#page(request) : null;
    if (url.pathname.startsWith(ASSETS)) return this.#asset(request, url.pathname);
    return this.#options.shell.files.includes(url.pathname) ? this.#file(request, url.pathname) : null;
  }

  async #page(request: Request): Promise<Response> {
    const { fetch, patienceMs } = this.#options;
    const asked = fetch(request);
    // Its failure is spoken of below, or nobody waits for it any more.
    asked.catch(() => undefined);
    try {
      const response = await Promise.race([asked, sleep(patienceMs)]);
      if (response !== null && !AWAY.has(response.status)) return response;
      return (await this.#kept(PAGE)) ?? (await asked);
    } catch (error) {
      const kept = await this.#kept(PAGE);
      if (kept === undefined) throw error;
      return kept;
    }
  }

  async #asset(request: Request, path: string): Promise<Response> {
    const { caches, fetch } = this.#options;
    const kept = await caches.match(path);
    if (kept !== undefined) return kept;
    const response = await fetch(request);
    // A part of a file is none.
    if (response.status === 200) {
      const copy = response.clone();
      // A disk that is full costs the next visit, and not this one.
      void caches
        .open(this.#name)
        .then((cache) => cache.put(path, copy))
        .catch(() => undefined);
    }
    return response;
  }

  async #file(request: Request, path: string): Promise<Response> {
    try {
      return await this.#options.fetch(request);
    } catch (error) {
      const kept = await this.#kept(path);
      if (kept === undefined) throw error;
      return kept;
    }
  }

  /** Of this build: what stands in another's page names other files. */
  async #kept(path: string): Promise<Response | undefined> {
    return (await this.#options.caches.open(this.#name)).match(path);
  }
}

/** Whose address the page's router knows, and not the server. A token signs in, which only the server can do. */
function isPage({ pathname, searchParams }: URL): boolean {
  return (
    !/^\/(?:api|iceberg|assets)\/|^\/(?:health|metrics|openapi\.json)$/.test(pathname) &&
    !searchParams.has('token')
  );
}

function sleep(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
