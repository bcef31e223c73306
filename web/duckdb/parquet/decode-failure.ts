import type { DecodeReply } from './decode-protocol.ts';
import { FetchFailure } from './tail.ts';

/**
 * Why a decode failed. What reads Parquet passes on a text of what went wrong with a fetch, or breaks down for it: what
 * was noted here of the fetch is the reason then.
 */
export class DecodeFailures {
  #noted: FetchFailure | null = null;

  /** For the next decode. */
  clear(): void {
    this.#noted = null;
  }

  /** As `get`; the first failure is noted. */
  noting(get: typeof fetch): typeof fetch {
    return async (input, init) => {
      try {
        const response = await get(input, init);
        if (!response.ok) this.#noted ??= new FetchFailure(response.status, `status ${response.status}`);
        return response;
      } catch (error) {
        this.#noted ??= new FetchFailure(0, String(error));
        throw error;
      }
    };
  }

  replyTo(error: unknown): Extract<DecodeReply, { kind: 'failed' }> {
    return replyOf(error instanceof FetchFailure ? error : this.#noted, String(error));
  }

  /** What to say where the worker breaks down; null where nothing that was noted explains it. */
  replyToBreakdown(): Extract<DecodeReply, { kind: 'failed' }> | null {
    return this.#noted === null ? null : replyOf(this.#noted, '');
  }
}

function replyOf(cause: FetchFailure | null, text: string): Extract<DecodeReply, { kind: 'failed' }> {
  const said = cause?.said;
  return {
    kind: 'failed',
    message: cause?.message ?? text,
    status: cause?.status ?? null,
    ...(said ? { said } : {}),
  };
}
