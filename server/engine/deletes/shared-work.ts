import { abortError } from '../execute/abort.ts';

interface Running<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work that several callers may want at once: it is done once, and given up when the last of them has left. */
export class SharedWork<T> {
  readonly #running = new Map<string, Running<T>>();

  /** @throws what `work` throws; AbortError after `signal`, also while others still wait */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted === true) throw abortError();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.waiting += 1;
    let abort: (() => void) | undefined;
    try {
      if (signal === undefined) return await running.result;
      const aborted = new Promise<never>((_, reject) => {
        abort = () => reject(abortError());
        signal.addEventListener('abort', abort, { once: true });
      });
      return await Promise.race([running.result, aborted]);
    } finally {
      if (abort !== undefined) signal?.removeEventListener('abort', abort);
      running.waiting -= 1;
      if (running.waiting === 0) this.#end(key, running);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> {
    const stop = new AbortController();
    const running: Running<T> = { result: work(stop.signal), stop, waiting: 0 };
    this.#running.set(key, running);
    // Those who wait hear of a failure; nobody may be left to.
    running.result.catch(() => undefined);
    return running;
  }

  #end(key: string, running: Running<T>): void {
    // Nobody may join what is given up.
    if (this.#running.get(key) === running) this.#running.delete(key);
    running.stop.abort();
  }
}
