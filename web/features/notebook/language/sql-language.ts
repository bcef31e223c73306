import { createContext, useContext } from 'react';
import type { QuerySession } from '#web/duckdb/types.ts';
import type { LanguageFacts } from './language-facts.ts';

/** What editors know beside the tables of their notebook. */
export interface SqlLanguage extends Pick<LanguageFacts, 'functions' | 'refs' | 'snippets'> {
  /** What is asked for values of columns; absent where nothing can be. */
  readonly session?: Pick<QuerySession, 'run'>;
  /** Goes to a table's page. */
  readonly openTable: (id: string) => void;
}

const SqlLanguageContext = createContext<SqlLanguage>({
  functions: [],
  refs: [],
  openTable: () => undefined,
});

export const SqlLanguageProvider = SqlLanguageContext.Provider;

export function useSqlLanguage(): SqlLanguage {
  return useContext(SqlLanguageContext);
}
