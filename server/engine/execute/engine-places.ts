/** More at once would not be done sooner. */
const AT_MOST = 4;

/**
 * How many queries run at once. Each holds one of node's worker threads (see tools/threads.cjs), by which plans are made and
 * files are read too: half of them stay free.
 */
export function enginePlaces(workerThreads: number): { readonly maxConcurrent: number } {
  return { maxConcurrent: Math.min(AT_MOST, Math.max(1, Math.floor(workerThreads / 2))) };
}
