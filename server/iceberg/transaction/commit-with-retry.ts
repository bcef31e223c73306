import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '#shared/errors/app-error.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { LoadedTable } from '../metadata/load.ts';
import type { RebasableCommit } from './staged-commit.ts';
import { integerProperty } from './write-properties.ts';

export interface CommitWithRetryInput<T> {
  readonly io: FileIO;
  readonly staged: RebasableCommit;
  /** Swaps the table's metadata location; COMMIT_CONFLICT says that another commit was first. */
  readonly commit: (staged: RebasableCommit) => Promise<T>;
  /** The table as it stands after a lost race. */
  readonly refresh: () => Promise<LoadedTable>;
  /** Lets those who lost a race for this table try again one after the other, and not against each other. */
  readonly turn?: <R>(again: () => Promise<R>) => Promise<R>;
  /** Data and delete files that were written for this commit: of no use if it fails for good. */
  readonly contentFiles?: readonly string[];
  readonly signal?: AbortSignal;
}

const RETRIES = 4;
const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 60_000;
const TOTAL_TIMEOUT_MS = 30 * 60_000;

/**
 * Commits, and after a lost race tries again on the table's new state, as the `commit.retry.…` properties of
 * the table say; waits double and are of random length, so that writers who lost together do not meet again.
 * What is of no use any more is deleted, whether it lands or fails; where the outcome is not known, nothing is.
 *
 * @throws COMMIT_CONFLICT after the last attempt, or where what others did does not go together with this commit
 */
export async function commitWithRetry<T>(input: CommitWithRetryInput<T>): Promise<T> {
  const { properties } = input.staged.metadata;
  const retries = integerProperty(properties, 'commit.retry.num-retries', RETRIES, 0);
  const minWait = integerProperty(properties, 'commit.retry.min-wait-ms', MIN_WAIT_MS, 0);
  const maxWait = integerProperty(properties, 'commit.retry.max-wait-ms', MAX_WAIT_MS, 0);
  const timeout = integerProperty(properties, 'commit.retry.total-timeout-ms', TOTAL_TIMEOUT_MS, 0);
  const deadline = Date.now() + timeout;
  const turn = input.turn ?? ((again) => again());
  let { staged } = input;
  const attempt = () => raced(input.commit(staged));
  // What does not go together with what others did is no lost race, and is thrown.
  const again = async () => {
    staged = await staged.rebase(await input.refresh());
    return attempt();
  };
  try {
    input.signal?.throwIfAborted();
    let outcome = await attempt();
    for (let retry = 0; 'lost' in outcome; retry += 1) {
      if (retry >= retries || Date.now() >= deadline) throw outcome.lost;
      const wait = Math.min(minWait * 2 ** retry, maxWait);
      await delay(wait * (0.5 + Math.random() / 2), undefined, present(input.signal));
      outcome = await turn(again);
    }
    await discard(input.io, staged.supersededFiles);
    return outcome.landed;
  } catch (error) {
    // An unknown outcome may be a commit that others see already: then its files stay.
    if (!isAppError(error, 'COMMIT_STATE_UNKNOWN'))
      await discard(input.io, [...staged.writtenFiles, ...(input.contentFiles ?? [])]);
    throw error;
  }
}

async function raced<T>(commit: Promise<T>): Promise<{ readonly landed: T } | { readonly lost: unknown }> {
  try {
    return { landed: await commit };
  } catch (error) {
    if (isAppError(error, 'COMMIT_CONFLICT')) return { lost: error };
    throw error;
  }
}

function present(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** Best effort: what stays behind is reached by nothing, and maintenance removes it. */
async function discard(io: FileIO, locations: readonly string[]): Promise<void> {
  await Promise.allSettled(locations.map((location) => io.delete(location)));
}
