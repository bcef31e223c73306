import type { SqlParameter } from '#shared/contract/notebook-relations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { SqlParser } from '../analyze/parse.ts';
import type { Splice } from '../analyze/splices.ts';
import { ComposedSql } from '../dml/composed-sql.ts';
import { parseWriteStatement } from '../dml/parse-statement.ts';
import type { MergeClause, MergeStatement, RowStatement, Value } from '../dml/statement.ts';
import type { Span } from '../dml/token-cursor.ts';
import { parameterSplices } from './bind-parameters.ts';
import { outlineSql, type OutlinedSql } from './outline-sql.ts';

/** What a statement that changes rows names, with places in the statement. */
export interface OutlinedChange extends OutlinedSql {
  /** A query that has the statement's queries and expressions, as they are written, and is never run. */
  readonly parts: { readonly query: OutlinedSql; readonly composed: ComposedSql };
}

/**
 * What UPDATE, DELETE, MERGE and INSERT read beside their target. Their outline is read here, and their queries and
 * expressions by DuckDB's parser, put into one SELECT. Null for a statement of another kind, and for one that does not
 * parse: what runs it says what is wrong.
 */
export async function outlineChange(parser: SqlParser, sql: string): Promise<OutlinedChange | null> {
  try {
    const composed = partsOf(sql);
    if (composed === null) return null;
    const query = await outlineSql(parser, composed.sql);
    const place = ({ start, end }: Span) => ({
      start: composed.toOriginal(start),
      end: composed.toOriginal(end - 1) + 1,
    });
    return {
      ...query,
      sql,
      tables: query.tables.map((table) => ({
        ...table,
        position: composed.toOriginal(table.position),
        span: { ...table.span, ...place(table.span) },
      })),
      parameters: query.parameters.map(({ name, ...span }) => ({ name, ...place(span) })),
      // No place in history is put into the statement itself, for which alone columns lose their qualifiers.
      qualifiers: [],
      parts: { query, composed },
    };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** As parameterSplices, for a statement that changes rows. */
export async function changeParameters(
  parser: SqlParser,
  { parts: { query, composed } }: OutlinedChange,
  parameters: readonly SqlParameter[],
): Promise<Splice[]> {
  const splices = await parameterSplices(parser, query, parameters).catch((error: unknown) => {
    throw composed.placed(error);
  });
  return splices.map(({ start, end, text }) => ({
    start: composed.toOriginal(start),
    end: composed.toOriginal(end - 1) + 1,
    text,
  }));
}

function partsOf(sql: string): ComposedSql | null {
  const statement = parseWriteStatement(sql);
  const composed = new ComposedSql(sql);
  switch (statement.kind) {
    case 'delete':
      return add(composed, statement, [], [statement.using], [statement.where]);
    case 'update':
      return add(
        composed,
        statement,
        statement.assignments.map(({ value }) => value),
        [statement.from],
        [statement.where],
      );
    case 'merge':
      return add(
        composed,
        statement,
        statement.clauses.flatMap(valuesOf),
        sourceOf(statement),
        'using' in statement.on ? [] : [statement.on],
      );
    case 'insert':
      return addInsert(composed, statement);
    default:
      return null;
  }
}

function add(
  composed: ComposedSql,
  { with: list }: RowStatement,
  values: readonly Value[],
  from: readonly (Span | string | null)[],
  conditions: readonly (Span | null)[],
): ComposedSql {
  if (list !== null) composed.add(list, '\n');
  composed.add('SELECT 1');
  for (const value of values) if (value !== 'default') composed.add(', (', value, '\n)');
  for (const [at, part] of from.entries()) if (part !== null) composed.add(at === 0 ? ' FROM ' : ' ', part);
  composed.add('\nWHERE true');
  for (const span of conditions) if (span !== null) composed.add(' AND (', span, '\n)');
  return composed;
}

function addInsert(
  composed: ComposedSql,
  statement: Extract<RowStatement, { readonly kind: 'insert' }>,
): ComposedSql {
  const { source, with: list } = statement;
  if (source.kind !== 'query')
    return add(composed, statement, source.kind === 'values' ? source.rows.flat() : [], [], []);
  if (list !== null) composed.add(list, '\n');
  return composed.add(source.query);
}

function valuesOf({ condition, action }: MergeClause): readonly Value[] {
  const own = condition === null ? [] : [condition];
  if (action.kind === 'update') return [...own, ...action.assignments.map(({ value }) => value)];
  return action.kind === 'insert' ? [...own, ...action.values] : own;
}

/** The source of a MERGE with the name that is given to it there; one with an AT clause has the name behind that. */
function sourceOf({ sql, source, sourceNamed }: MergeStatement): readonly (Span | string | null)[] {
  const named = !/[()]/.test(sql.slice(source.start, source.end));
  return named ? [source, sourceNamed] : ['(FROM ', source, '\n)'];
}
