import { LRUCache } from 'lru-cache';
import type { Hash } from '#server/catalog/model.ts';
import { IDEMPOTENCY_MINUTES } from './catalog-config.ts';
import { writableBranch } from './places.ts';
import type { RestContext } from './rest-context.ts';

export const IDEMPOTENCY_PROPERTY = 'idempotency-key';
/** How long a request is known, in milliseconds; clients' clocks and patience differ from what they are told. */
export const REQUEST_LIFETIME_MS = IDEMPOTENCY_MINUTES * 60_000 * 1.5;

const [FIRST_PAGE, PAGE] = [10, 200];
const MAX_BRANCHES = 1000;

/** Requests by their keys, as the commits of branches tell them, whichever server and process made these. */
export class RequestLog {
  readonly #ctx: RestContext;
  readonly #now: () => number;
  readonly #branches = new LRUCache<string, { head: Hash; readonly times: Map<string, number> }>({
    max: MAX_BRANCHES,
  });

  /** @param now milliseconds since 1970 */
  constructor(ctx: RestContext, now: () => number) {
    this.#ctx = ctx;
    this.#now = now;
  }

  /** Costs what was committed since it was last asked. @throws what writableBranch throws */
  async has(prefix: string, idempotencyKey: string): Promise<boolean> {
    const branch = await writableBranch(this.#ctx, prefix);
    const { hash } = await this.#ctx.catalog.getRef(branch);
    const since = this.#now() - REQUEST_LIFETIME_MS;
    const known = this.#branches.get(branch);
    const times = known?.times ?? new Map<string, number>();
    for await (const [key, time] of requestsOf(this.#ctx, hash, { since, after: known?.head }))
      times.set(key, time);
    // About in the order in which they came.
    for (const [key, time] of times) {
      if (time >= since) break;
      times.delete(key);
    }
    this.#branches.set(branch, { head: hash, times });
    return times.has(idempotencyKey);
  }
}

/** Whether a commit of the request came to a branch since it had another head. */
export async function requestLanded(
  ctx: RestContext,
  branch: string,
  after: Hash,
  idempotencyKey: string,
): Promise<boolean> {
  const { hash } = await ctx.catalog.getRef(branch);
  const since = Date.now() - REQUEST_LIFETIME_MS;
  for await (const [key] of requestsOf(ctx, hash, { since, after })) if (key === idempotencyKey) return true;
  return false;
}

/** Keys that commits carry, and when these came; newest first, down to a time or a commit, which is not looked at. */
async function* requestsOf(
  { catalog }: RestContext,
  head: Hash,
  { since, after }: { readonly since: number; readonly after: Hash | undefined },
): AsyncGenerator<readonly [string, number]> {
  for (let from: Hash | undefined = head, limit = FIRST_PAGE; from !== undefined; limit = PAGE) {
    const page: Awaited<ReturnType<typeof catalog.log>> = await catalog.log(from, {
      limit,
      since: new Date(since),
    });
    for (const { hash, properties, time } of page.commits) {
      if (hash === after) return;
      const key = properties[IDEMPOTENCY_PROPERTY];
      if (key !== undefined) yield [key, time.getTime()];
    }
    from = page.next;
  }
}
