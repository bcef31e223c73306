import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import {
  commitOfRequest,
  IDEMPOTENCY_MINUTES,
  writableBranch,
  type RestContext,
} from '../../services/iceberg-catalog/index.ts';
import { names, send, type Reply, type RestRequest } from './request.ts';

const LIFETIME_MS = IDEMPOTENCY_MINUTES * 60_000;
/** Clients' clocks and patience differ. */
const GRACE = 1.5;
const MAX_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 500;

interface Outcome {
  readonly request: string;
  readonly result: Promise<Reply>;
}

/** Changes that a client may ask for again with the same Idempotency-Key, of which each is made once. */
export class RepeatableChanges {
  private readonly ctx: RestContext;
  private readonly now: () => number;
  private readonly startedAt: number;
  private readonly running = new Map<string, Outcome>();
  private readonly done: LRUCache<string, Outcome>;

  /** @param now milliseconds since 1970 */
  constructor(ctx: RestContext, now: () => number = Date.now) {
    this.ctx = ctx;
    this.now = now;
    this.startedAt = now();
    this.done = new LRUCache({ maxSize: MAX_BYTES, ttl: LIFETIME_MS * GRACE });
  }

  /**
   * @param change what is to be done
   * @param again the answer where it was done before this process started, which only its commit tells
   */
  async answer(c: RestRequest, change: () => Promise<Reply>, again: () => Promise<Reply>): Promise<Response> {
    const { idempotencyKey } = c.get('client');
    if (idempotencyKey === null) return send(c, await change());
    return send(c, await this.once(idempotencyKey, await fingerprint(c), names(c).prefix, change, again));
  }

  private async once(
    key: string,
    request: string,
    prefix: string,
    change: () => Promise<Reply>,
    again: () => Promise<Reply>,
  ): Promise<Reply> {
    const known = this.running.get(key) ?? this.done.get(key);
    if (known !== undefined) {
      if (known.request === request) return known.result;
      throw new AppError(
        'INVALID_INPUT',
        `The Idempotency-Key ${key} is that of another request; each operation needs a key of its own.`,
        { context: { idempotencyKey: key } },
      );
    }
    const outcome = { request, result: this.make(key, prefix, change, again) };
    this.running.set(key, outcome);
    try {
      const reply = await outcome.result;
      this.keep(key, outcome, reply.body?.length ?? 0);
      return reply;
    } catch (error) {
      // A refusal is an answer as well; what failed, or has to wait, may come out otherwise the next time.
      if (error instanceof AppError && error.status < 500 && error.status !== 401) this.keep(key, outcome, 0);
      throw error;
    } finally {
      this.running.delete(key);
    }
  }

  private async make(
    key: string,
    prefix: string,
    change: () => Promise<Reply>,
    again: () => Promise<Reply>,
  ): Promise<Reply> {
    return (await this.wasMadeBefore(key, prefix)) ? again() : change();
  }

  /** Only a process that has not run as long as keys live can have forgotten one. */
  private async wasMadeBefore(key: string, prefix: string): Promise<boolean> {
    const lifetime = LIFETIME_MS * GRACE;
    if (this.now() - this.startedAt > lifetime) return false;
    const branch = await writableBranch(this.ctx, prefix);
    const since = new Date(this.startedAt - lifetime);
    return (await commitOfRequest(this.ctx, branch, key, since)) !== null;
  }

  private keep(key: string, outcome: Outcome, bytes: number): void {
    this.done.set(key, outcome, { size: bytes + ENTRY_BYTES });
  }
}

/** The same key is the same operation only where everything that says what to do is the same. */
async function fingerprint(c: RestRequest): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const body = await c.req.text();
  return createHash('sha256')
    .update(JSON.stringify([c.req.method, pathname, search, body]))
    .digest('hex');
}
