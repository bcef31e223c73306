import { checkProtection, landOn, makeCommit, recordOf, type Prepared } from '../land.ts';
import type { Commit, RefOperation, Ref } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { editTree } from '../tree/edit-tree.ts';
import { checkChoices } from './check-choices.ts';
import { changesOf } from './changes-of.ts';
import { mergerFor } from './content-merger.ts';
import { relate } from './merge-base.ts';
import type { LandOutcome, MergeInput } from './outcome.ts';
import { mergeThreeWay } from './three-way.ts';
import { viewOf } from './view.ts';
import { virtualBase } from './virtual-base.ts';

/** See Catalog.merge. */
export async function mergeInto(catalog: CatalogReader, input: MergeInput): Promise<LandOutcome> {
  const from = await catalog.getCommit(input.from);
  return landOn(catalog, input, async (head, ref, reader): Promise<Prepared<LandOutcome>> => {
    const { bases } = await relate(reader, head.hash, from.hash);
    const outcome: LandOutcome = {
      outcome: 'UP_TO_DATE',
      applied: false,
      branch: ref.name,
      base: bases.length === 1 ? (bases[0] ?? null) : null,
      before: head.hash,
      after: head.hash,
      commits: [],
      changes: [],
      conflicts: [],
    };
    const fastForward = input.fastForward ?? 'IF_POSSIBLE';
    const squash = input.strategy === 'SQUASH';
    if (bases.includes(from.hash)) return { result: outcome };
    checkProtection(ref, 'MERGE', 'a merge', input.byRequest);
    if (bases.includes(head.hash) && fastForward !== 'NEVER' && !squash) {
      return prepareForward(reader, input, { head, ref, from, outcome });
    }
    if (fastForward === 'ONLY') return { result: { ...outcome, outcome: 'NOT_FAST_FORWARD' } };

    const base = await virtualBase(reader, bases);
    const { edits, conflicts, asked } = await mergeThreeWay(reader, {
      ...input,
      ...mergerFor(input.merger, input.dryRun),
      base: base ?? viewOf(from.tree),
      ours: viewOf(head.tree),
      theirs: viewOf(from.tree),
    });
    checkChoices(input, asked);
    const { root: tree, nodes } = await editTree(reader.nodes, head.tree, edits);
    const changes = await changesOf(reader, head.tree, tree);
    if (conflicts.length > 0) {
      return { result: { ...outcome, outcome: 'CONFLICTS', changes, conflicts } };
    }
    if (squash && changes.length === 0) return { result: outcome };
    const { commit, stored } = await makeCommit(reader, {
      parents: squash ? [head] : [head, from],
      tree,
      author: input.author ?? '',
      message: input.message ?? `Merge ${from.hash.slice(0, 12)} into ${ref.name}`,
      properties: { ...input.properties, ...(squash ? { 'squashed-from': from.hash } : {}) },
    });
    const result: LandOutcome = { ...outcome, outcome: 'COMMITTED', commits: [commit], changes };
    if (input.dryRun === true) return { result };
    const operation: RefOperation = squash ? 'squash' : 'merge';
    const { author, message, time } = commit;
    return {
      result: { ...result, applied: true, after: commit.hash },
      move: {
        next: commit.hash,
        objects: { nodes, commits: [stored] },
        records: [recordOf(ref, operation, { before: head.hash, after: commit.hash, author, message, time })],
      },
    };
  });
}

/** The branch only moves; no commit is made. */
export async function prepareForward(
  reader: CatalogReader,
  input: Pick<MergeInput, 'author' | 'message' | 'dryRun'>,
  at: {
    readonly head: Commit;
    readonly ref: Ref;
    readonly from: Commit;
    readonly outcome: LandOutcome;
  },
): Promise<Prepared<LandOutcome>> {
  const { head, ref, from, outcome } = at;
  const changes = await changesOf(reader, head.tree, from.tree);
  const result: LandOutcome = { ...outcome, outcome: 'FAST_FORWARD', changes };
  if (input.dryRun === true) return { result };
  const record = recordOf(ref, 'fast-forward', {
    before: head.hash,
    after: from.hash,
    author: input.author ?? '',
    message: input.message ?? `Fast-forward to ${from.hash.slice(0, 12)}`,
    time: reader.clock(),
  });
  return {
    result: { ...result, applied: true, after: from.hash },
    move: { next: from.hash, objects: { nodes: [], commits: [] }, records: [record] },
  };
}
