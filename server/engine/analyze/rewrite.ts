import { AppError } from '#shared/errors/app-error.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { isNode, type AstNode, type AstValue } from './ast.ts';
import type { AnalyzedSql } from './analyze.ts';
import type { SqlParser } from './parse.ts';
import { applySplices, type Splice, type SplicedSql } from './splices.ts';

/**
 * The query with each table replaced.
 *
 * @param substitutes for each of `analyzed.tables`, in order: a quoted view name or a subquery in parentheses
 * @param more to be changed, outside of tables and their qualifiers
 */
export function rewriteSql(
  analyzed: AnalyzedSql,
  substitutes: readonly string[],
  more: readonly Splice[] = [],
): SplicedSql {
  const splices = analyzed.tables.flatMap((table, index) => {
    const alias = table.aliasWritten ? '' : ` AS ${quoteIdentifier(analyzed.aliases[index] ?? table.alias)}`;
    const text = `${table.span.prefix}${substitutes[index] ?? ''}${alias}`;
    const name = { start: table.span.start, end: table.span.end, text };
    return table.atSpan === null ? [name] : [name, table.atSpan];
  });
  return applySplices(analyzed.sql, [
    ...splices,
    ...afterStatement(analyzed),
    ...analyzed.qualifiers.map((qualifier) => qualifier.splice),
    ...more,
  ]);
}

/** The semicolon goes, and what is behind it: the statement may become a part of another one. */
function afterStatement({ sql, end }: AnalyzedSql): Splice[] {
  return end === sql.length ? [] : [{ start: end, end: sql.length, text: '' }];
}

/**
 * Proves that a rewriting by view names means what it should: parsed again, it is the syntax tree of the
 * original with nothing but its tables and their qualifiers exchanged.
 *
 * @throws UNSUPPORTED where it is not.
 */
export async function verifyRewrite(
  parser: SqlParser,
  analyzed: AnalyzedSql,
  views: readonly string[],
  rewritten: string,
): Promise<void> {
  const actual = await parser.parse(rewritten).catch(() => null);
  if (actual !== null && isAlike(actual, analyzed.root, { exchange: exchange(analyzed, views) })) return;
  throw new AppError(
    'UNSUPPORTED',
    'This way of naming tables cannot be read against a snapshot; give each table in FROM an alias (FROM t AS x).',
  );
}

/** What each node of the query has become, with its own parts unchanged: a copy of the whole tree would be large. */
function exchange(analyzed: AnalyzedSql, views: readonly string[]): (node: AstNode) => AstNode {
  const indexes = new Map(analyzed.tableNodes.map((node, index) => [node, index]));
  const qualifiers = new Map(analyzed.qualifiers.map((qualifier) => [qualifier.node, qualifier.names]));
  return (node) => {
    const index = indexes.get(node);
    if (index !== undefined)
      return {
        ...node,
        catalog_name: '',
        schema_name: '',
        table_name: views[index] ?? '',
        alias: analyzed.aliases[index] ?? '',
        at_clause: null,
      };
    const replaced = qualifiers.get(node);
    return replaced === undefined ? node : { ...node, column_names: replaced };
  };
}

interface Comparing {
  /** Is told of two nodes that stand at one place of both. */
  readonly met?: (a: AstNode, b: AstNode) => void;
  /** What a node of the second tree counts as. */
  readonly exchange?: (node: AstNode) => AstNode;
}

/** Equal trees, wherever their parts stand in the SQL. */
export function isAlike(
  a: AstValue | undefined,
  b: AstValue | undefined,
  comparing: Comparing = {},
): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    const others = b as readonly AstValue[];
    return (a as readonly AstValue[]).every((item, index) => isAlike(item, others[index], comparing));
  }
  if (!isNode(a) || !isNode(b)) return a === b;
  const other = comparing.exchange?.(b) ?? b;
  comparing.met?.(a, other);
  for (const key in a) if (key !== 'query_location' && !isAlike(a[key], other[key], comparing)) return false;
  for (const key in other) if (key !== 'query_location' && !(key in a)) return false;
  return true;
}
