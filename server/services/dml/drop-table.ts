import type { DropTableStatement } from '#server/engine/dml/statement.ts';
import { findContentAtRef, tableId } from '../tables/index.ts';
import {
  commitProperties,
  findOrAbsent,
  kindIn,
  refusedAtTarget,
  type StatementContext,
  type StatementOutcome,
  type StatementRun,
} from './statement-context.ts';

const KINDS = {
  'drop-table': 'table',
  'drop-view': 'view',
  'drop-materialized-view': 'materialized view',
} as const;

/** Takes a table or view from the branch. Its files stay: history, other branches and tags still read them. */
export async function dropTable(
  ctx: StatementContext,
  run: StatementRun<DropTableStatement>,
): Promise<StatementOutcome> {
  const { statement, branch, hash } = run;
  const { target } = statement;
  const wanted = KINDS[statement.kind];
  const found = await findOrAbsent(statement, 'TABLE_NOT_FOUND', () =>
    findContentAtRef(ctx, { name: branch, hash }, target.parts),
  );
  if (found === null)
    return { key: target.parts, commit: null, note: `There is no ${wanted} ${tableId(target.parts)}.` };
  const { key, content } = found;
  const name = tableId(key);
  const kind = await kindIn(ctx, found);
  if (kind !== wanted)
    throw refusedAtTarget(
      statement,
      'INVALID_INPUT',
      `${name} is a ${kind} and no ${wanted}; write DROP ${kind.toUpperCase()}.`,
      { table: name },
    );
  const commit = await ctx.catalog.commit({
    branch,
    author: ctx.author,
    message: run.message ?? `Drop ${kind === 'table' ? '' : `${kind} `}${name}`,
    properties: commitProperties(statement),
    operations: [{ kind: 'delete', key }],
    requirements: [{ key, content }],
  });
  return { key, commit, note: `${name} is gone; UNDROP ${kind.toUpperCase()} ${name} brings it back.` };
}
