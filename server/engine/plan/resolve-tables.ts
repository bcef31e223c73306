import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { failureSentence } from '#shared/sql/failure-sentence.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import { isNode, walkAst, writtenText, type AstNode } from '../analyze/ast.ts';
import { sqlError } from '../analyze/parse.ts';
import { isSystemName, systemTableError } from '../analyze/system-tables.ts';
import type { AtClause, TableReference } from '../analyze/table-reference.ts';
import type { Binding } from './binder-pool.ts';
import { longName } from './long-names.ts';
import type { ResolvedTable, ResolvedView } from './scan-source.ts';

/** Where an AT clause reads: a branch, tag, commit or snapshot id; or what was current at a time. */
export type TableVersion = { readonly version: string } | { readonly timestamp: Date };

/**
 * Finds a table or a view by the one to three parts that SQL names it by, unquoted.
 *
 * @throws TABLE_NOT_FOUND with `suggestions`, SNAPSHOT_NOT_FOUND, REF_NOT_FOUND, …
 */
export type TableResolver = (
  name: readonly string[],
  at: TableVersion | null,
) => Promise<ResolvedTable | ResolvedView>;

/** The tables and views of a query, in its order. A table that is named twice is looked for once. */
export async function resolveTables(
  analyzed: AnalyzedSql,
  resolve: TableResolver,
  binder: Binding,
): Promise<readonly (ResolvedTable | ResolvedView)[]> {
  const found = new Map<string, Promise<ResolvedTable | ResolvedView>>();
  return Promise.all(
    analyzed.tables.map(async (table) => {
      const key = JSON.stringify([table.name, table.at?.unit, table.at?.sql]);
      const known = found.get(key) ?? resolveOne(analyzed, table, resolve, binder);
      found.set(key, known);
      return known;
    }),
  );
}

async function resolveOne(
  analyzed: AnalyzedSql,
  table: TableReference,
  resolve: TableResolver,
  binder: Binding,
): Promise<ResolvedTable | ResolvedView> {
  const at = table.at === null ? null : await evaluateAt(table.at, table, analyzed.sql, binder);
  try {
    return await resolve(longName(table.name), at);
  } catch (error) {
    if (!(error instanceof AppError) || 'position' in error.context) throw error;
    if (error.code === 'TABLE_NOT_FOUND' && isSystemName(table.name))
      throw systemTableError(table.name, {
        position: table.position,
        ...lineColumn(analyzed.sql, table.position),
      });
    // What is wrong with a version stands in the AT clause; with a table, at its name.
    const position =
      error.code === 'TABLE_NOT_FOUND' ? table.position : (table.at?.position ?? table.position);
    throw withPlace(error, analyzed.sql, position);
  }
}

async function evaluateAt(
  at: AtClause,
  table: TableReference,
  sql: string,
  binder: Binding,
): Promise<TableVersion> {
  if (holdsSubquery(at.expression))
    throw sqlError('UNSUPPORTED', 'AT takes a constant; a query cannot stand there.', sql, table.position);
  // Most are a name in quotes, which no engine has to be asked for.
  const written = at.unit === 'VERSION' ? writtenText(at.expression) : null;
  if (written !== null) return { version: written };
  const text = await binder
    .constant(at.sql, at.unit === 'VERSION' ? 'VARCHAR' : 'TIMESTAMP WITH TIME ZONE')
    .catch((error: unknown) => {
      const why = error instanceof AppError ? error.message : failureSentence(readDuckDbFailure(error));
      throw sqlError('INVALID_INPUT', `AT (${at.unit} => …) can't be read. ${why}`, sql, table.position);
    });
  if (text === null)
    throw sqlError(
      'INVALID_INPUT',
      `AT (${at.unit} => …) is NULL; name a version or a time.`,
      sql,
      table.position,
    );
  if (at.unit === 'VERSION') return { version: text };
  const timestamp = new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z'));
  if (Number.isNaN(timestamp.getTime()))
    throw sqlError(
      'INVALID_INPUT',
      `AT (TIMESTAMP => …) gives ${text}, which is no usable time.`,
      sql,
      table.position,
    );
  return { timestamp };
}

function holdsSubquery(expression: AstNode): boolean {
  let found = false;
  walkAst(expression, (node) => {
    if (node['class'] === 'SUBQUERY' || isNode(node['subquery'])) found = true;
  });
  return found;
}
