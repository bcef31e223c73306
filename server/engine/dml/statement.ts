import type { CreateTableRequest, TableAlteration } from '#shared/contract/table-changes.ts';
import type { NamedTable, Span } from './token-cursor.ts';

/** An expression, or the word DEFAULT. */
export type Value = Span | 'default';

export interface NamedColumn {
  readonly name: string;
  readonly position: number;
}

export interface Assignment {
  readonly column: NamedColumn;
  readonly value: Value;
}

interface OnTable {
  readonly sql: string;
  readonly target: NamedTable;
}

/** Rows are changed by queries and expressions, which the statement's WITH is put before. */
interface OnRows extends OnTable {
  readonly with: Span | null;
}

export interface InsertStatement extends OnRows {
  readonly kind: 'insert';
  /** Partitions that the rows are of lose what they had. */
  readonly overwrite: boolean;
  readonly columns: readonly NamedColumn[] | null;
  readonly byName: boolean;
  readonly source:
    | { readonly kind: 'query'; readonly query: Span }
    | { readonly kind: 'values'; readonly rows: readonly (readonly Value[])[]; readonly position: number }
    | { readonly kind: 'defaults' };
}

export interface DeleteStatement extends OnRows {
  readonly kind: 'delete';
  readonly alias: string | null;
  readonly using: Span | null;
  readonly where: Span | null;
}

export interface UpdateStatement extends OnRows {
  readonly kind: 'update';
  readonly alias: string | null;
  readonly assignments: readonly Assignment[];
  readonly from: Span | null;
  readonly where: Span | null;
}

export type MergeAction =
  | { readonly kind: 'update'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'update-all' | 'insert-all' | 'delete' | 'nothing' }
  | {
      readonly kind: 'insert';
      readonly columns: readonly NamedColumn[] | null;
      readonly values: readonly Value[];
      readonly position: number;
    };

export interface MergeClause {
  readonly when: 'matched' | 'not-matched' | 'not-matched-by-source';
  readonly condition: Span | null;
  readonly action: MergeAction;
  readonly position: number;
}

export interface MergeStatement extends OnRows {
  readonly kind: 'merge';
  readonly alias: string | null;
  /** A table or a query in parentheses, without its alias. */
  readonly source: Span;
  readonly sourceAlias: string;
  /** The names in `AS s(a, b)`. */
  readonly sourceColumns: Span | null;
  /** The alias with these names, as it is written behind the source. */
  readonly sourceNamed: Span | null;
  readonly on: Span | { readonly using: readonly NamedColumn[] };
  readonly clauses: readonly MergeClause[];
}

/** What CREATE TABLE says of a table beside its columns, which a query may give. */
export type TableOptions = Pick<
  CreateTableRequest,
  'partitionSpec' | 'sortOrder' | 'properties' | 'formatVersion'
>;

export interface CreateTableStatement extends OnTable {
  readonly kind: 'create-table' | 'create-materialized-view';
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly columns: CreateTableRequest['columns'] | null;
  readonly identifierFields: readonly string[];
  readonly options: TableOptions;
  readonly query: Span | null;
}

export interface AlterTableStatement extends OnTable {
  readonly kind: 'alter-table';
  readonly ifExists: boolean;
  readonly changes: readonly TableAlteration[];
}

export interface DropTableStatement extends OnTable {
  readonly kind: 'drop-table' | 'drop-view' | 'drop-materialized-view';
  readonly ifExists: boolean;
}

export interface TruncateStatement extends OnTable {
  readonly kind: 'truncate';
}

export interface OptimizeStatement extends OnTable {
  readonly kind: 'optimize';
  /** All files, also those that are as they should be. */
  readonly full: boolean;
  /** Of ZORDER BY. */
  readonly columns: readonly (readonly string[])[] | null;
}

export interface VacuumStatement extends OnTable {
  readonly kind: 'vacuum';
  /** Age of the snapshots that are kept; null: as the table has it. */
  readonly retainMs: number | null;
  readonly dryRun: boolean;
}

export interface RefreshStatement extends OnTable {
  readonly kind: 'refresh-materialized-view';
  /** All of it is computed anew, also where that could be done by less. */
  readonly full: boolean;
}

/** Iceberg's procedures for the snapshots of a table. */
export interface CallStatement extends OnTable {
  readonly kind: 'call';
  readonly call: {
    readonly name:
      | 'rollback_to_snapshot'
      | 'rollback_to_timestamp'
      | 'set_current_snapshot'
      | 'cherrypick_snapshot'
      | 'publish_changes'
      | 'fast_forward';
    /** Without the table, in the procedure's order; as text. */
    readonly arguments: readonly string[];
  };
}

export interface CreateViewStatement extends OnTable {
  readonly kind: 'create-view';
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  /** Names for the query's columns, in its order. */
  readonly columns: readonly { readonly name: string; readonly doc?: string }[] | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly query: Span;
}

/** The target is a namespace here. */
export interface CreateNamespaceStatement extends OnTable {
  readonly kind: 'create-namespace';
  readonly ifNotExists: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

export interface DropNamespaceStatement extends OnTable {
  readonly kind: 'drop-namespace';
  readonly ifExists: boolean;
  /** With what is in it. */
  readonly cascade: boolean;
}

export interface RenameStatement extends OnTable {
  readonly kind: 'rename';
  readonly of: 'table' | 'view';
  readonly ifExists: boolean;
  /** One part: in the same namespace. */
  readonly to: NamedTable;
}

export interface CommentStatement extends OnTable {
  readonly kind: 'comment';
  /** A column's name stands behind that of its table. */
  readonly on: 'table' | 'column' | 'view' | 'namespace';
  /** Null takes it away. */
  readonly text: string | null;
}

export interface RestoreStatement extends OnTable {
  readonly kind: 'restore';
  readonly to: 'version' | 'time';
  readonly version: string;
  /** Of the version. */
  readonly span: Span;
}

export interface UndropStatement extends OnTable {
  readonly kind: 'undrop';
}

export type RowStatement = InsertStatement | DeleteStatement | UpdateStatement | MergeStatement;

export type WriteStatement =
  | RowStatement
  | CallStatement
  | CreateTableStatement
  | AlterTableStatement
  | DropTableStatement
  | TruncateStatement
  | OptimizeStatement
  | VacuumStatement
  | RefreshStatement
  | CreateViewStatement
  | CreateNamespaceStatement
  | DropNamespaceStatement
  | RenameStatement
  | CommentStatement
  | RestoreStatement
  | UndropStatement;
