import type { SqlFunction } from '#shared/contract/functions.ts';
import type { TableSummary } from '#shared/contract/tables.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { ValuePlace } from './value-place.ts';

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
  /** Time of the snapshot that it has now, where it has one. */
  readonly updatedAt?: string;
  /** Its rows, where they are here. */
  readonly held?: ResultTable;
  /** `sqlType` is DuckDB's name of the type. */
  readonly columns: readonly {
    readonly name: string;
    readonly sqlType: string;
    readonly doc?: string | undefined;
  }[];
};

/** Values that a column holds, those that come first in a list first. */
export interface KnownValues {
  readonly values: readonly { readonly value: string; readonly rows: number }[];
  /** False where the column has others too, which what is typed may find. */
  readonly whole: boolean;
  /** Where not all rows were counted, which. */
  readonly about?: string;
}

/** What SQL can name beside the tables of its own text. */
export interface LanguageFacts {
  readonly tables: readonly CompletionTable[];
  readonly functions: readonly SqlFunction[];
  /** Inputs of the notebook, written $name. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Values of the column that is compared at a place, as far as they are known by now. */
  readonly values?: (place: ValuePlace) => KnownValues | null;
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
