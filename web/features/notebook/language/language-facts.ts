import type { SqlFunction } from '#shared/contract/functions.ts';
import type { TableSummary } from '#shared/contract/tables.ts';

export type CompletionTable = Pick<
  TableSummary,
  'id' | 'namespace' | 'name' | 'rows' | 'rowsAre' | 'comment'
> & {
  /** Id of the cell whose answer this is; absent for a table of the lakehouse. */
  readonly cell?: string;
  /** It is a file of this computer, which has no page of its own. */
  readonly local?: true;
  /** It is a view, which has no page and no rows of its own. */
  readonly view?: true;
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
  /** Inputs of the notebook, written $name. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Branches and tags, for AT (VERSION => …). */
  readonly refs: readonly { readonly name: string; readonly kind: 'branch' | 'tag' }[];
  /** Templates that people keep; `sql` has places to fill: ${1:table}. */
  readonly snippets?: readonly {
    readonly name: string;
    readonly sql: string;
    readonly description: string;
  }[];
}

export const NO_FACTS: LanguageFacts = { tables: [], functions: [], parameters: [], refs: [] };

/** The names that a notebook gives: its cells as relations, its inputs as parameters. */
export interface NotebookNames extends Pick<LanguageFacts, 'parameters'> {
  readonly cells: readonly CompletionTable[];
}
