import { FetchFailure } from './tail.ts';

/** The decoder's module: fetched and compiled at once, and again for the next who needs it where that came to nothing. */
export class DecoderStart {
  readonly #load: () => Promise<unknown>;
  #started: Promise<unknown>;

  constructor(load: () => Promise<unknown>) {
    this.#load = load;
    this.#started = this.#begin();
  }

  /** @throws FetchFailure: no file is to blame for what went wrong with the module */
  async ready(): Promise<void> {
    try {
      await this.#started.catch(async () => (this.#started = this.#begin()));
    } catch (error) {
      throw new FetchFailure(0, String(error), error instanceof RangeError ? NO_MEMORY : undefined);
    }
  }

  #begin(): Promise<unknown> {
    const started = this.#load();
    // Who waits for it hears of it, and nobody may.
    started.catch(() => undefined);
    return started;
  }
}

const NO_MEMORY = {
  code: 'OUT_OF_MEMORY',
  message: 'The tab has no memory left for what reads data files. Run the query on the server.',
};
