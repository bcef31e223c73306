import { Utf16Offsets } from '#shared/sql/positions.ts';
import { significantTokens } from '#shared/sql/tokenize.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { columnReferences } from '../analyze/analyze.ts';
import { nodesOf, isNode, textOf, walkAst, type AstNode } from '../analyze/ast.ts';
import { stabilityOf, type Stability } from '../analyze/function-policy.ts';
import type { SqlParser } from '../analyze/parse.ts';
import { unqualifyColumns, type QualifiedColumn } from '../analyze/qualifiers.ts';
import { TableLocator, type TableReference } from '../analyze/table-reference.ts';
import { collectBaseTables } from '../analyze/tables.ts';

/** What a query names, with where it does so. Unlike AnalyzedSql, it may have parameters. */
export interface OutlinedSql {
  readonly sql: string;
  readonly root: AstNode;
  readonly tables: readonly TableReference[];
  /** How each table is called where something else takes its place. */
  readonly aliases: readonly string[];
  readonly qualifiers: readonly QualifiedColumn[];
  readonly parameters: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  /** Lower-case names of its common table expressions, wherever they stand. */
  readonly ctes: ReadonlySet<string>;
  readonly stability: Stability;
}

/** @throws SQL_SYNTAX, INVALID_INPUT, UNSUPPORTED as SqlParser.parse */
export async function outlineSql(parser: SqlParser, sql: string): Promise<OutlinedSql> {
  const tokens = significantTokens(sql);
  const root = await parser.parse(sql, false, tokens);
  const offsets = new Utf16Offsets(sql);
  const locator = new TableLocator(sql, offsets, tokens);
  const tables = collectBaseTables(root).map((node) => locator.locate(node));
  const positionOf = (bytes: number | null) => (bytes === null ? null : offsets.of(bytes));
  const { aliases, qualifiers } = unqualifyColumns(tables, columnReferences(root, positionOf), locator);
  const functions = new Set<string>();
  const ctes = new Set<string>();
  walkAst(root, (node) => {
    if (node['class'] === 'FUNCTION') functions.add(textOf(node['function_name']).toLowerCase());
    if (isNode(node['cte_map']))
      for (const entry of nodesOf(node['cte_map']['map'])) ctes.add(textOf(entry['key']).toLowerCase());
  });
  const parameters = tokens
    .filter((token) => token.kind === 'parameter')
    .map(({ start, end }) => ({ name: sql.slice(start + 1, end), start, end }));
  return { sql, root, tables, aliases, qualifiers, parameters, ctes, stability: stabilityOf(functions) };
}

/** Whether a text is worth parsing: what changes tables has a parser of its own. */
export function isQueryText(sql: string): boolean {
  return sql.trim() !== '' && !isWriteStatement(sql);
}
