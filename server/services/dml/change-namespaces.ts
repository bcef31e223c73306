import type { Operation } from '#server/catalog/model.ts';
import type { CreateNamespaceStatement, DropNamespaceStatement } from '#server/engine/dml/statement.ts';
import { ensureNamespace, NAMESPACE, namespaceContent, tableId } from '../tables/index.ts';
import { findNamespace } from './find-namespace.ts';
import {
  commitProperties,
  findOrAbsent,
  kindOf,
  refusedAtTarget,
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
    throw refusedAtTarget(statement, 'ALREADY_EXISTS', `${isThere}.`, { namespace: name });
  }
  const parents: Operation[] = [];
  for (let levels = 1; levels < key.length; levels += 1) {
    const parent = key.slice(0, levels);
    const there = await ctx.catalog.getContent(hash, parent);
    if (there !== null && there.type !== NAMESPACE)
      throw refusedAtTarget(
        statement,
        'ALREADY_EXISTS',
        `${tableId(parent)} is a ${kindOf(there)}, and nothing lies in one.`,
        { namespace: name },
      );
    parents.push(ensureNamespace(parent));
  }
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Create schema ${name}`,
    properties: commitProperties(statement),
    operations: [...parents, { kind: 'put', key, content: namespaceContent(statement.properties) }],
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
  const { target, cascade } = statement;
  const found = await findOrAbsent(statement, 'NAMESPACE_NOT_FOUND', () =>
    findNamespace(ctx, hash, target.parts),
  );
  if (found === null)
    return { key: target.parts, commit: null, note: `There is no schema ${tableId(target.parts)}.` };
  const { key, content } = found;
  const name = tableId(key);
  const inside = (await ctx.catalog.listContents(hash, key)).filter((entry) => entry.key.length > key.length);
  if (inside.length > 0 && !cascade) {
    const some = inside.slice(0, SHOWN).map((entry) => tableId(entry.key));
    const more = inside.length > SHOWN ? ` and ${inside.length - SHOWN} more` : '';
    throw refusedAtTarget(
      statement,
      'NAMESPACE_NOT_EMPTY',
      `The schema ${name} is not empty: it has ${some.join(', ')}${more}. Drop these first, or write DROP SCHEMA ${name} CASCADE.`,
      { namespace: name, contents: inside.length },
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
