import { createContext, use } from 'react';

const Context = createContext<((sql: string) => void) | null>(null);

export const SaveQueryProvider = Context.Provider;

/** Asks for a name to keep SQL under; null where nothing can be kept. */
export function useSaveQuery(): ((sql: string) => void) | null {
  return use(Context);
}
