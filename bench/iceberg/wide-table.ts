import type { Schema } from '#shared/iceberg/schema.ts';
import type { PrimitiveType } from '#shared/iceberg/types.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { stageCreate, type StagedCommit } from '#server/iceberg/transaction/staged-commit.ts';
import { encodeValue } from '#server/iceberg/values/single-value.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { FileIO } from '#server/storage/file-io.ts';

/** A table of many data files as manifests tell of it; the data files themselves are not there. */
export interface WideTable {
  readonly staged: StagedCommit;
  readonly files: number;
}

const ROWS = 100_000;
const FILES_PER_MANIFEST = 1000;
const FILES_PER_DAY = 100;
/** 2020-01-01, in days since 1970. */
const FIRST_DAY = 18_262;

const COLUMNS: readonly (readonly [string, PrimitiveType])[] = [
  ['order_id', 'long'],
  ['day', 'date'],
  ['customer', 'string'],
  ...['price', 'tax', 'weight', 'lat', 'lon', 'score'].map((name) => [name, 'double'] as const),
  ['quantity', 'int'],
  ['status', 'string'],
  ['created', 'timestamptz'],
];
export const ORDER_ID = 1;
export const DAY = 2;

const schema: Schema = {
  schemaId: 0,
  fields: COLUMNS.map(([name, type], index) => ({ id: index + 1, name, type, required: false })),
  identifierFieldIds: [],
};

/** Files of 100,000 rows in the order of `order_id`, 100 a day, partitioned by day; 1,000 to a manifest. */
export async function writeWideTable(io: FileIO, name: string, files: number): Promise<WideTable> {
  const metadata = createTableMetadata({
    location: `${io.root}/${name}`,
    schema,
    partitionSpec: {
      specId: 0,
      fields: [{ sourceId: DAY, fieldId: 1000, name: 'day', transform: 'identity' }],
    },
  });
  let staged: StagedCommit = await stageCreate({ io, metadata });
  for (let first = 0; first < files; first += FILES_PER_MANIFEST) {
    const base = { metadata: staged.metadata, metadataLocation: staged.newMetadataLocation };
    const count = Math.min(FILES_PER_MANIFEST, files - first);
    const dataFiles = Array.from({ length: count }, (_, index) => dataFile(metadata.location, first + index));
    staged = await appendFiles({ io, base, dataFiles, mode: 'fast' });
  }
  return { staged, files };
}

/** Order ids from and to (not among them) that a tenth of a percent of the files hold. */
export function orderRange(files: number): { readonly start: number; readonly end: number } {
  return { start: (files / 2) * ROWS, end: (files / 2 + files / 1000) * ROWS };
}

/** One day in the middle. */
export function dayRange(files: number): { readonly start: number; readonly end: number } {
  const start = FIRST_DAY + Math.floor(files / FILES_PER_DAY / 2);
  return { start, end: start + 1 };
}

function dataFile(location: string, number: number): DataFile {
  const day = FIRST_DAY + Math.floor(number / FILES_PER_DAY);
  const ids = schema.fields.map(({ id }) => id);
  const each = <T>(value: (id: number) => T) => new Map(ids.map((id) => [id, value(id)]));
  const bound = (upper: boolean) =>
    each((id) => encodeValue(COLUMNS[id - 1]?.[1] ?? 'int', boundOf(id, number, day, upper)));
  return {
    content: 'data',
    filePath: `${location}/data/day=${new Date(day * 86_400_000).toISOString().slice(0, 10)}/${String(number).padStart(8, '0')}-c0ffee00-0000-4000-8000-000000000000.parquet`,
    fileFormat: 'PARQUET',
    specId: 0,
    partition: new Map([[1000, day]]),
    recordCount: BigInt(ROWS),
    fileSizeInBytes: 8_000_000n,
    columnSizes: each((id) => BigInt(400_000 + id * 1000)),
    valueCounts: each(() => BigInt(ROWS)),
    nullValueCounts: each((id) => BigInt(id)),
    lowerBounds: bound(false),
    upperBounds: bound(true),
    splitOffsets: [4n],
  };
}

function boundOf(id: number, number: number, day: number, upper: boolean): IcebergValue {
  const [, type] = COLUMNS[id - 1] ?? [];
  switch (type) {
    case 'long':
      return BigInt(number * ROWS + (upper ? ROWS - 1 : 0));
    case 'date':
      return day;
    case 'int':
      return upper ? 99 : 1;
    case 'double':
      return upper ? 999.5 + number : 0.25;
    case 'timestamptz':
      return BigInt(day) * 86_400_000_000n + (upper ? 86_399_999_999n : 0n);
    default:
      return upper ? 'zebra' : 'aardvark';
  }
}
