import { useSyncExternalStore } from 'react';

const KEY = 'timestream.column-figures';
const listeners = new Set<() => void>();

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

function set(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether results show figures under the names of their columns; one choice for all of them. */
export function useFiguresShown(): readonly [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, read), set];
}
