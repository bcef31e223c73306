import type { ServerEngineOptions } from './server-engine.ts';

/** More at once would not be done sooner. */
const AT_MOST = 4;
const FOR_LIGHT = 2;
/** What plans, files and whatever else the process does have for themselves. */
const THREADS_LEFT = 8;

/**
 * How many queries run at once. Each holds one of node's worker threads (see tools/threads.cjs), by which plans are made and
 * files are read too: half of a few stay free for these, but for one that reads little.
 */
export function enginePlaces(
  workerThreads: number,
): Required<Pick<ServerEngineOptions, 'maxConcurrent' | 'forLight' | 'most'>> {
  const maxConcurrent = Math.min(AT_MOST, Math.max(1, Math.floor(workerThreads / 2)));
  const forLight = Math.min(FOR_LIGHT, Math.floor(workerThreads / 4));
  const most = Math.max(maxConcurrent + forLight, Math.min(8, workerThreads - THREADS_LEFT));
  return { maxConcurrent, forLight, most };
}
