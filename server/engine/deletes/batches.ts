import { setMaxListeners } from 'node:events';
import { abortError } from '../execute/abort.ts';

interface Entry<I, O> {
  readonly item: I;
  readonly signal: AbortSignal;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatchLimits<I> {
  /** Batches at once. */
  readonly concurrency: number;
  readonly items: number;
  /** Sum of `weight` over a batch, unless it is of one item. */
  readonly weight: number;
  readonly weightOf: (item: I) => number;
}

/**
 * Does work on many items together that were asked for one by one: those that wait while a batch is under way are
 * the next batch. Where a batch fails, each of its items is tried alone, so that only those fail that are at fault.
 */
export class Batches<I, O> {
  readonly #work: (items: readonly I[], signal: AbortSignal) => Promise<readonly O[]>;
  readonly #limits: BatchLimits<I>;
  readonly #waiting: Entry<I, O>[] = [];
  #working = 0;

  /** @param work gives one result for each item, in their order */
  constructor(
    work: (items: readonly I[], signal: AbortSignal) => Promise<readonly O[]>,
    limits: BatchLimits<I>,
  ) {
    this.#work = work;
    this.#limits = limits;
  }

  /** @throws what the work throws; AbortError where the signal fires */
  add(item: I, signal: AbortSignal): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, signal, resolve, reject });
      if (this.#working < this.#limits.concurrency) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#working += 1;
    // Who asks for many at once asks in one turn.
    await Promise.resolve();
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) await this.#do(batch);
    this.#working -= 1;
  }

  #take(): readonly Entry<I, O>[] {
    const batch: Entry<I, O>[] = [];
    let weight = 0;
    while (batch.length < this.#limits.items) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      weight += this.#limits.weightOf(next.item);
      if (batch.length > 0 && weight > this.#limits.weight) break;
      this.#waiting.shift();
      if (next.signal.aborted) next.reject(abortError());
      else batch.push(next);
    }
    return batch;
  }

  async #do(batch: readonly Entry<I, O>[]): Promise<void> {
    const stop = new AbortController();
    // Every item's work listens.
    setMaxListeners(0, stop.signal);
    const left = () => {
      if (batch.every(({ signal }) => signal.aborted)) stop.abort();
    };
    for (const { signal } of batch) signal.addEventListener('abort', left, { once: true });
    try {
      const results = await this.#work(
        batch.map(({ item }) => item),
        stop.signal,
      );
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as O);
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 || stop.signal.aborted) for (const { reject } of batch) reject(error);
      else if (only !== undefined) for (const entry of batch) await this.#do([entry]);
    } finally {
      for (const { signal } of batch) signal.removeEventListener('abort', left);
    }
  }
}
