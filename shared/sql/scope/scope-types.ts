/** A name as it stands in the SQL. */
export interface Name {
  /** Without its quotes. */
  readonly text: string;
  /** UTF-16 offsets, end exclusive, with the quotes. */
  readonly start: number;
  readonly end: number;
}

/** What one entry of a FROM clause reads, or what a statement writes. */
export interface Source {
  readonly kind: 'table' | 'function' | 'query' | 'file';
  /** The dotted name of a table or function; empty for a query or a file. */
  readonly path: readonly Name[];
  readonly alias: Name | null;
  /** The b and c of `a AS t(b, c)`. */
  readonly columnAliases: readonly Name[];
  /** Of a subquery, or of VALUES. */
  readonly query: Query | null;
  readonly start: number;
  readonly end: number;
}

/** One entry of a SELECT list. */
export type Output =
  | { readonly kind: 'column'; readonly path: readonly Name[]; readonly alias: Name | null }
  | { readonly kind: 'expression'; readonly alias: Name | null }
  /** `*` or `t.*`, less the names after EXCLUDE. */
  | { readonly kind: 'star'; readonly of: Name | null; readonly excluded: readonly string[] };

export interface Cte {
  readonly name: Name;
  readonly columnAliases: readonly Name[];
  readonly query: Query | null;
  readonly start: number;
  readonly end: number;
}

/** A WITH clause and the SELECTs, one or several joined by UNION and its like, that see it. */
export interface Query {
  readonly start: number;
  readonly end: number;
  readonly ctes: readonly Cte[];
  readonly cores: readonly Core[];
  /** The SELECT whose names a correlated query sees too; null at the top, and in a common table expression. */
  readonly outer: Core | null;
  /** The query whose common table expressions it sees too. */
  readonly parent: Query | null;
}

/** One SELECT, or one statement that changes a table. */
export interface Core {
  readonly start: number;
  readonly end: number;
  readonly query: Query;
  readonly sources: readonly Source[];
  readonly outputs: readonly Output[];
  /** Queries inside its expressions and its FROM clause. */
  readonly nested: readonly Query[];
}
