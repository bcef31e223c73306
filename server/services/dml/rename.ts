import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { RenameStatement } from '#server/engine/dml/statement.ts';
import { findContentAtRef, NAMESPACE, tableId, type FoundContent } from '../tables/index.ts';
import {
  assertKind,
  commitProperties,
  kindOf,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/**
 * ALTER TABLE or VIEW … RENAME TO. It stays the same table: its history, files and id go with it, and a merge follows
 * it to its new name.
 *
 * @throws TABLE_NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT
 */
export async function rename(
  ctx: StatementContext,
  run: StatementRun<RenameStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const { sql, target } = statement;
  let found: FoundContent;
  try {
    found = await findContentAtRef(ctx, { name: branch, hash }, target.parts);
  } catch (error) {
    if (statement.ifExists && isAppError(error, 'TABLE_NOT_FOUND'))
      return {
        key: target.parts,
        commit: null,
        note: `There is no ${statement.of} ${tableId(target.parts)}.`,
      };
    throw placedAtTarget(error, sql, target.span.start);
  }
  const { key, content } = found;
  assertKind(found, statement.of, statement, 'ALTER');
  const { parts, span } = statement.to;
  const to = parts.length === 1 ? [...key.slice(0, -1), ...parts] : parts;
  const standing = await ctx.catalog.getContent(hash, to);
  if (standing !== null)
    throw placedAtTarget(
      new AppError(
        'ALREADY_EXISTS',
        `There is a ${kindOf(standing)} ${tableId(to)} on "${branch}" already.`,
        {
          context: { table: tableId(to) },
        },
      ),
      sql,
      span.start,
    );
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Rename ${tableId(key)} to ${tableId(to)}`,
    properties: commitProperties(statement),
    operations: [
      { kind: 'delete', key },
      {
        kind: 'ensure',
        key: to.slice(0, -1),
        content: { type: NAMESPACE, id: randomUUID(), value: { properties: {} } },
      },
      { kind: 'put', key: to, content },
    ],
    requirements: [
      { key, content },
      { key: to, content: null },
    ],
  });
  return { key: to, commit, note: `${tableId(key)} is called ${tableId(to)} now.` };
}
