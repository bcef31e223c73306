import type { CompareResult } from '#shared/contract/merges.ts';
import type { ServiceContext } from '../context.ts';
import { describeKeyChange, MOST_LISTED, summarize } from './describe.ts';
import { pairRenames } from './pair-renames.ts';
import { resolveRef } from './resolve-ref.ts';

/**
 * How far two places in history are apart, and what differs.
 *
 * @param since from: their contents as they are; merge-base: what `to` changed since they parted
 * @throws REF_NOT_FOUND, COMMIT_NOT_FOUND
 */
export async function compareRefs(
  ctx: ServiceContext,
  input: {
    readonly from: string;
    readonly to: string;
    readonly since?: 'from' | 'merge-base';
    /** Commits and changes told one by one, at most. */
    readonly list?: number;
  },
): Promise<CompareResult> {
  const [from, to] = [await resolveRef(ctx, input.from), await resolveRef(ctx, input.to)];
  const { bases, onlyA, onlyB } = await ctx.catalog.relate(from.hash, to.hash);
  const start = input.since === 'merge-base' ? (bases[0] ?? from.hash) : from.hash;
  const listed = input.list ?? MOST_LISTED;
  const changes = pairRenames(await ctx.catalog.diff(start, to.hash));
  return {
    from,
    to,
    mergeBases: [...bases],
    ahead: onlyB.length,
    behind: onlyA.length,
    commits: onlyB.slice(0, listed).map(summarize),
    changeCount: changes.length,
    changes: changes.slice(0, listed).map(describeKeyChange),
  };
}
