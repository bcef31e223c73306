import { Checkpointer } from './checkpointer.ts';
import { ColumnJoiner } from './column-joiner.ts';
import type { ColumnCache, Pin, Segment } from './column-cache.ts';
import type { EngineConnection } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import type { DecodePool, DecodePriority } from '../parquet/decode-pool.ts';
import { FileLoad, type OpenTarget, type Waiter } from './file-load.ts';
import { LooseRows, type Exposed } from './loose-rows.ts';
import { abortable } from '../abortable.ts';
import { asHeld, missingOf, needBytes, totalOf, type FileNeed } from './needs.ts';
import { TableTarget } from './table-target.ts';

/** The cache's bytes per compressed byte of a Parquet file, until it has been measured. */
export const MEMORY_PER_FILE_BYTE = 2;

/** From this many on there is work for each worker until the end. */
const FILES_A_WORKER = 2;

export interface LoadProgress {
  readonly files: { readonly done: number; readonly total: number };
  /** Compressed, as they come over the network. */
  readonly bytes: { readonly done: number; readonly total: number };
}

export interface AcquireOptions {
  readonly signal: AbortSignal;
  readonly priority: DecodePriority;
  /** Whether rows may stay loose: who reads segments asks to have these exposed, or settled. */
  readonly loose?: boolean;
  readonly onProgress: (progress: LoadProgress) => void;
}

interface Running {
  readonly load: FileLoad;
  readonly result: Promise<Segment>;
}

/** Brings columns into the tab, each once however many ask for it, within the cache's budget. */
export class ColumnLoader {
  readonly #connection: EngineConnection;
  readonly #pool: DecodePool;
  readonly #cache: ColumnCache;
  readonly #origin: string;
  readonly #onChange: () => void;
  readonly #checkpointer: Checkpointer;
  readonly #joiner: ColumnJoiner;
  readonly #loose: LooseRows;
  readonly #running = new Map<string, Set<Running>>();
  #runs = 0;
  #tables = 0;

  private constructor(
    engine: Engine,
    { connection, views }: { readonly connection: EngineConnection; readonly views: EngineConnection },
    pool: DecodePool,
    cache: ColumnCache,
    origin: string,
    onChange: () => void,
  ) {
    this.#connection = connection;
    this.#pool = pool;
    this.#cache = cache;
    this.#origin = origin;
    this.#onChange = onChange;
    const isBusy = () => this.busy;
    this.#loose = new LooseRows(
      engine,
      views,
      Math.min(engine.keptLimit, cache.budget),
      isBusy,
      (table, bytes) => {
        cache.settled(table);
        this.#checkpointer.loaded(table, bytes);
        this.#tidyLater();
      },
    );
    this.#checkpointer = new Checkpointer(
      connection,
      cache,
      () => (this.#runs > 0 ? 'runs' : (this.#running.size > 0 || this.#loose.bytes > 0) && 'loads'),
      () => {
        this.#drop(cache.evict(0));
        onChange();
      },
    );
    this.#joiner = new ColumnJoiner(connection, cache, isBusy, (table, bytes) =>
      this.#checkpointer.loaded(table, bytes),
    );
  }

  /** @param origin what the plan's file addresses are relative to */
  static async open(
    engine: Engine,
    pool: DecodePool,
    cache: ColumnCache,
    origin: string,
    onChange: () => void,
  ): Promise<ColumnLoader> {
    const connection = await engine.connect();
    // Arrow is inserted into tables of the connection's own database.
    await connection.run('USE cache');
    const views = await engine.connect();
    return new ColumnLoader(engine, { connection, views }, pool, cache, origin, onChange);
  }

  /** Whether something runs or loads. */
  get busy(): boolean {
    return this.#runs > 0 || this.#running.size > 0;
  }

  /** Whether something ever loaded. */
  get used(): boolean {
    return this.#tables > 0;
  }

  /** The cache is not compressed while a run reads it. Call the result when it has ended. */
  beginRun(): () => void {
    this.#runs += 1;
    return () => {
      this.#runs -= 1;
      this.#tidyLater();
    };
  }

  /** As LooseRows.expose. */
  expose(segments: readonly Segment[]): Promise<Exposed | null> {
    return this.#loose.expose(segments);
  }

  /** As LooseRows.settle. */
  settle(segments: readonly Segment[]): Promise<void> {
    return this.#loose.settle(segments);
  }

  /**
   * Loads what is missing and holds all of it until the pin is released.
   * @throws AppError as FileLoad.run; AbortError after `signal`
   */
  async acquire(needs: readonly FileNeed[], options: AcquireOptions): Promise<Pin> {
    const { signal, onProgress } = options;
    signal.throwIfAborted();
    const pins = new Set<Pin>();
    const release = () => {
      for (const pin of pins) pin.release();
    };
    const hold = (segments: Iterable<Segment>) => {
      pins.add(this.#cache.pin(segments, (dropped) => this.#drop(dropped)));
    };
    const read = needs.map((need) => asHeld(need, this.#find));
    for (const need of read) hold(this.#heldOf(need));
    const missing = read.flatMap((need) => missingOf(need, this.#find) ?? []);
    const total = totalOf(missing);
    const looseRows = options.loose === true ? this.#loose.blockRows(missing) : 0;
    // Few files would leave workers idle while the last one is read.
    const shares = missing.length < FILES_A_WORKER * this.#pool.size ? this.#pool.size : 1;
    const bytesIn = new Map<Running, number>();
    let filesDone = 0;
    const report = () => {
      const done = [...bytesIn.values()].reduce((sum, bytes) => sum + bytes, 0);
      onProgress({
        files: { done: filesDone, total: total.files },
        bytes: { done: Math.min(done, total.bytes), total: total.bytes },
      });
    };
    report();
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const waits = missing.map(async (need) => {
      await Promise.all(
        this.#loadsFor(need, shares, looseRows).map((running) =>
          this.#wait(running, either, options.priority, hold, (bytes) => {
            bytesIn.set(running, bytes);
            report();
          }),
        ),
      );
      filesDone += 1;
      report();
    });
    try {
      await Promise.all(waits);
    } catch (error) {
      stop.abort();
      await Promise.allSettled(waits);
      release();
      throw error;
    }
    return { segments: [...pins].flatMap((pin) => pin.segments), release };
  }

  /** Drops all that no run holds. Loads that runs wait for go on. */
  async clear(): Promise<void> {
    await this.#dropped(this.#cache.clear());
    this.#onChange();
  }

  stop(): void {
    this.#checkpointer.stop();
    this.#joiner.stop();
    this.#loose.stop();
  }

  #tidyLater(): void {
    this.#loose.later();
    this.#checkpointer.later();
    this.#joiner.later();
  }

  readonly #find = (file: string, fieldId: number) => this.#cache.find(file, fieldId);

  #heldOf(need: FileNeed): Segment[] {
    return [...need.columns.keys()].flatMap((fieldId) => this.#cache.find(need.file, fieldId) ?? []);
  }

  /** Joins the loads under way that bring some of the columns, and starts one for the others. */
  #loadsFor(need: FileNeed, shares: number, looseRows: number): Running[] {
    const underWay = [...(this.#running.get(need.file) ?? [])].filter(({ load }) => !load.abandoned);
    const joined = new Set<Running>();
    const left = new Map(need.columns);
    for (const fieldId of need.columns.keys()) {
      const running = underWay.find(({ load }) => load.need.columns.has(fieldId));
      if (!running) continue;
      joined.add(running);
      left.delete(fieldId);
    }
    if (left.size > 0) joined.add(this.#start({ ...need, columns: left }, shares, looseRows));
    return [...joined];
  }

  #start(need: FileNeed, shares: number, looseRows: number): Running {
    this.#drop(this.#cache.evict(this.#incoming() + needBytes(need) * MEMORY_PER_FILE_BYTE));
    const table = `s${++this.#tables}`;
    const url = new URL(need.url, this.#origin).href;
    const open: OpenTarget = async (columns, asTheyCome) => {
      if (looseRows > 0 && asTheyCome)
        return this.#loose.open(looseRows, table, columns, need.url, this.#connection);
      const target = new TableTarget(table, columns, need.url, this.#connection);
      await target.create();
      return target;
    };
    const load = new FileLoad(need, table, url, this.#pool, open, shares);
    const running: Running = { load, result: this.#finish(load) };
    const ofFile = this.#running.get(need.file);
    if (ofFile) ofFile.add(running);
    else this.#running.set(need.file, new Set([running]));
    const ended = () => {
      const set = this.#running.get(need.file);
      set?.delete(running);
      if (set?.size === 0) this.#running.delete(need.file);
      this.#tidyLater();
      this.#onChange();
    };
    running.result.then(ended, ended);
    return running;
  }

  async #finish(load: FileLoad): Promise<Segment> {
    // A turn later, so that who starts it has joined.
    await Promise.resolve();
    const { segment, bytes } = await load.run();
    const isLoose = this.#loose.loaded(segment.table);
    this.#cache.add(segment, bytes, isLoose);
    load.handOver(segment);
    if (!isLoose) this.#checkpointer.loaded(segment.table, bytes);
    return segment;
  }

  async #wait(
    { load, result }: Running,
    signal: AbortSignal,
    priority: DecodePriority,
    hold: (segments: Iterable<Segment>) => void,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const waiter: Waiter = { priority, onBytes, hold: (segment) => hold([segment]) };
    load.join(waiter);
    try {
      await abortable(result, signal);
    } catch (error) {
      load.leave(waiter);
      throw error;
    }
  }

  #incoming(): number {
    let bytes = 0;
    for (const set of this.#running.values()) {
      for (const { load } of set) bytes += needBytes(load.need) * MEMORY_PER_FILE_BYTE;
    }
    return bytes;
  }

  #drop(segments: readonly Segment[]): void {
    // A table that stays behind costs memory only until the engine ends; the books are right already.
    this.#dropped(segments).catch(() => undefined);
  }

  async #dropped(segments: readonly Segment[]): Promise<void> {
    for (const { table } of segments) {
      if (!(await this.#loose.drop(table)))
        await this.#connection.run(`DROP TABLE IF EXISTS cache.main.${table}`);
    }
  }
}
