import { Utf16Offsets } from '#shared/sql/positions.ts';
import { statementsOf } from '#shared/sql/statements.ts';
import { significantTokens } from '#shared/sql/tokenize.ts';
import { sqlError, type SqlParser } from './parse.ts';
import { isNode, locationOf, textOf, textsOf, walkAst, type AstNode } from './ast.ts';
import { refuseAbove } from './planning-budget.ts';
import { hugeConstants } from './huge-constants.ts';
import { refuseLargePlans, SET_PARTS } from './large-queries.ts';
import { namedBefore, NESTED_ARROWS, NESTED_CALLS } from './nested-expressions.ts';
import { SLOW_CONSTANTS } from './slow-constants.ts';
import { stabilityOf, type Stability } from './function-policy.ts';
import { TableLocator, type TableReference } from './table-reference.ts';
import { collectBaseTables } from './tables.ts';
import { takeTurns } from './take-turns.ts';
import { unqualifyColumns, type ColumnReference, type QualifiedColumn } from './qualifiers.ts';
import { collectUsage, type SqlUsage } from './usage.ts';

/** One query, taken apart as far as its text alone allows. */
export interface AnalyzedSql {
  readonly sql: string;
  /** Where its statement ends, without a semicolon and what is behind it. */
  readonly end: number;
  readonly root: AstNode;
  /** In the order of the syntax tree. A table named twice is here twice. */
  readonly tables: readonly TableReference[];
  readonly tableNodes: readonly AstNode[];
  /** How each table is called in the rewritten SQL; its alias as a rule. */
  readonly aliases: readonly string[];
  /** Column references whose schema has to go: `bronze.flights.x` becomes `"flights".x`. */
  readonly qualifiers: readonly QualifiedColumn[];
  readonly usage: SqlUsage;
  readonly stability: Stability;
  /** `SHOW TABLES` and `SHOW TABLES FROM x`: no query, but one can be written for it. */
  readonly showTables: { readonly schema: string | null } | null;
}

/**
 * Parses and checks one SELECT-like statement.
 *
 * @throws SQL_SYNTAX, INVALID_INPUT, UNSUPPORTED, FORBIDDEN; see SqlParser.parse and collectUsage.
 */
export async function analyzeSql(parser: SqlParser, sql: string): Promise<AnalyzedSql> {
  const tokens = significantTokens(sql);
  const root = await parser.parse(sql, false, tokens);
  const offsets = new Utf16Offsets(sql);
  const positionOf = (bytes: number | null): number | null => (bytes === null ? null : offsets.of(bytes));
  const usage = collectUsage(root, sql, positionOf);
  await takeTurns(sql);
  refuseAbove(
    [hugeConstants(), SLOW_CONSTANTS, SET_PARTS, NESTED_CALLS, NESTED_ARROWS, namedBefore()],
    root,
    sql,
    positionOf,
  );
  refuseLargePlans(root, sql, positionOf);
  const showTables = findShow(root, sql);
  const tableNodes = collectBaseTables(root);
  await takeTurns(sql);
  const locator = new TableLocator(sql, offsets, tokens);
  const tables = tableNodes.map((node) => locator.locate(node));
  const { aliases, qualifiers } = unqualifyColumns(tables, columnReferences(root, positionOf), locator);
  return {
    sql,
    end: statementsOf(sql, tokens)[0]?.end ?? sql.length,
    root,
    tables,
    tableNodes,
    aliases,
    qualifiers,
    usage,
    stability: stabilityOf(usage.functions),
    showTables,
  };
}

/** Columns that are named with three parts and more, which may hold a schema. */
export function columnReferences(
  root: AstNode,
  positionOf: (bytes: number | null) => number | null,
): ColumnReference[] {
  const references: ColumnReference[] = [];
  walkAst(root, (node) => {
    if (node['class'] !== 'COLUMN_REF') return;
    const parts = textsOf(node['column_names']);
    const position = parts.length < 3 ? null : positionOf(locationOf(node));
    if (position !== null) references.push({ node, parts, position });
  });
  return references;
}

function findShow(root: AstNode, sql: string): { schema: string | null } | null {
  let found: { schema: string | null } | null = null;
  walkAst(root, (node, parents) => {
    if (node['type'] !== 'SHOW_REF' || isNode(node['query'])) return;
    const what = textOf(node['table_name']);
    const isTables =
      what === '"tables"' || what === '__show_tables_expanded' || node['show_type'] === 'SHOW_FROM';
    if (!isTables || parents.length > 1)
      throw sqlError(
        'UNSUPPORTED',
        `SHOW ${what.replaceAll('"', '').toUpperCase()} is not supported; SHOW TABLES, SHOW TABLES FROM namespace and DESCRIBE table are.`,
        sql,
        null,
      );
    const schema = textOf(node['schema_name']);
    found = { schema: schema === '' ? null : schema };
  });
  return found;
}
