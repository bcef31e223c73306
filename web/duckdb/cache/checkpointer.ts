import type { EngineConnection } from '../engine/connection.ts';
import { markHeld } from '../user-timing.ts';
import type { ColumnCache } from './column-cache.ts';
import { mergeSmall, smallFiles } from './merge-small.ts';

/** Uncompressed bytes that may pile up while loads go on. */
const MAX_FRESH_BYTES = 256 * 1024 ** 2;
/** Lets a run that waited for a load go first. */
const PAUSE_MS = 30;

/**
 * Compresses what was loaded, some seven times, and measures what it then takes. A checkpoint needs the cache to itself
 * and holds up everything else, so it waits until nothing runs.
 */
export class Checkpointer {
  readonly #connection: EngineConnection;
  readonly #cache: ColumnCache;
  readonly #busy: () => 'runs' | 'loads' | false;
  readonly #onMeasured: () => void;
  /** Arrow bytes of tables that are not compressed yet. */
  readonly #fresh = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working = false;
  #merged = 0;

  constructor(
    connection: EngineConnection,
    cache: ColumnCache,
    busy: () => 'runs' | 'loads' | false,
    onMeasured: () => void,
  ) {
    this.#connection = connection;
    this.#cache = cache;
    this.#busy = busy;
    this.#onMeasured = onMeasured;
  }

  loaded(table: string, bytes: number): void {
    this.#fresh.set(table, bytes);
    this.later();
  }

  /** To be called whenever a run or load has ended. */
  later(): void {
    if (this.#fresh.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // What fails now (another transaction was still open) is tried again after the next run or load.
      this.#checkpoint().catch(() => undefined);
    }, PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#fresh.clear();
  }

  async #checkpoint(): Promise<void> {
    const busy = this.#busy();
    const fresh = [...this.#fresh].reduce((sum, [, bytes]) => sum + bytes, 0);
    if (this.#working || busy === 'runs' || (busy === 'loads' && fresh < MAX_FRESH_BYTES)) return;
    this.#working = true;
    try {
      if (busy === false) await this.#mergeSmall();
      const tables = new Map(this.#fresh);
      await this.#connection.run('CHECKPOINT cache');
      for (const table of tables.keys()) this.#fresh.delete(table);
      await this.#measure(tables);
    } finally {
      this.#working = false;
    }
    this.#onMeasured();
  }

  /** Small files come to share tables, until something else wants the engine. */
  async #mergeSmall(): Promise<void> {
    for (let small = smallFiles(this.#cache); small; small = smallFiles(this.#cache)) {
      if (this.#busy() !== false) return;
      const table = `m${++this.#merged}`;
      const dropped = await mergeSmall(this.#connection, this.#cache, small, table);
      this.#fresh.set(table, this.#cache.bytesOf(table));
      for (const { table: old } of dropped) {
        this.#fresh.delete(old);
        await this.#connection.run(`DROP TABLE IF EXISTS cache.main.${old}`);
      }
    }
  }

  /** DuckDB tells the sum only; it is shared out by what went in. */
  async #measure(tables: ReadonlyMap<string, number>): Promise<void> {
    const [row] = await this.#connection.rows(
      "SELECT memory_usage_bytes::DOUBLE AS bytes FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'",
    );
    const total = Number(row?.['bytes'] ?? 0);
    const weight = [...tables.values()].reduce((sum, bytes) => sum + bytes, 0);
    let others = this.#cache.tableBytes;
    for (const table of tables.keys()) others -= this.#cache.bytesOf(table);
    const grown = Math.max(0, total - others);
    for (const [table, bytes] of tables) {
      // An estimate of the others that was too high must not make these weigh nothing.
      const share = weight === 0 ? 0 : Math.max(grown, weight / 20) * (bytes / weight);
      this.#cache.resize(table, Math.round(share));
    }
    const { bytes, fileBytes, columns } = this.#cache;
    markHeld({ bytes, fileBytes, columns });
  }
}
