import { createHash } from 'node:crypto';
import type { Scan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { planFiles } from '../../iceberg/scan/plan-files.ts';
import type { ManifestCache } from '../../iceberg/manifest/manifest-cache.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { FileColumns } from './file-columns.ts';

/** A table at the snapshot that one query reads. */
export interface ResolvedTable {
  /** Dotted name, for people. */
  readonly name: string;
  readonly metadata: TableMetadata;
  /** The current one where not given; see PlanFilesInput. */
  readonly snapshotId?: bigint;
}

/** What the server engine needs of a scan beyond the contract's Scan: columns and files in the same order. */
export interface ScanSource {
  readonly scan: Scan;
  readonly fields: readonly NestedField[];
  /** Locations. */
  readonly files: readonly string[];
}

export interface ScanInput {
  readonly io: FileIO;
  readonly manifests?: ManifestCache;
  readonly fileUrl: (location: string) => string;
  readonly signal?: AbortSignal;
  readonly table: ResolvedTable;
  readonly schema: Schema;
  /** Columns whose values matter; none of them where only the number of rows does. */
  readonly fields: readonly NestedField[];
  readonly filter: Expression;
  /** False where no row can matter: then no file is read. */
  readonly read: boolean;
}

/** Finds the files of a scan, and what of them has to be read. */
export async function planScan(input: ScanInput): Promise<ScanSource> {
  const { table, schema } = input;
  const snapshotId = table.snapshotId ?? table.metadata.currentSnapshotId;
  const found = input.read
    ? await planFiles({
        io: input.io,
        metadata: table.metadata,
        filter: input.filter,
        tableName: table.name,
        ...(table.snapshotId === undefined ? {} : { snapshotId: table.snapshotId }),
        ...(input.manifests === undefined ? {} : { cache: input.manifests }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      })
    : { files: [], filesKnown: 0, pruning: ['no row of it can change the answer'] };

  assertPlainParquet(table.name, found.files);
  const columns = new FileColumns(table.metadata);
  // Something has to be read so that rows can be counted.
  const fields = input.fields.length > 0 ? input.fields : [cheapestField(schema, found.files, columns)];
  const files = found.files.map((planned) => ({
    url: input.fileUrl(planned.file.filePath),
    bytes: Number(planned.file.fileSizeInBytes),
    rows: Number(planned.file.recordCount),
    columns: columns.describe(planned, fields),
  }));
  const locations = found.files.map((planned) => planned.file.filePath);
  return {
    scan: {
      view: viewName(table, schema, fields, locations),
      table: table.name,
      ...(snapshotId === undefined ? {} : { snapshotId: String(snapshotId) }),
      columns: fields.map((field) => ({
        fieldId: field.id,
        name: field.name,
        sqlType: duckDbTypeOf(field.type),
      })),
      files,
      filesKnown: found.filesKnown,
      pruning: [...found.pruning],
    },
    fields,
    files: locations,
  };
}

function assertPlainParquet(table: string, files: readonly PlannedFile[]): void {
  const other = files.find(({ file, deletes }) => deletes.length > 0 || file.fileFormat !== 'PARQUET');
  if (other === undefined) return;
  const what =
    other.deletes.length > 0
      ? 'rows deleted by delete files'
      : `a data file that is ${other.file.fileFormat} (${other.file.filePath})`;
  throw new AppError(
    'UNSUPPORTED',
    `${table} has ${what}, which cannot be read yet; compact the table as Parquet with the engine that wrote it.`,
    { context: { table, file: other.file.filePath } },
  );
}

/** Equal for equal columns of equal files, so one name never stands for two things in a session. */
function viewName(
  table: ResolvedTable,
  schema: Schema,
  fields: readonly NestedField[],
  locations: readonly string[],
): string {
  const content = [table.metadata.tableUuid, schema.schemaId, fields.map((field) => field.id), locations];
  return `scan_${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)}`;
}

function cheapestField(schema: Schema, files: readonly PlannedFile[], columns: FileColumns): NestedField {
  const bytes = new Map<NestedField, number>(schema.fields.map((field) => [field, 0]));
  for (const planned of files)
    for (const [index, column] of columns.describe(planned, schema.fields).entries()) {
      const field = schema.fields[index];
      // A column that a file lacks does not say how many rows the file has.
      if (field !== undefined) bytes.set(field, (bytes.get(field) ?? 0) + (column?.bytes ?? Infinity));
    }
  const flat = schema.fields.filter((field) => typeof field.type === 'string');
  const [first, ...others] = flat.length > 0 ? flat : schema.fields;
  return others.reduce(
    (best, field) => ((bytes.get(field) ?? 0) < (bytes.get(best) ?? 0) ? field : best),
    first as NestedField,
  );
}
