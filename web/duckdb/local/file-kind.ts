import type { LocalFormat } from './types.ts';

export interface FileKind {
  readonly format: LocalFormat;
  readonly gzipped: boolean;
}

const FORMATS: Readonly<Record<string, LocalFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  txt: 'csv',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  geojson: 'json',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  feather: 'arrow',
  ipc: 'arrow',
};

/** The ends of file names that are read, for the file dialog and for sentences. */
export const FILE_ENDINGS: readonly string[] = [
  'csv',
  'tsv',
  'txt',
  'json',
  'ndjson',
  'jsonl',
  'parquet',
  'arrow',
  'feather',
  'gz',
];

/** What a file is, by its name; null where it is nothing that is read here. */
export function fileKind(fileName: string): FileKind | null {
  const parts = fileName.toLowerCase().split('.');
  const gzipped = parts.length > 2 && parts.at(-1) === 'gz';
  const format = FORMATS[(gzipped ? parts.at(-2) : parts.length > 1 ? parts.at(-1) : '') ?? ''];
  // Only text comes gzipped as a whole; the other formats compress what is inside.
  return format === undefined || (gzipped && format !== 'csv' && format !== 'json')
    ? null
    : { format, gzipped };
}

/** A name for SQL made from a file's, in lower case, that none of `taken` (in lower case) is. */
export function relationName(fileName: string, taken: ReadonlySet<string>): string {
  const stem = fileName.replace(/(\.[^.]+?)(\.gz)?$/i, '');
  const plain = stem
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  const base = plain === '' ? 'file' : /^\p{N}/u.test(plain) ? `file_${plain}` : plain;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
  return name;
}
