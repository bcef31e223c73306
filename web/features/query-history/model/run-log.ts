import { createContext, use } from 'react';
import { recordedRun, type RecordedRun } from '#shared/contract/query-runs.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import type { KeptRecords } from '#web/lib/kept-records.ts';

interface RunLogOptions {
  readonly records: KeptRecords;
  /** Tells the server. */
  readonly send: (runs: readonly RecordedRun[]) => Promise<void>;
  readonly onSent?: () => void;
  /** Milliseconds from a run to when it is told, with others that ended meanwhile. */
  readonly gatherMs?: number;
}

const PREFIX = 'run/';
/** Runs that this browser keeps after the server has heard of them, for when it is away. */
const OWN = 'ran/';
const MOST_OWN = 200;
/** Runs between two looks at how many are kept. */
const LOOK_EVERY = 25;
/** Runs in one request, and letters of SQL: far below what the server takes. */
const MOST_RUNS = 100;
const MOST_LETTERS = 2_000_000;
/** Kept while the server is away; the oldest are given up first. */
const MOST_WAITING = 2000;

/** Tells the server what was run here, and keeps that in the browser, over reloads too: until it is told, and to look at. */
export class RunLog {
  readonly #options: Required<RunLogOptions>;
  readonly #waiting = new Map<string, RecordedRun>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #recorded = 0;
  #sending: Promise<void> | null = null;

  constructor(options: RunLogOptions) {
    this.#options = { gatherMs: 400, onSent: () => undefined, ...options };
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  record(run: RecordedRun): void {
    this.#waiting.set(run.id, run);
    // Where the browser keeps nothing, a run that the server has not heard of is lost with the page.
    this.#options.records.put(PREFIX + run.id, run).catch(() => undefined);
    this.#keepOwn(run).catch(() => undefined);
    const excess = [...this.#waiting.keys()].slice(0, Math.max(0, this.#waiting.size - MOST_WAITING));
    if (excess.length > 0) this.#forget(excess);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), this.#options.gatherMs);
  }

  /** The last runs of this browser, whether the server heard of them or not. */
  async own(): Promise<readonly RecordedRun[]> {
    const kept = await this.#options.records.all(OWN).catch(() => []);
    return kept.flatMap((each) => recordedRun.safeParse(each).data ?? []);
  }

  async #keepOwn(run: RecordedRun): Promise<void> {
    await this.#options.records.put(OWN + run.id, run);
    this.#recorded += 1;
    if (this.#recorded % LOOK_EVERY !== 1) return;
    const old = (await this.own()).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(MOST_OWN);
    if (old.length > 0) await this.#options.records.remove(old.map(({ id }) => OWN + id));
  }

  /** Takes up what a page before this one could not tell, and tells it. */
  async resume(): Promise<void> {
    const kept = await this.#options.records.all(PREFIX).catch(() => []);
    for (const value of kept) {
      const { success, data } = recordedRun.safeParse(value);
      if (success) this.#waiting.set(data.id, data);
    }
    await this.flush();
  }

  /** Tells what waits. Where the server can't be reached, it waits on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#sending !== null) return this.#sending;
    this.#sending = this.#sendAll().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    let told = false;
    for (let batch = this.#batch(MOST_RUNS); batch.length > 0; batch = this.#batch(MOST_RUNS)) {
      if (!(await this.#send(batch))) break;
      told = true;
    }
    if (told) this.#options.onSent();
  }

  /** False where the rest is to wait. */
  async #send(batch: readonly RecordedRun[]): Promise<boolean> {
    try {
      await this.#options.send(batch);
    } catch (error) {
      if (!isAppError(error, 'INVALID_INPUT')) return false;
      // What this server will never take is given up alone, and not what is with it.
      if (batch.length > 1) {
        for (const run of batch) if (!(await this.#send([run]))) return false;
        return true;
      }
    }
    this.#forget(batch.map(({ id }) => id));
    return true;
  }

  #batch(most: number): RecordedRun[] {
    const batch: RecordedRun[] = [];
    let letters = 0;
    for (const run of this.#waiting.values()) {
      letters += run.sql.length + (run.sent?.length ?? 0);
      if (batch.length === most || (batch.length > 0 && letters > MOST_LETTERS)) break;
      batch.push(run);
    }
    return batch;
  }

  #forget(ids: readonly string[]): void {
    for (const id of ids) this.#waiting.delete(id);
    this.#options.records.remove(ids.map((id) => PREFIX + id)).catch(() => undefined);
  }
}

const Context = createContext<RunLog | null>(null);

export const RunLogProvider = Context.Provider;

/** Null outside of the app. */
export function useRunLog(): RunLog | null {
  return use(Context);
}
