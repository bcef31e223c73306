import { errorMessage, type AppError } from '#shared/errors/app-error.ts';
import { ColumnCache } from './cache/column-cache.ts';
import { ColumnLoader } from './cache/column-loader.ts';
import { Engine, type EngineOptions } from './engine/engine.ts';
import { DecodePool } from './parquet/decode-pool.ts';
import type { EngineStatus } from './types.ts';
import { markEngineStart } from './user-timing.ts';

/** A running engine with what it holds. After a breakdown there is another. */
export interface RunningTab {
  readonly engine: Engine;
  readonly cache: ColumnCache;
  readonly loader: ColumnLoader;
}

interface TabOptions {
  /** Bytes that cached columns may take. */
  readonly budget: number;
  /** What file addresses are relative to. */
  readonly origin: string;
  readonly engine: EngineOptions;
  readonly onChange: () => void;
  /** Whether anything may be asked of the tab, as far as is known now: it gets ready for that. */
  readonly expectsQueries: () => boolean;
}

const MAX_DECODERS = 4;
/** From the engine's start on. */
const REHEARSE_AFTER_MS = 3000;
/** More breakdowns in a row than this are no accident; the server goes on answering. */
const MAX_RESTARTS = 3;
const RESTARTS_FORGOTTEN_MS = 5 * 60_000;

/** Keeps an engine running in this tab: starts it at once, and again, empty, when it breaks down. */
export class Tab {
  readonly #options: TabOptions;
  readonly #pool: DecodePool;
  #ready: Promise<RunningTab>;
  #running: RunningTab | null = null;
  #state: EngineStatus['state'] = 'starting';
  #error: string | undefined;
  #restarts: number[] = [];
  #closed = false;

  constructor(options: TabOptions) {
    this.#options = options;
    this.#pool = new DecodePool(Math.max(1, Math.min(navigator.hardwareConcurrency, MAX_DECODERS)));
    this.#ready = this.#start();
  }

  /** @throws AppError UNAVAILABLE where the engine does not start */
  ready(): Promise<RunningTab> {
    return this.#ready;
  }

  /** What runs now; null while it starts. */
  get running(): RunningTab | null {
    return this.#running;
  }

  /** Whether the server was away when a run asked it: what is loaded then is not waited for. */
  serverIsAway(away: boolean): void {
    this.#pool.serverIsAway(away);
  }

  status(): Omit<EngineStatus, 'warming' | 'kept'> {
    const bundle = this.#running?.engine.bundle;
    return {
      state: this.#state,
      bundle: bundle?.name ?? null,
      threads: bundle?.threads ?? 0,
      cache: {
        bytes: this.#running?.cache.bytes ?? 0,
        budget: this.#options.budget,
        columns: this.#running?.cache.columns ?? 0,
      },
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  close(): void {
    this.#closed = true;
    this.#running?.loader.stop();
    this.#running?.engine.terminate();
    this.#running = null;
    this.#pool.close();
  }

  #start(): Promise<RunningTab> {
    const ready = this.#open();
    // Nobody has to wait for the engine; who does is told.
    ready.catch((error: unknown) => this.#set('failed', null, errorMessage(error)));
    return ready;
  }

  async #open(): Promise<RunningTab> {
    const start = performance.now();
    const { budget, origin, engine: engineOptions, onChange } = this.#options;
    const engine = await Engine.start(engineOptions);
    engine.onDeath((reason) => this.#onDeath(engine, reason));
    const cache = new ColumnCache(budget);
    const loader = await ColumnLoader.open(engine, this.#pool, cache, origin, onChange);
    const running = { engine, cache, loader };
    if (this.#closed) engine.terminate();
    else {
      this.#set('ready', running);
      markEngineStart(start, { bundle: engine.bundle.name, threads: engine.bundle.threads });
      // Not before: the engine's start is what the first query may wait for.
      this.#pool.warmUp();
      this.#rehearse(running).catch(() => undefined);
    }
    return running;
  }

  /**
   * Where the page is opened and left again, or asked something at once, it is not worth its while; nor where queries go
   * elsewhere.
   */
  async #rehearse({ engine, loader }: RunningTab): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, REHEARSE_AFTER_MS));
    const { origin, expectsQueries } = this.#options;
    const isBusy = () => this.#closed || engine.dead || loader.busy || loader.used || !expectsQueries();
    if (isBusy()) return;
    const { pageIdle, rehearse } = await import('./rehearsal.ts');
    await rehearse({ engine, pool: this.#pool, origin, isBusy, isIdle: pageIdle });
  }

  #onDeath(engine: Engine, reason: AppError): void {
    if (this.#closed || (this.#running && this.#running.engine !== engine)) return;
    this.#running?.loader.stop();
    const now = performance.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < RESTARTS_FORGOTTEN_MS), now];
    if (this.#restarts.length > MAX_RESTARTS) {
      this.#ready = Promise.reject(reason);
      this.#ready.catch(() => undefined);
      this.#set('failed', null, `It broke down ${this.#restarts.length} times: ${reason.message}`);
      return;
    }
    this.#set('restarting', null);
    this.#ready = this.#start();
  }

  #set(state: EngineStatus['state'], running: RunningTab | null, error?: string): void {
    this.#state = state;
    this.#running = running;
    this.#error = error;
    this.#options.onChange();
  }
}
