import type { CommitSummary, KeyChange, LandResult, MergeConflictInfo } from '#shared/contract/merges.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import type { RefInfo, ReflogEntryInfo } from '#shared/contract/refs.ts';
import type { LandOutcome, MergeConflict, MergeSide } from '#server/catalog/merge/outcome.ts';
import type { Commit, Ref, ReflogEntry } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { mergeGateOf } from './merge-gate.ts';
import { pairRenames, type Change } from './pair-renames.ts';

/** So many entries of a list that may be of any length go into one answer; a count tells of the others. */
export const MOST_LISTED = 1000;
const CHOICES = ['OURS', 'THEIRS', 'DROP'] as const;

export async function describeRef(ctx: ServiceContext, ref: Ref): Promise<RefInfo> {
  const { author, message, time } = await ctx.catalog.getCommit(ref.hash);
  const mergeGate = await mergeGateOf(ctx, ref);
  return {
    name: ref.name,
    type: ref.type,
    protection: [...ref.protection],
    ...(mergeGate === null ? {} : { mergeGate }),
    hash: ref.hash,
    head: { author, message, time: time.toISOString() },
  };
}

export function describeEntry(entry: ReflogEntry): ReflogEntryInfo {
  return { ...entry, time: entry.time.toISOString() };
}

export function describeOutcome(outcome: LandOutcome, dryRun: boolean): LandResult {
  const { commits, changes: diffs, conflicts, ...rest } = outcome;
  const changes = pairRenames(diffs);
  return {
    ...rest,
    dryRun,
    commits: commits.map(summarize),
    changeCount: changes.length,
    changes: changes.slice(0, MOST_LISTED).map(describeKeyChange),
    conflicts: conflicts.map(describeConflict),
  };
}

export function summarize({ hash, parents, author, message, time, properties }: Commit): CommitSummary {
  return {
    hash,
    parents: [...parents],
    author,
    message,
    time: time.toISOString(),
    properties: { ...properties },
  };
}

export function describeKeyChange({ key, before, after, previousKey }: Change): KeyChange {
  const type = (after ?? before)?.type ?? '';
  if (previousKey !== undefined)
    return { key: dottedName(key), kind: 'renamed', previousKey: dottedName(previousKey), type };
  return {
    key: dottedName(key),
    kind: before === null ? 'added' : after === null ? 'removed' : 'modified',
    type,
  };
}

function describeConflict({ key, kind, message, detail, ...sides }: MergeConflict): MergeConflictInfo {
  return {
    key: dottedName(key),
    kind,
    message,
    detail: { ...detail },
    base: describeSide(sides.base),
    ours: describeSide(sides.ours),
    theirs: describeSide(sides.theirs),
    choices: [...CHOICES],
  };
}

function describeSide(side: MergeSide | null): MergeConflictInfo['base'] {
  if (side === null) return null;
  const { type, id, value } = side.content;
  return { key: dottedName(side.key), type, id, value: { ...value } };
}
