import type { SqlFunction } from '#shared/contract/functions.ts';
import type { TableSummary } from '#shared/contract/tables.ts';

export type CompletionTable = Pick<
  TableSummary,
  'id' | 'namespace' | 'name' | 'rows' | 'rowsAre' | 'comment'
> & {
  /** `sqlType` is DuckDB's name of the type. */
  readonly columns: readonly {
    readonly name: string;
    readonly sqlType: string;
    readonly doc?: string | undefined;
  }[];
};

/** What SQL can name beside the tables of its own text. */
export interface LanguageFacts {
  readonly tables: readonly CompletionTable[];
  readonly functions: readonly SqlFunction[];
  /** Branches and tags, for AT (VERSION => …). */
  readonly refs: readonly { readonly name: string; readonly kind: 'branch' | 'tag' }[];
}

export const NO_FACTS: LanguageFacts = { tables: [], functions: [], refs: [] };
