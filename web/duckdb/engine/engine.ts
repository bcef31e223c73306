import * as duckdb from '@duckdb/duckdb-wasm';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { onWorkerEnd } from '../worker-life.ts';
import { pickBundle, type EngineBundle } from './bundles.ts';
import { EngineConnection, type ConnectionHost } from './connection.ts';
import { ENGINE_SETTINGS, SIGNED_ALONE } from './settings.ts';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import type {
  BootReply,
  BootRequest,
  InterruptRequest,
  RowsReply,
  RowsRequest,
  RowsTask,
} from './engine-protocol.ts';

/** How long the engine computes before it looks for messages, such as an interrupt. */
const POLLING_MS = 20;
/** Of what the engine may address; the rest is for results on their way out and for the Arrow that comes in. */
const MEMORY_SHARE = 0.75;
/** Of the same, for rows that are kept as they came. */
const KEPT_SHARE = 0.125;
const ADDRESSABLE = 4 * 1024 ** 3;

/** An extension that the engine is to load: its name, and its whole address. */
export interface EngineExtension {
  readonly name: string;
  readonly url: string;
}

export interface EngineOptions {
  /** Those for such a build. Asked for while the engine starts; it must not fail. */
  extensions(platform: string): Promise<readonly EngineExtension[]>;
}

/** In DuckDB's words; see tabError. */
class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
}

/** One running DuckDB-WASM. It lives until `terminate`, or until `onDeath` hears that its worker broke down or ended. */
export class Engine implements ConnectionHost {
  readonly bundle: EngineBundle;
  readonly db: duckdb.AsyncDuckDB;
  readonly #worker: Worker;
  #memoryBytes = 0;
  readonly #pending = new Set<(reason: AppError) => void>();
  #death: AppError | null = null;
  #onDeath: ((reason: AppError) => void) | null = null;

  private constructor(bundle: EngineBundle, worker: Worker) {
    this.bundle = bundle;
    this.#worker = worker;
    this.db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
    worker.addEventListener('error', (event) => this.die(event.message || 'its worker stopped'));
    worker.addEventListener('messageerror', () => this.die('a message to it was damaged'));
  }

  /** @throws AppError UNAVAILABLE where this browser can't run it */
  static async start(options: EngineOptions): Promise<Engine> {
    const bundle = await pickBundle();
    const extensions = options.extensions(bundle.platform);
    const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' });
    let engine: Engine | null = null;
    try {
      const { memoryBytes, life } = await bootWorker(worker, {
        kind: 'timestream-boot',
        script: bundle.script,
        sharedMemory: bundle.name === 'coi',
      });
      const started = (engine = new Engine(bundle, worker));
      onWorkerEnd(life, () => started.die('its worker ended'));
      await engine.#open(memoryBytes ?? ADDRESSABLE, extensions);
      return engine;
    } catch (error) {
      if (engine === null) worker.terminate();
      else engine.terminate();
      throw new AppError(
        'UNAVAILABLE',
        `DuckDB does not start in this browser: ${errorMessage(error).replace(/\.$/, '')}.`,
        {
          cause: error,
        },
      );
    }
  }

  async #open(memoryBytes: number, asked: Promise<readonly EngineExtension[]>): Promise<void> {
    const { module, pthread, threads } = this.bundle;
    await this.guard(this.db.instantiate(module, pthread));
    const extensions = await asked;
    // What one thread loads, those that are there already would have to load at that moment, and they sleep.
    const first = extensions.length === 0 ? threads : 1;
    await this.guard(this.db.open({ maximumThreads: first, query: { queryPollingInterval: POLLING_MS } }));
    this.#memoryBytes = memoryBytes;
    const connection = await this.connect();
    if (extensions.length > 0) await connection.run(SIGNED_ALONE);
    for (const extension of extensions) await this.#load(connection, extension);
    if (first !== threads) await connection.run(`SET threads = ${threads}`);
    const limit = Math.floor((memoryBytes * MEMORY_SHARE) / 1024 ** 2);
    for (const setting of [...ENGINE_SETTINGS, `SET memory_limit = '${limit}MiB'`])
      await connection.run(setting);
    await connection.close();
  }

  /** DuckDB checks the signature. Without the extension, what needs it fails here, and the server answers that. */
  async #load(connection: EngineConnection, { name, url }: EngineExtension): Promise<void> {
    try {
      await connection.run(`LOAD ${quoteLiteral(url)}`);
    } catch (error) {
      if (this.#death) throw error;
      console.warn(`The tab’s engine does not load the extension ${name}: ${errorMessage(error)}`);
    }
  }

  /** Called once, when the worker breaks down or ends by itself. */
  onDeath(listener: (reason: AppError) => void): void {
    this.#onDeath = listener;
  }

  get dead(): boolean {
    return this.#death !== null;
  }

  async connect(): Promise<EngineConnection> {
    return new EngineConnection(this, await this.guard(this.db.connectInternal()));
  }

  guard<T>(operation: Promise<T>): Promise<T> {
    if (this.#death) return Promise.reject(this.#death);
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject);
      operation
        .then(resolve)
        .catch((error: unknown) => {
          if (isBreakdown(error)) this.die(String(error));
          reject(this.#death ?? error);
        })
        .finally(() => this.#pending.delete(reject));
    });
  }

  /** Bytes of rows that may be kept as they came. */
  get keptLimit(): number {
    return Math.floor(this.#memoryBytes * KEPT_SHARE);
  }

  /** Keeps rows in the engine's memory until they are freed. They are given away. @returns their blocks' addresses */
  keep(batches: readonly FlatBatch[]): Promise<readonly number[]> {
    return this.rows({ do: 'keep', batches });
  }

  async free(blocks: readonly number[]): Promise<void> {
    await this.rows({ do: 'free', blocks });
  }

  /** @throws what DuckDB throws */
  rows(task: RowsTask): Promise<readonly number[]> {
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise<readonly number[]>((resolve, reject) => {
      port1.addEventListener('message', ({ data }: MessageEvent<RowsReply>) => {
        if (data.broken) this.die(data.failure ?? 'it could not take rows in');
        if (data.failure === null) resolve(data.blocks ?? []);
        else reject(new EngineFailure(data.failure));
      });
      port1.start();
    }).finally(() => port1.close());
    const message: RowsRequest = { kind: 'timestream-rows', task, answer: port2 };
    const given = 'batches' in task ? task.batches.map(({ bytes }) => bytes.buffer) : [];
    if (!this.#death) this.#worker.postMessage(message, [...given, port2]);
    return this.guard(answered);
  }

  post(message: InterruptRequest): void {
    if (!this.#death) this.#worker.postMessage(message);
  }

  /** Ends the worker and everything that waits for it; also for one that no longer answers. */
  die(what: string): void {
    if (this.#death) return;
    const reason = new AppError('UNAVAILABLE', `The tab’s engine broke down (${what}). Run the query again.`);
    this.#end(reason);
    this.#onDeath?.(reason);
  }

  terminate(): void {
    if (!this.#death) this.#end(new AppError('UNAVAILABLE', 'The tab’s engine was closed.'));
  }

  #end(reason: AppError): void {
    this.#death = reason;
    this.#worker.terminate();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
  }
}

/** What WebAssembly throws leaves the module's memory in an unknown state. DuckDB's own errors are not of this kind. */
function isBreakdown(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'RuntimeError' ||
      error.name === 'RangeError' ||
      /^(RuntimeError|Aborted\(|RangeError)|memory access out of bounds|unreachable executed|table index is out of bounds|function signature mismatch/.test(
        error.message,
      ))
  );
}

type Booted = Extract<BootReply, { kind: 'timestream-booted' }>;

function bootWorker(worker: Worker, request: BootRequest): Promise<Booted> {
  return new Promise((resolve, reject) => {
    const failed = (message: string) => reject(new AppError('UNAVAILABLE', message));
    worker.addEventListener('error', (event) => failed(event.message || 'its worker does not load'), {
      once: true,
    });
    worker.addEventListener(
      'message',
      (event: MessageEvent<BootReply>) => {
        if (event.data.kind === 'timestream-booted') resolve(event.data);
        else failed(event.data.message);
      },
      { once: true },
    );
    worker.postMessage(request);
  });
}
