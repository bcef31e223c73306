import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '#shared/errors/app-error.ts';

const KEPT_MS = 10 * 60 * 1000;
const MOST = 1000;

/**
 * Why answers broke off. A stream that has begun has its status behind it, and can only break; who took it asks here for
 * the reason.
 */
export class BrokenAnswers {
  readonly #errors = new LRUCache<string, Error>({ max: MOST, ttl: KEPT_MS });

  /** For an answer that begins: its name, and what is to be told where it breaks. */
  open(): { readonly id: string; readonly broke: (error: unknown) => void } {
    const id = randomUUID();
    const broke = (error: unknown) => {
      if (error instanceof Error) this.#errors.set(id, error);
    };
    return { id, broke };
  }

  /** What the query would have been refused with before its first rows. @throws NOT_FOUND */
  why(id: string): Error {
    const error = this.#errors.get(id);
    if (error !== undefined) return error;
    throw new AppError('NOT_FOUND', 'Nothing is known of an answer of this name that broke off.', {
      context: { answer: id },
    });
  }
}
