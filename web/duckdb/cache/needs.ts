import type { Scan } from '#shared/contract/plan.ts';
import type { Segment } from './column-cache.ts';

export interface NeededColumn {
  /** Its name inside the file. */
  readonly name: string;
  readonly sqlType: string;
  /** Compressed, in the file. */
  readonly bytes: number;
}

/** The columns that a plan needs of one file, by field id. */
export interface FileNeed {
  readonly url: string;
  /** Of the whole file. */
  readonly bytes: number;
  readonly rows: number;
  readonly columns: ReadonlyMap<number, NeededColumn>;
}

export interface Missing {
  readonly files: number;
  readonly columns: number;
  /** Compressed, as they come over the network. */
  readonly bytes: number;
}

/** What scans read, once a file: several scans may share files. Columns that a file lacks are NULL and need nothing. */
export function fileNeeds(scans: readonly Scan[]): readonly FileNeed[] {
  const needs = new Map<string, FileNeed & { readonly columns: Map<number, NeededColumn> }>();
  for (const scan of scans) {
    for (const file of scan.files) {
      if (file.rows === 0) continue;
      const { url, bytes, rows } = file;
      const need = needs.get(url) ?? { url, bytes, rows, columns: new Map() };
      for (const [at, column] of scan.columns.entries()) {
        const inFile = file.columns[at];
        if (!inFile) continue;
        need.columns.set(column.fieldId, { ...inFile, sqlType: column.sqlType });
      }
      if (need.columns.size > 0) needs.set(url, need);
    }
  }
  return [...needs.values()];
}

/** The part of a need that is not held; null where all is. */
export function missingOf(
  need: FileNeed,
  find: (url: string, fieldId: number) => Segment | undefined,
): FileNeed | null {
  const columns = new Map([...need.columns].filter(([fieldId]) => !find(need.url, fieldId)));
  return columns.size === 0 ? null : { ...need, columns };
}

export function totalOf(needs: readonly FileNeed[]): Missing {
  let columns = 0;
  let bytes = 0;
  for (const need of needs) {
    columns += need.columns.size;
    bytes += needBytes(need);
  }
  return { files: needs.length, columns, bytes };
}

/** Compressed bytes in the file. */
export function needBytes(need: FileNeed): number {
  let bytes = 0;
  for (const column of need.columns.values()) bytes += column.bytes;
  return bytes;
}
