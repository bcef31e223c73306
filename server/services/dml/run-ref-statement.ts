import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { LandResult } from '#shared/contract/merges.ts';
import type { StatementRequest, StatementResult } from '#shared/contract/statements.ts';
import type { RefStatement } from '#server/engine/dml/parse-ref-statement.ts';
import type { ServiceContext } from '../context.ts';
import { createRef, deleteRef, mergeRef, resolveRef } from '../refs/index.ts';

type Done = Pick<StatementResult, 'kind' | 'branch' | 'note' | 'commit'>;

/** CREATE and DROP of branches and tags, and MERGE BRANCH. @throws as createRef, deleteRef and mergeRef; COMMIT_CONFLICT where the merge conflicts */
export async function runRefStatement(
  ctx: ServiceContext,
  statement: RefStatement,
  request: StatementRequest,
): Promise<StatementResult> {
  const started = performance.now();
  const done = await run(ctx, statement, request);
  return {
    table: '',
    rows: { inserted: '0', updated: '0', deleted: '0' },
    ...done,
    elapsedMs: Math.round(performance.now() - started),
  };
}

async function run(ctx: ServiceContext, statement: RefStatement, request: StatementRequest): Promise<Done> {
  switch (statement.kind) {
    case 'create-ref':
      return create(ctx, statement, request);
    case 'drop-ref':
      return drop(ctx, statement);
    case 'merge-ref':
      return merge(ctx, statement, request);
  }
}

async function create(
  ctx: ServiceContext,
  { type, name, ifNotExists, from }: RefStatement & { kind: 'create-ref' },
  request: StatementRequest,
): Promise<Done> {
  const start = from ?? request.ref;
  const done = { kind: type === 'TAG' ? 'create-tag' : 'create-branch', branch: name } as const;
  try {
    const { hash } = await createRef(ctx, { name, type, ...(start === undefined ? {} : { from: start }) });
    const where = await resolveRef(ctx, start);
    return { ...done, note: `The ${word(type)} ${name} begins at ${where.name} (${hash.slice(0, 8)}).` };
  } catch (error) {
    if (!ifNotExists || !isAppError(error, 'REF_ALREADY_EXISTS')) throw error;
    return { ...done, note: `There is a ${word(type)} ${name} already; it stays as it is.` };
  }
}

async function drop(
  ctx: ServiceContext,
  { type, name, ifExists }: RefStatement & { kind: 'drop-ref' },
): Promise<Done> {
  const done = { kind: type === 'TAG' ? 'drop-tag' : 'drop-branch', branch: name } as const;
  try {
    const ref = await ctx.catalog.getRef(name);
    if (ref.type !== type)
      throw new AppError('INVALID_INPUT', `${name} is a ${word(ref.type)}; write DROP ${ref.type} ${name}.`, {
        context: { ref: name },
      });
    await deleteRef(ctx, name, { expectedHash: ref.hash });
    return { ...done, note: `The ${word(type)} ${name} is gone; Moves, in History, bring it back.` };
  } catch (error) {
    if (!ifExists || !isAppError(error, 'REF_NOT_FOUND')) throw error;
    return { ...done, note: `There is no ${word(type)} ${name}.` };
  }
}

async function merge(
  ctx: ServiceContext,
  { from, into }: RefStatement & { kind: 'merge-ref' },
  { ref, message }: StatementRequest,
): Promise<Done> {
  const branch = into ?? ref ?? ctx.catalog.defaultBranch;
  const landed = await mergeRef(ctx, branch, { from, ...(message === undefined ? {} : { message }) });
  if (landed.outcome === 'CONFLICTS') throw conflicts(landed, from, branch);
  const last = landed.commits.at(-1);
  return {
    kind: 'merge-branch',
    branch,
    note: noteOf(landed, from),
    ...(landed.outcome === 'COMMITTED' && last !== undefined ? { commit: commitOf(last) } : {}),
  };
}

function commitOf({ hash, author, message, time }: LandResult['commits'][number]): StatementResult['commit'] {
  return { hash, author, message, time };
}

function noteOf({ outcome, branch, after, changeCount }: LandResult, from: string): string {
  if (outcome === 'UP_TO_DATE') return `${branch} has all of ${from} already.`;
  const how = outcome === 'FAST_FORWARD' ? 'was moved forward' : 'has a merge commit';
  return `${branch} ${how} to ${after.slice(0, 8)}: ${changeCount} ${changeCount === 1 ? 'change' : 'changes'} from ${from}.`;
}

/** Choices are made with what is in conflict in sight. */
function conflicts({ conflicts: all }: LandResult, from: string, branch: string): AppError {
  const named = all
    .slice(0, 3)
    .map(({ key, message }) => `${key}: ${message}`)
    .join(' ');
  const more = all.length > 3 ? ` And ${all.length - 3} more.` : '';
  return new AppError(
    'UNPROCESSABLE',
    `${from} does not merge into ${branch} by itself; nothing was changed. ${named}${more} Decide in Branches, Compare and merge, or with timestream merge --choice.`,
    { context: { conflicts: all.map(({ key, kind }) => ({ key, kind })) } },
  );
}

function word(type: 'BRANCH' | 'TAG'): string {
  return type.toLowerCase();
}
