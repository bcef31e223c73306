import type { EngineConnection } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import type { Segment } from './column-cache.ts';
import { LooseTable } from './loose-table.ts';
import { rowsToRead, type FileNeed } from './needs.ts';
import { TableTarget, type RowsTarget, type TargetConnection } from './table-target.ts';

/** As DuckDB writes them. */
const GROUP_ROWS = 122_880;
/** A query has a scan for each block, which takes DuckDB two milliseconds to plan: enough for all threads, and no more. */
const AIM_BLOCKS = 12;
const MAX_BLOCKS = 100;
/** Lets a query that waited for a load go first. */
const PAUSE_MS = 30;
const VALUE_BYTES: Readonly<Record<string, number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 4,
  FLOAT: 4,
  DATE: 4,
};
const LONG_VALUE_BYTES = 8;
const TEXT_VALUE_BYTES = 20;

/** Loose rows that a query reads. */
export interface Exposed {
  /** What to read in place of a table; undefined for one that is there. */
  readonly sourceOf: (table: string) => string | undefined;
  /** How many scans the query has for them, if it reads each once. */
  readonly scans: number;
  /** To be called when the query has ended. */
  readonly hide: () => Promise<void>;
}

type LooseEngine = Pick<Engine, 'keep' | 'free'>;
type ViewConnection = Pick<EngineConnection, 'expose' | 'hide'>;

/**
 * Rows that came in for a query and are in no table yet: to put them there takes longer than to read them once. That is
 * done when nothing else wants the engine, or for a query that needs tables.
 */
export class LooseRows {
  readonly #engine: LooseEngine;
  readonly #views: ViewConnection;
  readonly #limit: number;
  readonly #isBusy: () => boolean;
  readonly #onSettled: (table: string, bytes: number) => void;
  /** By table; those whose load has ended have its bytes. */
  readonly #tables = new Map<string, { readonly loose: LooseTable; loaded: boolean }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWorking = false;
  #exposed = 0;

  /**
   * @param views whose schema is not the cache's  @param limit bytes that may be loose  @param isBusy whether something runs or loads
   * @param onSettled called with a table that has its rows now, and what they took as they came
   */
  constructor(
    engine: LooseEngine,
    views: ViewConnection,
    limit: number,
    isBusy: () => boolean,
    onSettled: (table: string, bytes: number) => void,
  ) {
    this.#engine = engine;
    this.#views = views;
    this.#limit = limit;
    this.#isBusy = isBusy;
    this.#onSettled = onSettled;
  }

  /** Bytes of rows that are in no table yet. */
  get bytes(): number {
    let sum = 0;
    for (const { loose } of this.#tables.values()) sum += loose.bytes;
    return sum;
  }

  /** Rows that are to be put into a block of what is to come; 0 where these rows may not stay loose. */
  blockRows(needs: readonly FileNeed[]): number {
    let [groups, bytes] = [0, this.bytes];
    for (const need of needs) {
      const rows = rowsToRead(need);
      groups += Math.ceil(rows / GROUP_ROWS);
      for (const { sqlType } of need.columns.values()) bytes += rows * valueBytes(sqlType);
    }
    const together = Math.max(1, Math.round(groups / AIM_BLOCKS));
    const fits = needs.length <= MAX_BLOCKS && bytes <= this.#limit;
    return fits ? together * GROUP_ROWS : 0;
  }

  /** A place for rows that are to stay loose. @param blockRows see there */
  open(
    blockRows: number,
    table: string,
    columns: Segment['columns'],
    url: string,
    connection: TargetConnection,
  ): RowsTarget {
    const hasRoom = (bytes: number) => this.bytes + bytes <= this.#limit;
    const target = new TableTarget(table, columns, url, connection);
    const loose = new LooseTable(this.#engine, target, columns, hasRoom, blockRows);
    this.#tables.set(table, { loose, loaded: false });
    return {
      add: (content) => loose.add(content),
      finish: () => loose.finish(),
      drop: () => this.drop(table).then(() => undefined),
    };
  }

  /** To be told when a load has ended: whether its rows are loose. */
  loaded(table: string): boolean {
    const entry = this.#tables.get(table);
    if (!entry) return false;
    entry.loaded = !entry.loose.isSettled;
    if (!entry.loaded) this.#tables.delete(table);
    return entry.loaded;
  }

  /**
   * Makes the loose rows among segments readable, each once; null where none are, or where tables are to be read: rows
   * that lie beside others of their file in another table are found by their place in it.
   */
  async expose(segments: readonly Segment[]): Promise<Exposed | null> {
    const tables = segments.flatMap(({ table }) => this.#tables.get(table)?.loose ?? []);
    const loose = tables.filter((each) => !each.isSettled);
    const blocks = loose.reduce((sum, each) => sum + each.blocks.length, 0);
    if (loose.length === 0 || loose.some((each) => each.blocks.length === 0)) return null;
    if (blocks > MAX_BLOCKS || besideOthers(segments)) return null;
    const release = loose.map((each) => each.hold());
    const views: { readonly view: string; readonly block: number }[] = [];
    const sources = new Map(
      loose.map((each) => {
        const own = each.blocks.map((block) => ({ view: `timestream_rows_${++this.#exposed}`, block }));
        views.push(...own);
        return [each.name, each.source(own.map(({ view }) => `memory.main.${view}`))] as const;
      }),
    );
    const free = () => {
      for (const each of release) each();
    };
    try {
      await this.#views.expose(views);
    } catch (error) {
      free();
      throw error;
    }
    return {
      sourceOf: (table) => sources.get(table),
      scans: views.length,
      hide: () => this.#views.hide(views.map(({ view }) => view)).finally(free),
    };
  }

  /** Puts the loose rows among segments into their tables. @throws as TableTarget.add */
  async settle(segments: readonly Segment[]): Promise<void> {
    for (const { table } of segments) {
      const entry = this.#tables.get(table);
      if (!entry) continue;
      const { bytes } = entry.loose;
      await entry.loose.settle();
      this.#settled(table, bytes);
    }
  }

  /** To be called whenever a run or load has ended. */
  later(): void {
    if (this.#timer !== undefined || this.#tables.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#work();
    }, PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#tables.clear();
  }

  /** False where the rows are in a table, or none are known. */
  async drop(table: string): Promise<boolean> {
    const entry = this.#tables.get(table);
    this.#tables.delete(table);
    await entry?.loose.drop();
    return entry !== undefined;
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (const [table, { loose, loaded }] of this.#tables) {
        if (this.#isBusy()) return;
        if (!loaded) continue;
        const { bytes } = loose;
        // What could not be inserted is read as it lies, or tried again by who needs the table.
        await loose.work(this.#isBusy).catch(() => undefined);
        if (loose.isSettled) this.#settled(table, bytes);
      }
    } finally {
      this.#isWorking = false;
    }
  }

  #settled(table: string, bytes: number): void {
    if (this.#tables.delete(table)) this.#onSettled(table, bytes);
  }
}

function besideOthers(segments: readonly Segment[]): boolean {
  return new Set(segments.map(({ file }) => file)).size < segments.length;
}

function valueBytes(sqlType: string): number {
  if (/^(VARCHAR|BLOB)/.test(sqlType)) return TEXT_VALUE_BYTES;
  return VALUE_BYTES[sqlType] ?? LONG_VALUE_BYTES;
}
