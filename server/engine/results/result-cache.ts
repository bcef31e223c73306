import { LRUCache } from 'lru-cache';
import { abortError } from '../execute/abort.ts';
import type { EnginePlace } from '../execute/engine-place.ts';
import { SharedRun } from './shared-run.ts';

export interface ResultCacheOptions {
  /** Of all answers that are kept. */
  readonly maxBytes: number;
  /** Larger answers are neither kept nor shared. */
  readonly maxAnswerBytes: number;
}

/** How a query came by its answer. */
export interface CachedAnswer {
  readonly pieces: AsyncGenerator<Uint8Array>;
  /** True where the query did not run for this request. */
  readonly fromCache: boolean;
}

interface Running {
  readonly shared: SharedRun;
  readonly place: EnginePlace | undefined;
}

/**
 * Answers of queries, by a key that says all that an answer depends on: what it says of one is true for ever. Requests
 * for one that is being computed wait for it instead of computing it too.
 */
export class ResultCache {
  readonly #maxAnswerBytes: number;
  readonly #answers: LRUCache<string, readonly Uint8Array[]>;
  readonly #running = new Map<string, Running>();

  constructor({ maxBytes, maxAnswerBytes }: ResultCacheOptions) {
    this.#maxAnswerBytes = maxAnswerBytes;
    this.#answers = new LRUCache({ maxSize: maxBytes, sizeCalculation: sizeOf });
  }

  /** Bytes that the answers which are kept take. */
  get bytes(): number {
    return this.#answers.calculatedSize;
  }

  /**
   * The answer of a query: as kept, of the run that is under way, or of a run of its own. Whoever stops taking the pieces
   * ends the run that is for nobody else.
   *
   * @param run ends soon after its signal
   * @param place of this request, which is told of by `run`; where another's answer is waited for, it is that one's
   * @throws what the run throws, also where it was another's; AbortError after the signal
   */
  async answer(
    key: string,
    run: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
    signal?: AbortSignal,
    place?: EnginePlace,
  ): Promise<CachedAnswer> {
    for (;;) {
      if (signal?.aborted === true) throw abortError();
      const kept = this.#answers.get(key);
      if (kept !== undefined) return { pieces: replay(kept), fromCache: true };
      const running = this.#running.get(key);
      if (running === undefined) return { pieces: this.#lead(key, run, signal, place), fromCache: false };
      if (running.place !== undefined) place?.follows(running.place);
      const outcome = await running.shared.wait(signal);
      if (outcome.kind === 'pieces') return { pieces: replay(outcome.pieces), fromCache: true };
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'too-large')
        return { pieces: run(signal ?? new AbortController().signal), fromCache: false };
      // It was cancelled by who had asked for it; somebody else has to run it now.
    }
  }

  #lead(
    key: string,
    run: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
    signal: AbortSignal | undefined,
    place: EnginePlace | undefined,
  ): AsyncGenerator<Uint8Array> {
    const shared = new SharedRun(run, this.#maxAnswerBytes, (outcome) => {
      if (this.#running.get(key)?.shared === shared) this.#running.delete(key);
      if (outcome.kind === 'pieces') this.#answers.set(key, outcome.pieces);
    });
    this.#running.set(key, { shared, place });
    return shared.lead(signal);
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  // No entry may have size 0.
  return pieces.reduce((sum, piece) => sum + piece.byteLength, 64);
}

async function* replay(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
