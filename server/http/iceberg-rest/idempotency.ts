import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';
import { REQUEST_LIFETIME_MS, RequestLog, type RestContext } from '../../services/iceberg-catalog/index.ts';
import { names, send, type Reply, type RestRequest } from './request.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 500;

interface Outcome {
  readonly request: string;
  readonly result: Promise<Reply>;
}

/** Changes that a client may ask for again with the same Idempotency-Key, of which each is made once. */
export class RepeatableChanges {
  private readonly log: RequestLog;
  private readonly running = new Map<string, Outcome>();
  private readonly done: LRUCache<string, Outcome>;

  /** @param now milliseconds since 1970 */
  constructor(ctx: RestContext, now: () => number = Date.now) {
    this.log = new RequestLog(ctx, now);
    this.done = new LRUCache({ maxSize: MAX_BYTES, ttl: REQUEST_LIFETIME_MS });
  }

  /**
   * @param change what is to be done
   * @param again the answer where another process or server did it, which only its commit tells
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
    if (await this.log.has(prefix, key)) return again();
    try {
      return await change();
    } catch (error) {
      // Another server may have been asked at the same time: then it is done.
      if (error instanceof AppError && error.status < 500 && (await this.log.has(prefix, key)))
        return again();
      throw error;
    }
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
