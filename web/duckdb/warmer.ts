import { isAbortError } from '#shared/errors/app-error.ts';
import type { LoadProgress } from './cache/column-loader.ts';
import type { FileNeed } from './cache/needs.ts';
import type { Tab } from './tab.ts';
import type { RunProgress } from './types.ts';
import { markWarmed } from './user-timing.ts';

/** Plans that may wait their turn; older ones are of less use than the newest. */
const MAX_WAITING = 8;
/** Milliseconds between two words on how far a load has got, which the page draws. */
const TELL_MS = 200;

/** Loads columns behind the server's answers, one plan after the other, after what runs wait for. */
export class Warmer {
  readonly #tab: Tab;
  readonly #onChange: () => void;
  readonly #waiting: (readonly FileNeed[])[] = [];
  #current: AbortController | null = null;
  #progress: RunProgress | null = null;

  constructor(tab: Tab, onChange: () => void) {
    this.#tab = tab;
    this.#onChange = onChange;
  }

  get progress(): RunProgress | null {
    return this.#progress;
  }

  warm(needs: readonly FileNeed[]): void {
    this.#waiting.push(needs);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    if (!this.#current) void this.#work();
  }

  stop(): void {
    this.#waiting.length = 0;
    this.#current?.abort();
  }

  async #work(): Promise<void> {
    for (let needs = this.#waiting.shift(); needs; needs = this.#waiting.shift()) {
      this.#current = new AbortController();
      try {
        await this.#load(needs, this.#current.signal);
      } catch (error) {
        // The server gave the answer, and a run that needs these columns will say what is wrong with them.
        if (!isAbortError(error)) console.warn('Columns could not be loaded ahead.', error);
      }
    }
    this.#current = null;
    this.#report(null);
  }

  async #load(needs: readonly FileNeed[], signal: AbortSignal): Promise<void> {
    const { loader } = await this.#tab.ready();
    const start = performance.now();
    let [bytes, told] = [0, -Infinity];
    const onProgress = (progress: LoadProgress) => {
      bytes = progress.bytes.total;
      const now = performance.now();
      if (progress.files.total === 0 || signal.aborted || now - told < TELL_MS) return;
      told = now;
      this.#report({ phase: 'loading', ...progress });
    };
    const pin = await loader.acquire(needs, { signal, priority: 1, onProgress });
    pin.release();
    markWarmed(start, bytes);
  }

  #report(progress: RunProgress | null): void {
    this.#progress = progress;
    this.#onChange();
  }
}
