import { AppError } from '#shared/errors/app-error.ts';
import { abortError } from '../execute/abort.ts';

/** What a run came to, for those who wait for it. */
export type Outcome =
  | { readonly kind: 'pieces'; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'failed'; readonly error: AppError }
  /** More than is shared. */
  | { readonly kind: 'too-large' }
  /** Given up by who asked for it, or broken for a reason of its own. */
  | { readonly kind: 'ended' };

/**
 * One run of a query: who asked for it first takes its pieces as they come, others wait for the whole. It computes
 * ahead of the taker up to a limit, so that a slow taker does not hold up the others; beyond it nobody waits any more.
 */
export class SharedRun {
  readonly #stop = new AbortController();
  readonly #run: (signal: AbortSignal) => AsyncGenerator<Uint8Array>;
  readonly #limit: number;
  readonly #settle: (outcome: Outcome) => void;
  readonly #outcome: Promise<Outcome>;
  readonly #pieces: Uint8Array[] = [];
  #taken = 0;
  #bytes = 0;
  #bytesAhead = 0;
  #isOpen = true;
  #isDone = false;
  #error: unknown = null;
  #waiting = 0;
  #hasTaker = true;
  #wake: () => void = () => undefined;

  constructor(
    run: (signal: AbortSignal) => AsyncGenerator<Uint8Array>,
    limit: number,
    settled: (outcome: Outcome) => void,
  ) {
    this.#run = run;
    this.#limit = limit;
    let resolve: (outcome: Outcome) => void = () => undefined;
    this.#outcome = new Promise((settle) => (resolve = settle));
    this.#settle = (outcome) => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      settled(outcome);
      resolve(outcome);
    };
  }

  /** For one who came later. @throws AbortError after the signal */
  async wait(signal: AbortSignal | undefined): Promise<Outcome> {
    this.#waiting += 1;
    let leave: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      leave = () => reject(abortError());
      signal?.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.#outcome, aborted]);
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#waiting -= 1;
      this.#stopWhereUnwanted();
    }
  }

  /** Starts the run. Its pieces, as they come. */
  async *lead(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const abort = () => {
      this.#hasTaker = false;
      this.#stopWhereUnwanted();
      this.#wake();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const pumping = this.#pump();
    try {
      for (;;) {
        if (signal?.aborted === true) throw abortError();
        const piece = this.#pieces[this.#taken];
        if (piece !== undefined) {
          this.#taken += 1;
          this.#bytesAhead -= piece.byteLength;
          // What is not shared any more need not be kept either.
          if (!this.#isOpen) this.#dropTaken();
          this.#wake();
          yield piece;
        } else if (this.#error !== null) throw this.#error;
        else if (this.#isDone) return;
        else await this.#change();
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      abort();
      if (this.#waiting === 0) await pumping;
    }
  }

  async #pump(): Promise<void> {
    try {
      for await (const piece of this.#run(this.#stop.signal)) {
        this.#pieces.push(piece);
        this.#bytes += piece.byteLength;
        this.#bytesAhead += piece.byteLength;
        if (this.#bytes > this.#limit) {
          this.#settle({ kind: 'too-large' });
          this.#stopWhereUnwanted();
        }
        this.#wake();
        while (!this.#isOpen && this.#bytesAhead > this.#limit && this.#hasTaker) await this.#change();
        this.#stop.signal.throwIfAborted();
      }
      this.#isDone = true;
      this.#settle({ kind: 'pieces', pieces: [...this.#pieces] });
    } catch (error) {
      this.#error = error;
      const isOfTheQuery = error instanceof AppError && !this.#stop.signal.aborted;
      this.#settle(isOfTheQuery ? { kind: 'failed', error } : { kind: 'ended' });
    } finally {
      this.#wake();
    }
  }

  #dropTaken(): void {
    this.#pieces.splice(0, this.#taken);
    this.#taken = 0;
  }

  /** Who takes the pieces is gone, and nobody waits for them. */
  #stopWhereUnwanted(): void {
    if (this.#hasTaker || this.#isDone || (this.#isOpen && this.#waiting > 0)) return;
    this.#settle({ kind: 'ended' });
    this.#stop.abort(abortError());
    this.#wake();
  }

  /** Resolves at the next change of anything. */
  async #change(): Promise<void> {
    const before = this.#wake;
    await new Promise<void>((resolve) => {
      this.#wake = () => {
        this.#wake = () => undefined;
        before();
        resolve();
      };
    });
  }
}
