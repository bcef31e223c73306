import { createContext, useContext } from 'react';
import type { LanguageFacts } from './language-facts.ts';

/** What editors know beside the tables of their notebook. */
export interface SqlLanguage extends Pick<LanguageFacts, 'functions' | 'refs' | 'snippets'> {
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
