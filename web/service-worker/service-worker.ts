import { ShellCache, type Shell } from './shell-cache.ts';

/** What a service worker has, of what the page's types don't know. */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (
      event: Lasting & { readonly request: Request; respondWith(answer: Promise<Response>): void },
    ) => void,
  ): void;
  addEventListener(type: 'message', listener: (event: Lasting & { readonly data: unknown }) => void): void;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const scope = globalThis as unknown as WorkerScope;
const cache = new ShellCache({
  // The build writes in its place what this build is made of (vite.config.ts).
  shell: JSON.parse('__SHELL_OF_THIS_BUILD__') as Shell,
  origin: location.origin,
  caches,
  fetch: async (request, init) => fetch(request, init),
});

scope.addEventListener('install', (event) => {
  // Pages come from the server, so an older page loses nothing by a newer worker.
  event.waitUntil(cache.install().then(() => scope.skipWaiting()));
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(cache.activate().then(() => scope.clients.claim()));
});
scope.addEventListener('fetch', (event) => {
  const answer = cache.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
scope.addEventListener('message', (event) => {
  const { data } = event;
  const isList = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (isList(data)) event.waitUntil(cache.keep(data));
});
