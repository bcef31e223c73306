import type { FileType } from '#shared/iceberg/files/file-shape.ts';

/** A table of the cache database: some columns of one data file, in the file's row order. */
export interface Segment {
  /** In the schema `cache.main`; there is none where the file has none of the columns. */
  readonly table: string;
  /** What tells the file apart; see fileKey. */
  readonly file: string;
  readonly rows: number;
  /** Compressed bytes of its columns in the file, as the plan has them. */
  readonly fileBytes: number;
  /** By field id; null for one that the file turned out not to have. A column is called by `columnName`. */
  readonly columns: ReadonlyMap<number, HeldColumn | null>;
}

/** A column as it lies in the cache: already of the table's type, or, where only an expression gives that, as it came. */
export interface HeldColumn {
  /** DuckDB type. */
  readonly sqlType: string;
  /** With the field ids of what is nested. */
  readonly shape: FileType;
}

interface Entry {
  readonly segment: Segment;
  /** Held in memory; an estimate until the segment has been checkpointed. */
  bytes: number;
  pins: number;
  lastUsed: number;
  /** To be dropped once nothing uses it. */
  doomed: boolean;
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
  readonly #byFile = new Map<string, Entry[]>();
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

  get columns(): number {
    let sum = 0;
    for (const { segment } of this.#entries.values()) sum += segment.columns.size;
    return sum;
  }

  /** What the columns held are in their files, compressed. */
  get fileBytes(): number {
    let sum = 0;
    for (const { segment } of this.#entries.values()) sum += segment.fileBytes;
    return sum;
  }

  find(file: string, fieldId: number): Segment | undefined {
    return this.#byFile.get(file)?.find(({ segment, doomed }) => !doomed && segment.columns.has(fieldId))
      ?.segment;
  }

  add(segment: Segment, bytes: number): void {
    const entry: Entry = { segment, bytes, pins: 0, lastUsed: ++this.#clock, doomed: false };
    this.#entries.set(segment.table, entry);
    const ofFile = this.#byFile.get(segment.file);
    if (ofFile) ofFile.push(entry);
    else this.#byFile.set(segment.file, [entry]);
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
    for (const { table } of held) {
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
        for (const { table } of held) {
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

  #remove(entry: Entry): Segment {
    const { segment } = entry;
    this.#entries.delete(segment.table);
    const ofFile = (this.#byFile.get(segment.file) ?? []).filter((each) => each !== entry);
    if (ofFile.length > 0) this.#byFile.set(segment.file, ofFile);
    else this.#byFile.delete(segment.file);
    return segment;
  }
}
