import type { ResultColumn } from '#shared/contract/plan.ts';

export interface InferencePorts {
  /** What the columns of a cell depend on, as text. */
  readonly keyOf: (id: string, ref: string) => string;
  /** Plans the query that a cell is to others; throws where it is none, or is wrong. */
  readonly ask: (id: string, ref: string, signal: AbortSignal) => Promise<readonly ResultColumn[]>;
}

interface Known {
  readonly key: string;
  /** Null where they can't be said. */
  readonly columns: readonly ResultColumn[] | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Asked {
  readonly key: string;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Tables may have other columns by then, and what was wrong be mended elsewhere. */
const FRESH_MS = 60_000;

/**
 * Columns of cells that have not run: planning says them, and reads no data for it. A cell is asked for once for what
 * it says now; where it comes to say something else meanwhile, the question is dropped. Of what is wrong with a cell
 * nothing is said here.
 */
export class InferredColumns {
  readonly #ports: InferencePorts;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Asked>();
  readonly #listeners = new Set<() => void>();

  constructor(ports: InferencePorts) {
    this.#ports = ports;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Columns of a cell as it is now; null where they are not known. */
  of(id: string, ref: string): readonly ResultColumn[] | null {
    const known = this.#known.get(id);
    return known !== undefined && known.key === this.#ports.keyOf(id, ref) ? known.columns : null;
  }

  /** Asks for what is not known of some cells; resolves once it is, or can't be. Null where there is nothing to wait for. */
  want(ids: readonly string[], ref: string): Promise<void> | null {
    const waiting = ids.flatMap((id) => this.#want(id, ref) ?? []);
    return waiting.length === 0 ? null : Promise.all(waiting).then(() => undefined);
  }

  #want(id: string, ref: string): Promise<void> | null {
    const key = this.#ports.keyOf(id, ref);
    const running = this.#asked.get(id);
    if (running?.key === key) return running.done;
    running?.stop.abort();
    const known = this.#known.get(id);
    if (known?.key === key && Date.now() - known.at < FRESH_MS) return null;
    const stop = new AbortController();
    const done = this.#ask(id, ref, key, stop.signal);
    this.#asked.set(id, { key, stop, done });
    // What was known a while ago does meanwhile.
    return known?.key === key ? null : done;
  }

  async #ask(id: string, ref: string, key: string, signal: AbortSignal): Promise<void> {
    const columns = await this.#ports.ask(id, ref, signal).catch(() => null);
    if (signal.aborted) return;
    this.#asked.delete(id);
    this.#known.set(id, { key, columns, at: Date.now() });
    for (const listener of this.#listeners) listener();
  }
}
