import { isAppError } from '#shared/errors/app-error.ts';
import type { Commit, Hash, Operation, Requirement } from '#server/catalog/model.ts';
import { discardFiles } from '../tables/index.ts';
import { IDEMPOTENCY_PROPERTY, requestLanded } from './repeated-request.ts';
import type { RestClient, RestContext } from './rest-context.ts';

/** What a request makes of the head of a branch. */
export interface Prepared<T> {
  readonly operations: readonly Operation[];
  readonly requirements: readonly Requirement[];
  /** Without the client, which is added. */
  readonly message: string;
  readonly result: T;
}

const ATTEMPTS = 20;

/**
 * Lands a request as one commit. It is prepared anew where another commit changed what it rests on, and then its own
 * requirements say whether it still may.
 *
 * @param prepare gets the head, and a list to name every file in that it writes: they go if the commit does not land
 * @throws what `prepare` throws; COMMIT_CONFLICT after twenty lost races
 */
export async function land<T>(
  ctx: RestContext,
  client: RestClient,
  branch: string,
  prepare: (head: Hash, written: string[]) => Promise<Prepared<T>>,
): Promise<{ readonly result: T; readonly commit: Commit | null }> {
  for (let attempt = 1; ; attempt += 1) {
    const written: string[] = [];
    const { hash } = await ctx.catalog.getRef(branch);
    try {
      const { operations, requirements, message, result } = await prepare(hash, written);
      if (operations.length === 0) return { result, commit: null };
      const commit = await ctx.catalog.commit({
        branch,
        author: client.author ?? ctx.author,
        message: client.program === null ? message : `${message} (${productOf(client.program)})`,
        properties: propertiesOf(client),
        operations,
        requirements,
      });
      return { result, commit };
    } catch (error) {
      // An unknown outcome may be a commit that others see already: then its files stay.
      if (!isAppError(error, 'COMMIT_STATE_UNKNOWN')) await discardFiles(ctx, written);
      const lostRace = isAppError(error, 'COMMIT_CONFLICT') && Array.isArray(error.context['keys']);
      if (!lostRace || attempt === ATTEMPTS) throw error;
      // Lost against itself, on another server: whoever repeats it asks what came of it.
      const { idempotencyKey } = client;
      if (idempotencyKey !== null && (await requestLanded(ctx, branch, hash, idempotencyKey))) throw error;
    }
  }
}

function productOf(program: string): string {
  return program.replace(/[ /]v?\d.*$/, '');
}

function propertiesOf({ program, idempotencyKey }: RestClient): Record<string, string> {
  return {
    ...(program === null ? {} : { client: program }),
    ...(idempotencyKey === null ? {} : { [IDEMPOTENCY_PROPERTY]: idempotencyKey }),
  };
}
