import { AppError } from '#shared/errors/app-error.ts';
import type { LandResult, PickRequest } from '#shared/contract/merges.ts';
import type { PickInput } from '#server/catalog/merge/outcome.ts';
import type { Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { describeOutcome } from './describe.ts';
import { landing } from './landing.ts';
import { resolveRef } from './resolve-ref.ts';

/** Commits of one range at most: each may become a commit, all in one transaction. */
const MOST_COMMITS = 1000;

/** @throws as mergeRef; INVALID_INPUT for a merge without mainline, and a range that is none */
export async function cherryPickCommits(
  ctx: ServiceContext,
  branch: string,
  request: PickRequest,
): Promise<LandResult> {
  const commits = await commitsOf(ctx, request);
  const outcome = await ctx.catalog.cherryPick(pickInput(ctx, branch, request, commits));
  return describeOutcome(outcome, request.dryRun ?? false);
}

/** A range is taken back newest first. @throws as cherryPickCommits */
export async function revertCommits(
  ctx: ServiceContext,
  branch: string,
  request: PickRequest,
): Promise<LandResult> {
  const commits = await commitsOf(ctx, request);
  const order = request.range === undefined ? commits : [...commits].reverse();
  const outcome = await ctx.catalog.revert(pickInput(ctx, branch, request, order));
  return describeOutcome(outcome, request.dryRun ?? false);
}

function pickInput(
  ctx: ServiceContext,
  branch: string,
  request: PickRequest,
  commits: readonly Hash[],
): PickInput {
  const { mainline } = request;
  return { ...landing(ctx, branch, request), commits, ...(mainline === undefined ? {} : { mainline }) };
}

/** Of a range: oldest first. */
async function commitsOf(ctx: ServiceContext, { commits = [], range }: PickRequest): Promise<Hash[]> {
  if ((commits.length === 0) === (range === undefined)) {
    throw new AppError('INVALID_INPUT', 'Say which commits: either a list of "commits", or a "range".');
  }
  const hashes: Hash[] = [];
  for (const expression of commits) hashes.push((await resolveRef(ctx, expression)).hash);
  if (range === undefined) return hashes;
  const { hash: after } = await resolveRef(ctx, range.after);
  const { hash: to } = await resolveRef(ctx, range.to);
  const page = await ctx.catalog.log(to, { limit: MOST_COMMITS + 1 });
  const end = page.commits.findIndex(({ hash }) => hash === after);
  const isRoot = (await ctx.catalog.getCommit(after)).parents.length === 0 && page.next === undefined;
  if (end === -1 && !isRoot) {
    throw new AppError(
      'INVALID_INPUT',
      `${after.slice(0, 12)} is none of the ${MOST_COMMITS} commits up to ${to.slice(0, 12)} along first parents, so there is no range between them.`,
      { context: { after, to } },
    );
  }
  return page.commits
    .slice(0, end === -1 ? undefined : end)
    .map(({ hash }) => hash)
    .reverse();
}
