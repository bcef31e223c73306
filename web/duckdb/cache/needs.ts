import type { RowGroups, Scan, ScanColumn, ScanDeletes, ScanFile } from '#shared/contract/plan.ts';
import type { FindSegment } from './column-cache.ts';

export interface NeededColumn extends Pick<ScanColumn, 'name' | 'sqlType' | 'type'> {
  /** Compressed, in the file. */
  readonly bytes: number;
}

/** The columns that a plan needs of one file, by field id. */
export interface FileNeed {
  /** What tells what is read apart; see fileKey and partKey. */
  readonly file: string;
  /** Where not all of the file is read: what, and what all of it would be told by. */
  readonly part?: FilePart;
  readonly url: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Of the whole file. Null where only the file says how many it has. */
  readonly rows: number | null;
  readonly nameMapping: string | null;
  readonly columns: ReadonlyMap<number, NeededColumn>;
  /** No data file, but the positions of one's deleted rows: see the contract's ScanDeletes. */
  readonly positions?: true;
}

/** Some row groups of a file. */
export interface FilePart {
  readonly groups: RowGroups;
  readonly whole: string;
}

/** The column that positions are held in, by the id that the Iceberg spec has for them. */
export const POSITION_ID = 2147483545;

export interface Missing {
  readonly files: number;
  readonly columns: number;
  /** Compressed, as they come over the network. */
  readonly bytes: number;
}

const mappings = new Map<string, number>();

/** Equal for one file read by one name mapping, which says what the columns of some files are. */
export function fileKey(scan: Pick<Scan, 'nameMapping'>, file: Pick<ScanFile, 'url'>): string {
  const { nameMapping } = scan;
  if (nameMapping === undefined) return file.url;
  const number = mappings.get(nameMapping) ?? mappings.size;
  mappings.set(nameMapping, number);
  return `${file.url} mapping ${number}`;
}

/** Tells a part of a file from the whole and from other parts, none of which may stand for it. */
export function partKey(whole: string, groups: RowGroups): string {
  return `${whole} groups ${groups.map(([index]) => index).join(' ')}`;
}

export function rowsOf(groups: RowGroups): number {
  return groups.reduce((sum, [, , rows]) => sum + rows, 0);
}

/** Rows of a file that are read; 0 where only the file says how many it has. */
export function rowsToRead({ rows, part }: FileNeed): number {
  return part ? rowsOf(part.groups) : (rows ?? 0);
}

/** What scans read, once a file: several scans may share files. Columns that a file lacks need nothing. */
export function fileNeeds(scans: readonly Scan[]): readonly FileNeed[] {
  const needs = new Map<string, FileNeed & { readonly columns: Map<number, NeededColumn> }>();
  for (const scan of scans) {
    for (const file of scan.files) {
      if (file.rows === 0) continue;
      if (file.deletes) needs.set(file.deletes.id, deletesNeed(file.deletes));
      const { url, bytes, rows, groups } = file;
      const whole = fileKey(scan, file);
      const key = groups ? partKey(whole, groups) : whole;
      const nameMapping = scan.nameMapping ?? null;
      const part = groups ? { part: { groups, whole } } : {};
      const need = needs.get(key) ?? {
        file: key,
        url,
        bytes,
        rows,
        nameMapping,
        columns: new Map(),
        ...part,
      };
      for (const [at, column] of scan.columns.entries()) {
        const inFile = file.columns[at];
        if (!inFile || !hasValues(column)) continue;
        const { name, sqlType, type } = column;
        need.columns.set(column.fieldId, { name, sqlType, type, bytes: inFile.bytes });
      }
      if (need.columns.size > 0) needs.set(key, need);
    }
  }
  return [...needs.values()];
}

function deletesNeed({ id, url, bytes }: ScanDeletes): FileNeed & { columns: Map<number, NeededColumn> } {
  const column: NeededColumn = { name: 'pos', sqlType: 'BIGINT', type: 'long', bytes };
  const columns = new Map([[POSITION_ID, column]]);
  return { file: id, url, bytes, rows: null, nameMapping: null, columns, positions: true };
}

/** A column of type unknown is NULL whatever a file says. */
export function hasValues({ type }: Pick<ScanColumn, 'type'>): boolean {
  return type !== 'unknown';
}

/** As the tab reads it: where it holds every column of the whole file, a part of it is not needed. */
export function asHeld(need: FileNeed, find: FindSegment): FileNeed {
  const { part, ...rest } = need;
  if (!part || ![...need.columns.keys()].every((fieldId) => find(part.whole, fieldId))) return need;
  return { ...rest, file: part.whole };
}

/** What of a need is not held; null where all is. */
export function missingOf(asked: FileNeed, find: FindSegment): FileNeed | null {
  const need = asHeld(asked, find);
  const columns = new Map([...need.columns].filter(([fieldId]) => !find(need.file, fieldId)));
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
