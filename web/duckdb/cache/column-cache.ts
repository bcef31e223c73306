import type { FileType } from '#shared/iceberg/files/file-shape.ts';

/** Some columns of one data file in a table of the cache database, in the file's row order. */
export interface Segment {
  /** In the schema `cache.main`; there is none where the file has none of the columns. */
  readonly table: string;
  /** What tells the file apart; see fileKey. */
  readonly file: string;
  readonly rows: number;
  /** Compressed bytes of its columns in the file, as the plan has them. */
  readonly fileBytes: number;
  /** Which part of the table it is, where several files share one; see merge-small.ts. */
  readonly part?: TablePart;
  /** By field id; null for one that the file turned out not to have. A column is called by `columnName`. */
  readonly columns: ReadonlyMap<number, HeldColumn | null>;
}

/** The rows of one file in a table that small files share. */
export interface TablePart {
  /** What its rows have in the column PART_COLUMN. */
  readonly number: number;
  /** The table's rowid of its first row. */
  readonly start: number;
  /** Files in the table. */
  readonly files: number;
  /** Equal for tables of the same files in the same order. */
  readonly layout: string;
}

export type FindSegment = (file: string, fieldId: number) => Segment | undefined;

/** Finds columns in these segments alone: what else the cache holds may be gone at any time. */
export function findAmong(segments: Iterable<Segment>): FindSegment {
  const byFile = new Map<string, Segment[]>();
  for (const segment of segments) byFile.set(segment.file, [...(byFile.get(segment.file) ?? []), segment]);
  return (file, fieldId) => byFile.get(file)?.find(({ columns }) => columns.has(fieldId));
}

export const PART_COLUMN = 'part';

/** A column as it lies in the cache: already of the table's type, or, where only an expression gives that, as it came. */
export interface HeldColumn {
  /** DuckDB type. */
  readonly sqlType: string;
  /** With the field ids of what is nested, and the file's own types: by these it is read as another type than it lies as. */
  readonly shape: FileType;
}

/** A table. */
interface Entry {
  readonly segments: readonly Segment[];
  /** Held in memory; an estimate until the segment has been checkpointed. */
  bytes: number;
  pins: number;
  lastUsed: number;
  /** To be dropped once nothing uses it. */
  doomed: boolean;
  /** Its rows are still on their way into it; see loose-rows.ts. */
  loose: boolean;
}

/** A hold on segments: none of them is dropped before `release`. */
export interface Pin {
  readonly segments: readonly Segment[];
  release(): void;
}

/** The name of a column in its segment's table. */
export function columnName(fieldId: number): string {
  return `c${fieldId}`;
}

/**
 * Which columns of which files the tab holds, and in which tables. It keeps the books only: tables are made and dropped
 * by its owner.
 */
export class ColumnCache {
  readonly budget: number;
  readonly #entries = new Map<string, Entry>();
  readonly #byFile = new Map<string, Segment[]>();
  #clock = 0;

  /** @param budget bytes that segments may take; more only while runs need them */
  constructor(budget: number) {
    this.budget = budget;
  }

  get bytes(): number {
    let sum = 0;
    for (const entry of this.#entries.values()) sum += entry.bytes;
    return sum;
  }

  /** Of those whose tables have their rows. */
  get tableBytes(): number {
    let sum = 0;
    for (const entry of this.#entries.values()) if (!entry.loose) sum += entry.bytes;
    return sum;
  }

  get columns(): number {
    let sum = 0;
    for (const segment of this.#segments()) sum += segment.columns.size;
    return sum;
  }

  /** What the columns held are in their files, compressed. */
  get fileBytes(): number {
    let sum = 0;
    for (const segment of this.#segments()) sum += segment.fileBytes;
    return sum;
  }

  find(file: string, fieldId: number): Segment | undefined {
    return this.#byFile
      .get(file)
      ?.find(({ table, columns }) => columns.has(fieldId) && this.#entries.get(table)?.doomed === false);
  }

  /** @param loose whether the table is still to get its rows */
  add(segment: Segment, bytes: number, loose = false): void {
    this.#add([segment], bytes, ++this.#clock, loose);
  }

  /** To be told when a table has got its rows. */
  settled(table: string): void {
    const entry = this.#entries.get(table);
    if (entry) entry.loose = false;
  }

  /** Segments that no run holds, and whose tables have their rows. */
  idle(): readonly Segment[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.pins === 0 && !entry.doomed && !entry.loose ? entry.segments : [],
    );
  }

  /**
   * Puts parts of one table in place of tables of their own, but for those that a run holds by now, or that are gone.
   * The caller drops the tables of what is returned.
   */
  replace(pairs: readonly { readonly before: Segment; readonly now: Segment }[]): readonly Segment[] {
    const replaced: Segment[] = [];
    const parts: Segment[] = [];
    let [bytes, lastUsed] = [0, 0];
    for (const { before, now } of pairs) {
      const entry = this.#entries.get(before.table);
      if (!entry || entry.pins > 0 || entry.doomed) continue;
      bytes += entry.bytes;
      lastUsed = Math.max(lastUsed, entry.lastUsed);
      replaced.push(this.#remove(entry));
      parts.push(now);
    }
    if (parts.length > 0) this.#add(parts, bytes, lastUsed);
    return parts.length > 0 ? replaced : pairs.slice(0, 1).map(({ now }) => now);
  }

  /** Whether it is still to be found. */
  has(segment: Segment): boolean {
    const entry = this.#entries.get(segment.table);
    return entry !== undefined && !entry.doomed && entry.segments.includes(segment);
  }

  /**
   * Puts one segment with the columns of all in their place; false, and nothing is changed, where a run holds one of
   * them by now or one is gone. The caller drops the tables of the others.
   */
  join(segments: readonly Segment[], now: Segment): boolean {
    const entries = segments.map((segment) =>
      this.has(segment) ? this.#entries.get(segment.table) : undefined,
    );
    let [bytes, lastUsed] = [0, 0];
    for (const entry of entries) {
      if (!entry || entry.pins > 0) return false;
      bytes += entry.bytes;
      lastUsed = Math.max(lastUsed, entry.lastUsed);
    }
    for (const entry of entries) if (entry) this.#remove(entry);
    this.#add([now], bytes, lastUsed);
    return true;
  }

  bytesOf(table: string): number {
    return this.#entries.get(table)?.bytes ?? 0;
  }

  /** What measuring said that a segment takes. */
  resize(table: string, bytes: number): void {
    const entry = this.#entries.get(table);
    if (entry) entry.bytes = bytes;
  }

  /** @param onFree called with those that were waiting for the last pin to go */
  pin(segments: Iterable<Segment>, onFree: (dropped: readonly Segment[]) => void): Pin {
    const held = new Set(segments);
    const tables = new Set([...held].map(({ table }) => table));
    for (const table of tables) {
      const entry = this.#entries.get(table);
      if (!entry) continue;
      entry.pins += 1;
      entry.lastUsed = ++this.#clock;
    }
    let released = false;
    return {
      segments: [...held],
      release: () => {
        if (released) return;
        released = true;
        const dropped: Segment[] = [];
        for (const table of tables) {
          const entry = this.#entries.get(table);
          if (!entry) continue;
          entry.pins -= 1;
          if (entry.pins === 0 && entry.doomed) dropped.push(this.#remove(entry));
        }
        if (dropped.length > 0) onFree(dropped);
      },
    };
  }

  /**
   * Forgets the least recently used segments that no run holds until `incoming` bytes more fit the budget, or until
   * none are left. The caller drops the tables of what is returned.
   */
  evict(incoming: number): readonly Segment[] {
    let excess = this.bytes + incoming - this.budget;
    if (excess <= 0) return [];
    const dropped: Segment[] = [];
    const idle = [...this.#entries.values()].filter((entry) => entry.pins === 0);
    for (const entry of idle.sort((a, b) => a.lastUsed - b.lastUsed)) {
      if (excess <= 0) break;
      excess -= entry.bytes;
      dropped.push(this.#remove(entry));
    }
    return dropped;
  }

  /** Forgets all that no run holds, at once; the rest when it is released. */
  clear(): readonly Segment[] {
    const dropped: Segment[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.pins === 0) dropped.push(this.#remove(entry));
      else entry.doomed = true;
    }
    return dropped;
  }

  #segments(): readonly Segment[] {
    return [...this.#entries.values()].flatMap(({ segments }) => segments);
  }

  #add(segments: readonly Segment[], bytes: number, lastUsed: number, loose = false): void {
    const [first] = segments;
    if (!first) return;
    this.#entries.set(first.table, { segments, bytes, pins: 0, lastUsed, doomed: false, loose });
    for (const segment of segments) {
      const ofFile = this.#byFile.get(segment.file);
      if (ofFile) ofFile.push(segment);
      else this.#byFile.set(segment.file, [segment]);
    }
  }

  /** One segment of the table, by which to drop it. */
  #remove({ segments }: Entry): Segment {
    const [first] = segments as readonly [Segment];
    this.#entries.delete(first.table);
    for (const segment of segments) {
      const ofFile = (this.#byFile.get(segment.file) ?? []).filter((each) => each !== segment);
      if (ofFile.length > 0) this.#byFile.set(segment.file, ofFile);
      else this.#byFile.delete(segment.file);
    }
    return first;
  }
}
