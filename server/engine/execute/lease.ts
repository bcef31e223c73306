import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AppError } from '#shared/errors/app-error.ts';
import { isInterrupt, runtimeError } from '../duckdb/runtime-error.ts';
import { abortError } from './abort.ts';
import type { Admission } from './admission.ts';
import type { EnginePlace } from './engine-place.ts';
import type { ExecutableScan } from './scan-view.ts';

/** An interrupt between two statements, or two parts of one, stops nothing: it is sent until something has stopped. */
const AGAIN_MS = 20;

/** Values that a light query reads, or makes of them, at most: some milliseconds of one thread. */
const LIGHT_VALUES = 1_000_000;

export interface LeaseOptions {
  readonly instance: DuckDBInstance;
  readonly admission: Admission;
  readonly timeoutMs: number;
}

interface LeaseInput {
  readonly scans: readonly ExecutableScan[];
  /** How many rows at most come of each that is read; 1 where not given. */
  readonly multiplies?: number;
  readonly signal?: AbortSignal;
  /** Hears where it stands. */
  readonly place?: EnginePlace;
}

/**
 * A place among the queries that run at once, with a connection of its own, until it is given back. It ends before, and
 * what runs on it is interrupted, after the signal and at the time limit.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #leave: () => void;
  readonly #timer: NodeJS.Timeout;
  readonly #abort = () => this.#end('aborted');
  #connection: DuckDBConnection | undefined;
  #ended: 'aborted' | 'timeout' | null = null;
  #again: NodeJS.Timeout | undefined;
  /** What goes on while whoever asked is busy with rows. */
  #ahead: Promise<unknown> | undefined;
  #isIdle = false;

  private constructor(options: LeaseOptions, leave: () => void, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#leave = leave;
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#end('timeout'), options.timeoutMs);
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Waits for a place. @throws AbortError where the signal fires while it waits */
  static async take(options: LeaseOptions, input: LeaseInput): Promise<Lease> {
    const { signal, place } = input;
    return new Lease(options, await options.admission.enter(signal, isLight(input), place), signal);
  }

  /** @throws AbortError, TIMEOUT where it has ended */
  async connect(): Promise<DuckDBConnection> {
    if (this.#signal?.aborted === true) throw abortError();
    const connection = await this.#options.instance.connect();
    this.#connection = connection;
    this.check();
    return connection;
  }

  /** @throws AbortError, TIMEOUT where it has ended */
  check(): void {
    if (this.#ended !== null) throw this.#ended === 'timeout' ? this.#timeout() : abortError();
  }

  /** Null where it has ended, or never began: a failure is then not to be asked about any more. */
  get connection(): DuckDBConnection | null {
    return this.#ended === null ? (this.#connection ?? null) : null;
  }

  /**
   * What a failure on its connection means to whoever asked.
   *
   * @param ran the SQL that failed, where it was the person's
   */
  explain(error: unknown, ran?: string): unknown {
    if (error instanceof DOMException) return error;
    if (this.#ended === 'aborted') return abortError();
    return this.#ended === 'timeout' && isInterrupt(error) ? this.#timeout() : runtimeError(error, ran);
  }

  /**
   * Whoever asked has rows, and the next ones are on their way. As soon as these are there nothing runs: where the lease
   * ends then, it is given back at once, so that whoever does not come back keeps no place.
   */
  rest(ahead: Promise<unknown>): void {
    this.#ahead = ahead;
    const there = () => {
      if (this.#ahead !== ahead) return;
      this.#isIdle = true;
      if (this.#ended !== null) this.giveBack();
    };
    ahead.then(there, there);
  }

  /** Whoever asked has come back. @throws as check */
  resume(): void {
    this.#ahead = undefined;
    this.#isIdle = false;
    this.check();
  }

  /** Stops what is on its way to nobody, and waits until it has stopped: its connection is then free to be closed. */
  async stop(ahead: Promise<unknown>): Promise<void> {
    this.#connection?.interrupt();
    const again = setInterval(() => this.#connection?.interrupt(), AGAIN_MS);
    await ahead.catch(() => undefined);
    clearInterval(again);
  }

  /** Once and for all. */
  giveBack(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    clearInterval(this.#again);
    this.#connection?.interrupt();
    this.#connection?.closeSync();
    this.#connection = undefined;
    this.#leave();
  }

  #end(why: 'aborted' | 'timeout'): void {
    this.#ended ??= why;
    this.#connection?.interrupt();
    this.#again ??= setInterval(() => this.#connection?.interrupt(), AGAIN_MS);
    if (this.#isIdle) this.giveBack();
  }

  #timeout(): AppError {
    const seconds = Math.round(this.#options.timeoutMs / 1000);
    return new AppError(
      'TIMEOUT',
      `The query ran longer than ${seconds} s and was stopped. Read less, or raise QUERY_TIMEOUT_SECONDS.`,
    );
  }
}

function isLight({ scans, multiplies = 1 }: LeaseInput): boolean {
  let values = 0;
  for (const { columns, files } of scans) for (const { rows } of files) values += rows * columns.length;
  return Math.max(values, 1) * multiplies <= LIGHT_VALUES;
}
