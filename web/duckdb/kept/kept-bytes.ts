import type { KeptStore } from './kept-store.ts';

/** What workers fetched is kept once they fetch no more: see KeepLater. */
const SETTLE_MS = 2000;

/** How much the browser keeps for later visits, looked up some time after there may be more. */
export class KeptBytes {
  readonly #store: KeptStore;
  readonly #onChange: () => void;
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: KeptStore, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.later();
  }

  get bytes(): number {
    return this.#bytes;
  }

  later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // A browser that keeps nothing (in a private window, say) has none.
      this.#look().catch(() => undefined);
    }, SETTLE_MS);
  }

  async clear(): Promise<void> {
    await this.#store.clear().catch(() => undefined);
    await this.#look().catch(() => undefined);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const bytes = await this.#store.bytes();
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#onChange();
  }
}
