import { useSyncExternalStore } from 'react';

const KEY = 'timestream.load-ahead';
const OFF = 'off';
const listeners = new Set<() => void>();
let chosen: boolean | null = null;

/** Whether this tab may load the columns of answers that the server gave; kept in this browser, for all its tabs to come. */
export function loadsAhead(): boolean {
  chosen ??= stored();
  return chosen;
}

export function setLoadsAhead(wanted: boolean): void {
  chosen = wanted;
  try {
    if (wanted) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, OFF);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useLoadsAhead(): boolean {
  return useSyncExternalStore(subscribe, loadsAhead);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== OFF;
  } catch {
    return true;
  }
}
