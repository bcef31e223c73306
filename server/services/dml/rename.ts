import type { RenameStatement } from '#server/engine/dml/statement.ts';
import { ensureNamespace, findContentAtRef, tableId } from '../tables/index.ts';
import {
  assertKind,
  commitProperties,
  findOrAbsent,
  kindOf,
  refusedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';
import { assertStandsApart } from './view-circle.ts';

/**
 * ALTER TABLE or VIEW … RENAME TO. It stays the same table: its history, files and id go with it, and a merge follows
 * it to its new name.
 *
 * @throws TABLE_NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT, which it also is for a view that would read itself by its new name
 */
export async function rename(
  ctx: StatementContext,
  run: StatementRun<RenameStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const { target } = statement;
  const found = await findOrAbsent(statement, 'TABLE_NOT_FOUND', () =>
    findContentAtRef(ctx, { name: branch, hash }, target.parts),
  );
  if (found === null)
    return { key: target.parts, commit: null, note: `There is no ${statement.of} ${tableId(target.parts)}.` };
  const { key, content } = found;
  assertKind(found, statement.of, statement, 'ALTER');
  const { parts } = statement.to;
  const to = parts.length === 1 ? [...key.slice(0, -1), ...parts] : parts;
  const standing = await ctx.catalog.getContent(hash, to);
  if (standing !== null)
    throw refusedAtTarget(
      { ...statement, target: statement.to },
      'ALREADY_EXISTS',
      `There is a ${kindOf(standing)} ${tableId(to)} on "${branch}" already.`,
      { table: tableId(to) },
    );
  await assertStandsApart(ctx, run, { key: to, content }, statement.to.span.start);
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Rename ${tableId(key)} to ${tableId(to)}`,
    properties: commitProperties(statement),
    operations: [
      { kind: 'delete', key },
      ensureNamespace(to.slice(0, -1)),
      { kind: 'put', key: to, content },
    ],
    requirements: [
      { key, content },
      { key: to, content: null },
    ],
  });
  return { key: to, commit, note: `${tableId(key)} is called ${tableId(to)} now.` };
}
