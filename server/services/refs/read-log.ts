import type { LogChange, LogEntry, LogPage } from '#shared/contract/refs.ts';
import type { Commit, ContentKey, KeyDiff } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from './resolve-ref.ts';

/** Turns what stands at a key into what a person wants to know of its change; given by whoever knows tables. */
export type DescribeChange = (ctx: ServiceContext, diff: KeyDiff) => Promise<LogChange>;

export interface ReadLogInput {
  readonly ref: string;
  readonly limit: number;
  /** Hash to go on from: `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly keys?: readonly ContentKey[] | undefined;
  /** Namespace. */
  readonly under?: ContentKey | undefined;
  readonly author?: string | undefined;
  readonly text?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Of a commit's changes so many are told: what each did takes reading its metadata. */
const TOLD_CHANGES = 1000;

/** Newest first, along first parents. @throws REF_NOT_FOUND, COMMIT_NOT_FOUND */
export async function readLog(
  ctx: ServiceContext,
  input: ReadLogInput,
  describe: DescribeChange,
): Promise<LogPage> {
  const from = input.cursor ?? (await resolveRef(ctx, input.ref)).hash;
  const { commits, next } = await ctx.catalog.log(from, {
    limit: input.limit,
    ...(input.keys === undefined ? {} : { keys: input.keys }),
    ...(input.under === undefined ? {} : { under: input.under }),
    ...(input.author === undefined ? {} : { author: input.author }),
    ...(input.text === undefined ? {} : { text: input.text }),
    ...(input.since === undefined ? {} : { since: new Date(input.since) }),
    ...(input.until === undefined ? {} : { until: new Date(input.until) }),
  });
  const entries = await Promise.all(commits.map((commit) => describeCommit(ctx, commit, describe)));
  return { entries, ...(next === undefined ? {} : { next }) };
}

async function describeCommit(
  ctx: ServiceContext,
  commit: Commit,
  describe: DescribeChange,
): Promise<LogEntry> {
  const changes = await ctx.catalog.diff(commit.parents[0] ?? null, commit.hash);
  return {
    hash: commit.hash,
    parents: [...commit.parents],
    author: commit.author,
    message: commit.message,
    time: commit.time.toISOString(),
    properties: { ...commit.properties },
    changes: await Promise.all(changes.slice(0, TOLD_CHANGES).map((change) => describe(ctx, change))),
    ...(changes.length > TOLD_CHANGES ? { changeCount: changes.length } : {}),
  };
}
