import type { KeptFor, RetentionPolicy } from '#shared/contract/gc.ts';
import type { Commit, Hash } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import type { MergeRequestStore } from '../merge-requests/index.ts';
import { classesOf, ruleFor } from './retention-policy.ts';

export interface KeepingContext extends Pick<ServiceContext, 'catalog'> {
  /** Open ones keep what they are about. */
  readonly mergeRequests?: Pick<MergeRequestStore, 'list'>;
}

/** By class of contents: the commits that are kept for it, and what for. */
export type KeptCommits = ReadonlyMap<string, ReadonlyMap<Hash, KeptFor>>;

interface Root {
  readonly hash: Hash;
  /** Whose rules hold for what comes before; null keeps this commit alone. */
  readonly branch: string | null;
  readonly why: KeptFor;
}

const PAGE = 500;

/** Commits that are kept: heads, tags, what rules say, what open merge requests need, what the reflog can undo. */
export async function keptCommits(
  ctx: KeepingContext,
  policy: RetentionPolicy,
  at: { readonly now: number; readonly reflogFrom: number },
): Promise<KeptCommits> {
  const roots = await rootsOf(ctx, at.reflogFrom);
  const kept = new Map<string, Map<Hash, KeptFor>>();
  for (const inClass of classesOf(policy)) {
    const commits = new Map<Hash, KeptFor>();
    kept.set(inClass, commits);
    const keptWhole = new Set<Hash>();
    for (const { hash, branch, why } of roots) {
      if (!commits.has(hash)) commits.set(hash, why);
      if (branch === null) continue;
      const rule = ruleFor(policy, branch, inClass, at.now);
      await keepBefore(ctx, hash, rule, why, commits, keptWhole);
    }
  }
  return kept;
}

/** From a commit on, newest first, by whatever parent. */
async function keepBefore(
  { catalog }: KeepingContext,
  from: Hash,
  rule: { readonly newerThan: number; readonly last: number } | null,
  why: KeptFor,
  kept: Map<Hash, KeptFor>,
  keptWhole: Set<Hash>,
): Promise<void> {
  const seen = new Set([from]);
  const waiting = [await catalog.getCommit(from)];
  for (let count = 0; waiting.length > 0; count += 1) {
    const commit = takeNewest(waiting);
    if (rule !== null && count >= rule.last && commit.time.getTime() < rule.newerThan) return;
    if (rule === null && keptWhole.has(commit.hash)) continue;
    if (rule === null) keptWhole.add(commit.hash);
    if (!kept.has(commit.hash)) kept.set(commit.hash, why);
    for (const parent of commit.parents) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      waiting.push(await catalog.getCommit(parent));
    }
  }
}

function takeNewest(waiting: Commit[]): Commit {
  let newest = 0;
  for (const [index, { time }] of waiting.entries())
    if (time > (waiting[newest] as Commit).time) newest = index;
  return waiting.splice(newest, 1)[0] as Commit;
}

async function rootsOf(ctx: KeepingContext, reflogFrom: number): Promise<readonly Root[]> {
  const refs = await ctx.catalog.listRefs();
  const roots: Root[] = refs.map(({ name, type, hash }) =>
    type === 'BRANCH' ? { hash, branch: name, why: 'branch' } : { hash, branch: null, why: 'tag' },
  );
  const heads = new Map(refs.map(({ name, hash }) => [name, hash]));
  const trunk = heads.get(ctx.catalog.defaultBranch);
  // What both sides of a merge are compared with.
  const basesOf = async (a: Hash | undefined, b: Hash | undefined, why: KeptFor) => {
    if (a === undefined || b === undefined || a === b) return;
    const { bases } = await ctx.catalog.relate(a, b);
    for (const hash of bases) roots.push({ hash, branch: null, why });
  };
  for (const { source, target } of await openRequests(ctx))
    await basesOf(heads.get(source), heads.get(target), 'merge-request');
  for (const { type, hash } of refs) if (type === 'BRANCH') await basesOf(hash, trunk, 'merge-base');
  for (let before: string | undefined; ;) {
    const page = await ctx.catalog.reflog({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    const young = page.entries.filter(({ time }) => time.getTime() >= reflogFrom);
    for (const { ref, type, before: left, after } of young)
      for (const hash of [after, left])
        if (hash !== null) roots.push({ hash, branch: type === 'BRANCH' ? ref : null, why: 'reflog' });
    if (page.next === undefined || young.length === 0) return roots;
    before = page.next;
  }
}

async function openRequests({ mergeRequests }: KeepingContext) {
  const open: Awaited<ReturnType<MergeRequestStore['list']>>[number][] = [];
  if (mergeRequests === undefined) return open;
  for (const status of ['OPEN', 'MERGING'] as const) {
    for (let before: number | undefined; ;) {
      const page = await mergeRequests.list({
        status,
        limit: PAGE,
        ...(before === undefined ? {} : { before }),
      });
      open.push(...page);
      before = page.at(-1)?.id;
      if (page.length < PAGE) break;
    }
  }
  return open;
}
