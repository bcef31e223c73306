/** Milliseconds after the page has loaded: the engine and the first answers go first. */
const LATER_MS = 2000;

/**
 * Lets the page open while the server is away, by a service worker that keeps the page's own files. Where the browser
 * has none (a page that is not secure), the page needs its server.
 */
export async function keepShell(): Promise<void> {
  // Absent on pages that are not secure.
  const workers = (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  if (workers === undefined || !import.meta.env.PROD) return;
  await loaded();
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  // Not as a module, which browsers ask for without the cookie that signs in.
  await workers.register('/sw.js');
  const { active } = await workers.ready;
  // What was loaded before the worker was there: the fonts, and the engine, which a worker of the page loaded.
  const loadedHere = performance.getEntriesByType('resource').map(({ name }) => name);
  const { pickBundle } = await import('#web/duckdb/engine/bundles.ts');
  const { module, script, pthread } = await pickBundle();
  active?.postMessage([...loadedHere, module, script, ...(pthread === null ? [] : [pthread])]);
}

function loaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}
