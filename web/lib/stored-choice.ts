import { useSyncExternalStore } from 'react';

/** Something that a person chose; kept in this browser, for all its tabs to come. */
export interface StoredChoice<T> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly use: () => T;
}

/** @param write null where what is chosen is what is there without a choice */
export function storedChoice<T>(
  key: string,
  read: (text: string | null) => T,
  write: (value: T) => string | null,
): StoredChoice<T> {
  const listeners = new Set<() => void>();
  let chosen: { readonly value: T } | null = null;
  const stored = (): string | null => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const get = (): T => (chosen ??= { value: read(stored()) }).value;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    set: (value) => {
      chosen = { value };
      const text = write(value);
      try {
        if (text === null) localStorage.removeItem(key);
        else localStorage.setItem(key, text);
      } catch {
        // Storage is forbidden here: the choice lasts as long as the page.
      }
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
