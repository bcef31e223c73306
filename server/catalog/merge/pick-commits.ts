import { AppError } from '#shared/errors/app-error.ts';
import { checkProtection, landOn, makeCommit, recordOf, type Prepared } from '../land.ts';
import type { Commit, CommitMeta, Ref, RefOperation } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import type { NewCommit } from '../store/catalog-store.ts';
import { editTree } from '../tree/edit-tree.ts';
import type { EncodedNode } from '../tree/node.ts';
import { checkChoices } from './check-choices.ts';
import { changesOf } from './changes-of.ts';
import { mergerFor } from './content-merger.ts';
import { relate } from './merge-base.ts';
import { prepareForward } from './merge-into.ts';
import type { LandInput, LandOutcome, PickInput, RebaseInput } from './outcome.ts';
import { mergeThreeWay } from './three-way.ts';
import { viewOf } from './view.ts';

/** Changes that one commit is to make again: from one commit's tree to another's. */
interface Step {
  readonly of: Commit;
  readonly from: Commit;
  readonly to: Commit;
  readonly meta: CommitMeta;
}

/** See Catalog.cherryPick. What is there already makes no commit. */
export async function cherryPick(reader: CatalogReader, input: PickInput): Promise<LandOutcome> {
  const steps: Step[] = [];
  for (const of of await reader.getCommits(input.commits)) {
    const { author, message } = of;
    const properties = { ...of.properties, ...input.properties, 'cherry-picked-from': of.hash };
    const from = await parentOf(reader, of, input.mainline);
    steps.push({ of, from, to: of, meta: { author, message, properties } });
  }
  return landSteps(reader, input, 'cherry-pick', steps);
}

/** See Catalog.revert. */
export async function revert(reader: CatalogReader, input: PickInput): Promise<LandOutcome> {
  const steps: Step[] = [];
  for (const of of await reader.getCommits(input.commits)) {
    const meta = {
      author: input.author ?? '',
      message: input.message ?? `Revert "${of.message}"`,
      properties: { ...input.properties, reverts: of.hash },
    };
    steps.push({ of, from: of, to: await parentOf(reader, of, input.mainline), meta });
  }
  return landSteps(reader, input, 'revert', steps);
}

/** See Catalog.rebase. */
export async function rebase(catalog: CatalogReader, input: RebaseInput): Promise<LandOutcome> {
  const onto = await catalog.getCommit(input.onto);
  return landOn(catalog, input, async (head, ref, reader): Promise<Prepared<LandOutcome>> => {
    const { bases, onlyA } = await relate(reader, head.hash, onto.hash);
    const outcome = nothingYet(ref, head, bases.length === 1 ? (bases[0] ?? null) : null);
    if (bases.includes(onto.hash)) return { result: outcome };
    checkProtection(ref, 'MERGE', 'a rebase');
    if (bases.includes(head.hash)) return prepareForward(reader, input, { head, ref, from: onto, outcome });
    checkProtection(ref, 'RESET', 'a rebase');
    const own = new Set(onlyA.map(({ hash }) => hash));
    const steps: Step[] = [];
    for (let of = head; own.has(of.hash);) {
      const { author, message, properties } = of;
      const from = await reader.getCommit(of.parents[0] ?? '');
      steps.unshift({ of, from, to: of, meta: { author, message, properties } });
      of = from;
    }
    return prepareSteps(reader, input, { operation: 'rebase', ref, head, onto, steps, outcome });
  });
}

async function landSteps(
  catalog: CatalogReader,
  input: LandInput,
  operation: RefOperation,
  steps: readonly Step[],
): Promise<LandOutcome> {
  if (steps.length === 0) throw new AppError('INVALID_INPUT', `A ${operation} needs at least one commit.`);
  return landOn(catalog, input, async (head, ref, reader) => {
    checkProtection(ref, 'COMMIT', `a ${operation}`);
    return prepareSteps(reader, input, {
      operation,
      ref,
      head,
      onto: head,
      steps,
      outcome: nothingYet(ref, head, null),
    });
  });
}

/** The steps one after the other on a commit. The first that conflicts stops all. */
async function prepareSteps(
  reader: CatalogReader,
  input: LandInput,
  to: {
    readonly operation: RefOperation;
    readonly ref: Ref;
    readonly head: Commit;
    readonly onto: Commit;
    readonly steps: readonly Step[];
    readonly outcome: LandOutcome;
  },
): Promise<Prepared<LandOutcome>> {
  const { operation, ref, head, onto, outcome } = to;
  const commits: Commit[] = [];
  const stored: NewCommit[] = [];
  const nodes: EncodedNode[] = [];
  const askedOfAll = new Set<string>();
  const merger = mergerFor(input.merger, input.dryRun);
  let last = onto;
  for (const step of to.steps) {
    const { edits, conflicts, asked } = await mergeThreeWay(reader, {
      ...input,
      base: viewOf(step.from.tree),
      ours: viewOf(last.tree),
      theirs: viewOf(step.to.tree),
      ...merger,
    });
    for (const key of asked) askedOfAll.add(key);
    const edited = await editTree(reader.nodes, last.tree, edits);
    if (conflicts.length > 0) {
      const changes = await changesOf(reader, head.tree, edited.root);
      return {
        result: { ...outcome, outcome: 'CONFLICTS', commits, changes, conflicts, stoppedAt: step.of.hash },
      };
    }
    if (edited.root === last.tree) continue;
    const made = await makeCommit(reader, { parents: [last], tree: edited.root, ...step.meta });
    nodes.push(...edited.nodes);
    stored.push(made.stored);
    commits.push(made.commit);
    last = made.commit;
  }
  // Not before: a choice may be for a later one than the commit that conflicts.
  checkChoices(input, askedOfAll);
  if (last === head) return { result: outcome };
  const changes = await changesOf(reader, head.tree, last.tree);
  const result: LandOutcome = { ...outcome, outcome: 'COMMITTED', commits, changes };
  if (input.dryRun === true) return { result };
  const record = recordOf(ref, operation, {
    before: head.hash,
    after: last.hash,
    author: input.author ?? '',
    message: input.message ?? commits.map(({ message }) => message).join('; '),
    time: reader.clock(),
  });
  return {
    result: { ...result, applied: true, after: last.hash },
    move: { next: last.hash, objects: { nodes, commits: stored }, records: [record] },
  };
}

/** @throws INVALID_INPUT for the root, and for a merge without the parent to compare with */
async function parentOf(
  reader: CatalogReader,
  commit: Commit,
  mainline: number | undefined,
): Promise<Commit> {
  const { parents, hash } = commit;
  const short = hash.slice(0, 12);
  const context = { context: { commit: hash, parents } };
  if (parents.length === 0) {
    throw new AppError('INVALID_INPUT', `${short} is the root of all history and changes nothing.`, context);
  }
  if (parents.length > 1 && mainline === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `${short} is a merge: say with "mainline" which of its ${parents.length} parents, from 1, it is to be compared with.`,
      context,
    );
  }
  const parent = parents[parents.length === 1 ? 0 : (mainline ?? 1) - 1];
  if (parent !== undefined) return reader.getCommit(parent);
  throw new AppError('INVALID_INPUT', `${short} has no parent ${mainline}.`, context);
}

function nothingYet(ref: Ref, head: Commit, base: string | null): LandOutcome {
  return {
    outcome: 'UP_TO_DATE',
    applied: false,
    branch: ref.name,
    base,
    before: head.hash,
    after: head.hash,
    commits: [],
    changes: [],
    conflicts: [],
  };
}
