import { randomUUID } from 'node:crypto';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Operation } from '#server/catalog/model.ts';
import type { CreateNamespaceStatement, DropNamespaceStatement } from '#server/engine/dml/statement.ts';
import { NAMESPACE, tableId } from '../tables/index.ts';
import { findNamespace, type FoundNamespace } from './find-namespace.ts';
import {
  commitProperties,
  kindOf,
  placedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

/** CREATE SCHEMA. Those that it lies in are made with it. @throws ALREADY_EXISTS */
export async function createNamespace(
  ctx: StatementContext,
  run: StatementRun<CreateNamespaceStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const key = statement.target.parts;
  const name = tableId(key);
  const standing = await ctx.catalog.getContent(hash, key);
  if (standing !== null) {
    const isThere = `There is a ${kindOf(standing)} ${name} on "${branch}" already`;
    if (standing.type === NAMESPACE && statement.ifNotExists)
      return { key, commit: null, note: `${isThere}; it stays as it is.` };
    throw placedAtTarget(
      new AppError('ALREADY_EXISTS', `${isThere}.`, { context: { namespace: name } }),
      statement.sql,
      statement.target.span.start,
    );
  }
  const parents: Operation[] = [];
  for (let levels = 1; levels < key.length; levels += 1) {
    const parent = key.slice(0, levels);
    const there = await ctx.catalog.getContent(hash, parent);
    if (there !== null && there.type !== NAMESPACE)
      throw placedAtTarget(
        new AppError('ALREADY_EXISTS', `${tableId(parent)} is a ${kindOf(there)}, and nothing lies in one.`, {
          context: { namespace: name },
        }),
        statement.sql,
        statement.target.span.start,
      );
    const content = { type: NAMESPACE, id: randomUUID(), value: { properties: {} } };
    parents.push({ kind: 'ensure', key: parent, content });
  }
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Create schema ${name}`,
    properties: commitProperties(statement),
    operations: [
      ...parents,
      {
        kind: 'put',
        key,
        content: { type: NAMESPACE, id: randomUUID(), value: { properties: statement.properties } },
      },
    ],
    requirements: [{ key, content: null }],
  });
  return { key, commit, note: `The schema ${name} is there.` };
}

/** Names that an error lists of what is in a namespace. */
const SHOWN = 3;

/** DROP SCHEMA. What is in it stays readable in history. @throws NAMESPACE_NOT_FOUND, NAMESPACE_NOT_EMPTY */
export async function dropNamespace(
  ctx: StatementContext,
  run: StatementRun<DropNamespaceStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const { sql, target, cascade } = statement;
  let found: FoundNamespace;
  try {
    found = await findNamespace(ctx, hash, target.parts);
  } catch (error) {
    if (statement.ifExists && isAppError(error, 'NAMESPACE_NOT_FOUND'))
      return { key: target.parts, commit: null, note: `There is no schema ${tableId(target.parts)}.` };
    throw placedAtTarget(error, sql, target.span.start);
  }
  const { key, content } = found;
  const name = tableId(key);
  const inside = (await ctx.catalog.listContents(hash, key)).filter((entry) => entry.key.length > key.length);
  if (inside.length > 0 && !cascade) {
    const some = inside.slice(0, SHOWN).map((entry) => tableId(entry.key));
    const more = inside.length > SHOWN ? ` and ${inside.length - SHOWN} more` : '';
    throw placedAtTarget(
      new AppError(
        'NAMESPACE_NOT_EMPTY',
        `The schema ${name} is not empty: it has ${some.join(', ')}${more}. Drop these first, or write DROP SCHEMA ${name} CASCADE.`,
        { context: { namespace: name, contents: inside.length } },
      ),
      sql,
      target.span.start,
    );
  }
  const gone = content === null ? inside : [{ key, content }, ...inside];
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message:
      run.message ?? `Drop schema ${name}${inside.length === 0 ? '' : ` with ${things(inside.length)}`}`,
    properties: commitProperties(statement),
    operations: gone.map((entry) => ({ kind: 'delete', key: entry.key })),
    requirements: gone,
  });
  return {
    key,
    commit,
    note: `The schema ${name} is gone${inside.length === 0 ? '' : `, with ${things(inside.length)} in it`}. History has it still; reverting the commit brings it back.`,
  };
}

function things(count: number): string {
  return count === 1 ? 'one thing' : `${count.toLocaleString('en-US')} things`;
}
