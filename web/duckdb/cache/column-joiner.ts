import type { EngineConnection } from '../engine/connection.ts';
import { columnName, type ColumnCache, type HeldColumn, type Segment } from './column-cache.ts';
import { POSITION_ID } from './needs.ts';

/** Copied at a time, four of DuckDB's row groups: what a run may have to wait for, some 100 ms. */
const STEP_ROWS = 4 * 122_880;
/** A person who works on loads more columns soon, and all of them would be copied again. */
const IDLE_MS = 400;
/** Rough bytes of a value before the cache compresses it. */
const VALUE_BYTES = 12;
/** Uncompressed bytes that may pile up. */
const MAX_FRESH_BYTES = 256 * 1024 ** 2;

/** What is copied into one table, and how far that is. */
interface Joining {
  readonly table: string;
  readonly segments: readonly Segment[];
  readonly columns: ReadonlyMap<number, HeldColumn | null>;
  nextRow: number;
  freshBytes: number;
}

/**
 * Puts the columns of a file that came one query after the other into one table. While they lie in several, a scan
 * is a positional join of these: on one thread, with no filter pushed into it and no statistics, seven times as slow.
 * Works in steps while nothing else does.
 */
export class ColumnJoiner {
  readonly #connection: Pick<EngineConnection, 'run'>;
  readonly #cache: ColumnCache;
  readonly #busy: () => boolean;
  readonly #onJoined: (table: string, bytes: number) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #joining: Joining | null = null;
  #working = false;
  #stopped = false;
  #tables = 0;

  /** @param busy whether something runs or loads  @param onJoined called with a table that is not compressed yet */
  constructor(
    connection: Pick<EngineConnection, 'run'>,
    cache: ColumnCache,
    busy: () => boolean,
    onJoined: (table: string, bytes: number) => void,
  ) {
    this.#connection = connection;
    this.#cache = cache;
    this.#busy = busy;
    this.#onJoined = onJoined;
  }

  /** To be called whenever a run or load has ended. */
  later(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // What could not be copied is read as it lies.
      this.work().catch(() => undefined);
    }, IDLE_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Joins what can be joined, until something else wants the engine. */
  async work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (!this.#stopped && !this.#busy()) {
        const joining = this.#joining ?? (await this.#begin());
        if (joining === null || !(await this.#step(joining))) return;
      }
    } finally {
      this.#working = false;
    }
  }

  async #begin(): Promise<Joining | null> {
    const segments = apart(this.#cache);
    if (!segments) return null;
    // The first has what the file lacks too; a column that two of them have is taken once.
    const columns = new Map(segments.toReversed().flatMap(({ columns: each }) => [...each]));
    const list = held(columns).map(([id, { sqlType }]) => `${columnName(id)} ${sqlType}`);
    const table = `j${++this.#tables}`;
    const joining: Joining = { table, segments, columns, nextRow: 0, freshBytes: 0 };
    await this.#connection.run(`CREATE TABLE cache.main.${table} (${list.join(', ')})`);
    this.#joining = joining;
    return joining;
  }

  /** False where it can't go on now. */
  async #step(joining: Joining): Promise<boolean> {
    const { table, segments, columns, nextRow } = joining;
    if (!segments.every((segment) => this.#cache.has(segment))) return this.#giveUp(joining);
    const rows = segments[0]?.rows ?? 0;
    if (nextRow >= rows) return this.#handOver(joining);
    const end = Math.min(rows, nextRow + STEP_ROWS);
    joining.freshBytes += (end - nextRow) * held(columns).length * VALUE_BYTES;
    try {
      await this.#connection.run(
        `INSERT INTO cache.main.${table} ${joinSql(segments, columns, nextRow, end)}`,
      );
      if (joining.freshBytes > MAX_FRESH_BYTES) {
        joining.freshBytes = 0;
        await this.#connection.run('CHECKPOINT cache');
      }
    } catch (error) {
      await this.#giveUp(joining);
      throw error;
    }
    joining.nextRow = end;
    return true;
  }

  /** Later, while a run reads the segments. */
  async #handOver(joining: Joining): Promise<boolean> {
    const { table, segments, columns } = joining;
    const [first] = segments;
    const bytes = segments.reduce((sum, segment) => sum + this.#cache.bytesOf(segment.table), 0);
    const fileBytes = segments.reduce((sum, segment) => sum + segment.fileBytes, 0);
    if (!first || !this.#cache.join(segments, { ...first, table, columns, fileBytes })) return false;
    this.#joining = null;
    for (const segment of segments) await this.#drop(segment.table);
    this.#onJoined(table, bytes);
    return true;
  }

  async #giveUp({ table }: Joining): Promise<boolean> {
    this.#joining = null;
    await this.#drop(table);
    return true;
  }

  async #drop(table: string): Promise<void> {
    await this.#connection.run(`DROP TABLE IF EXISTS cache.main.${table}`);
  }
}

/** Segments of one file in tables of their own, which nothing reads and whose copy fits the budget; null where none are. */
function apart(cache: ColumnCache): readonly Segment[] | null {
  const byFile = new Map<string, Segment[]>();
  for (const segment of cache.idle()) {
    // What shares tables with other files is small; positions of deleted rows are no rows of the file.
    if (segment.part || segment.columns.has(POSITION_ID) || held(segment.columns).length === 0) continue;
    const others = byFile.get(segment.file);
    if (others) others.push(segment);
    else byFile.set(segment.file, [segment]);
  }
  for (const segments of byFile.values()) {
    const alike = segments.filter(({ rows }) => rows === segments[0]?.rows);
    const bytes = alike.reduce((sum, { table }) => sum + cache.bytesOf(table), 0);
    if (alike.length > 1 && cache.bytes + bytes <= cache.budget) return alike;
  }
  return null;
}

function held(columns: Segment['columns']): readonly (readonly [number, HeldColumn])[] {
  return [...columns].flatMap(([id, column]) => (column === null ? [] : [[id, column] as const]));
}

/** Rows of all segments beside each other, in the file's order. */
function joinSql(
  segments: readonly Segment[],
  columns: Segment['columns'],
  start: number,
  end: number,
): string {
  const values = held(columns).map(([id]) => {
    const from = segments.find((segment) => segment.columns.get(id));
    return `${from?.table}.${columnName(id)}`;
  });
  const tables = segments.map(
    ({ table }) => `(FROM cache.main.${table} WHERE rowid >= ${start} AND rowid < ${end}) AS ${table}`,
  );
  return `SELECT ${values.join(', ')} FROM ${tables.join(' POSITIONAL JOIN ')}`;
}
