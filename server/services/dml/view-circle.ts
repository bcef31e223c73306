import { isAppError } from '#shared/errors/app-error.ts';
import { withPlace } from '#shared/sql/error-place.ts';
import type { Span } from '#server/engine/dml/token-cursor.ts';
import type { FoundContent } from '../tables/index.ts';
import { assertReadsOthers, circleError, findCircle, nameAsWritten } from '../views/index.ts';
import type { StatementContext, StatementRun } from './statement-context.ts';

/**
 * The statement that would make a view read itself is refused, at the name in its query by which it would; see findCircle.
 *
 * @param query of the view that a statement makes
 * @throws INVALID_INPUT
 */
export async function assertQueryReadsOthers(
  ctx: StatementContext,
  { statement, branch, hash }: StatementRun,
  query: Span,
): Promise<void> {
  const { sql, target } = statement;
  const text = sql.slice(query.start, query.end);
  const head = { name: branch, hash };
  const circle = await findCircle(ctx, head, target.parts, { sql: text, nameOf: nameAsWritten });
  if (circle !== null) throw withPlace(circleError(target.parts, circle), sql, query.start + circle.position);
}

/**
 * The same of a view that comes to stand at a name, by which others may have read something else.
 *
 * @param position of the name in the statement
 * @throws INVALID_INPUT
 */
export async function assertStandsApart(
  ctx: StatementContext,
  { statement, branch, hash }: StatementRun,
  found: FoundContent,
  position: number,
): Promise<void> {
  try {
    await assertReadsOthers(ctx, { name: branch, hash }, found);
  } catch (error) {
    throw isAppError(error, 'INVALID_INPUT') ? withPlace(error, statement.sql, position) : error;
  }
}
