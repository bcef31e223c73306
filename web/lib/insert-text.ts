import { createContext, use, useEffect, useSyncExternalStore } from 'react';

type Insert = (text: string) => void;

/** Where text that is picked elsewhere on the page goes: the editor that was used last, while there is one. */
export class InsertTarget {
  readonly #listeners = new Set<() => void>();
  #insert: Insert | null = null;

  readonly get = (): Insert | null => this.#insert;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(insert: Insert | null): void {
    this.#insert = insert;
    for (const listener of this.#listeners) listener();
  }
}

const Context = createContext(new InsertTarget());

export const InsertTargetProvider = Context.Provider;

/** Inserts text at the cursor of the page's editor; null while the page has none. */
export function useInsertText(): Insert | null {
  const target = use(Context);
  return useSyncExternalStore(target.subscribe, target.get);
}

/** Makes this component the one that takes such text; memoize `insert`. */
export function useTakeText(insert: Insert): void {
  const target = use(Context);
  useEffect(() => {
    target.set(insert);
    return () => target.set(null);
  }, [target, insert]);
}
