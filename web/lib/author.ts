import { useSyncExternalStore } from 'react';

const KEY = 'timestream.author';
/** As many as the API takes. */
export const MOST_LETTERS = 200;
const listeners = new Set<() => void>();
let chosen: string | null = null;

/**
 * Who works in this browser, as commits and approvals say it; empty: the person who runs the server. Kept in this
 * browser, and believed by the server.
 */
export function authorName(): string {
  chosen ??= stored();
  return chosen;
}

/** @param name control characters are dropped; empty: the person who runs the server */
export function setAuthorName(name: string): void {
  chosen = clean(name);
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is forbidden here: the name lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useAuthorName(): string {
  return useSyncExternalStore(subscribe, authorName);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): string {
  try {
    return clean(localStorage.getItem(KEY) ?? '');
  } catch {
    return '';
  }
}

function clean(name: string): string {
  return name
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MOST_LETTERS);
}
