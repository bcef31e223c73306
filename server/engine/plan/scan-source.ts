import { createHash } from 'node:crypto';
import type { Scan, ScanColumn, ScanDeletes, ScanFile } from '#shared/contract/plan.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { NAME_MAPPING_PROPERTY } from '#shared/iceberg/files/name-mapping.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { FileFormat } from '../../iceberg/manifest/data-file.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { planFiles } from '../../iceberg/scan/plan-files.ts';
import type { ManifestCache } from '../../iceberg/manifest/manifest-cache.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { TableDeletes, type FileDeletes } from '../deletes/file-deletes.ts';
import type { RowGroupSource } from '../files/row-groups.ts';
import { FileColumns } from './file-columns.ts';
import { probeFiles, type FileProbe } from './probe-files.ts';
import { pruneRowGroups, type FilePart } from './prune-row-groups.ts';
import { FileConstants } from './file-constants.ts';
import { isMetadataColumn } from './metadata-columns.ts';

/** A table at the snapshot that one query reads. */
export interface ResolvedTable {
  /** Dotted name, for people. */
  readonly name: string;
  readonly metadata: TableMetadata;
  /** The current one where not given; see PlanFilesInput. */
  readonly snapshotId?: bigint;
  /** The branch of the table's own that `snapshotId` is of, if any: then it is read with the current schema. */
  readonly branch?: string;
  /** Hash of the catalog's commit that it was found at, where it was found there. */
  readonly commit?: string;
  /** More columns, for what changes rows: which file a row is in and where, its row id (see engine/dml). */
  readonly rowColumns?: readonly NestedField[];
  /** Of a materialized view, whose rows the table has: the query that they answer, and whether they still do. */
  readonly view?: { readonly sql: string; readonly fresh: boolean; readonly reason: string };
}

/** A query under a name, as the query that names it reads it. */
export interface ResolvedView {
  readonly kind: 'view';
  /** Dotted name, for people. */
  readonly name: string;
  readonly uuid: string;
  readonly versionId: number;
  readonly sql: string;
  /** Of the SQL. */
  readonly dialect: string;
  /** That it gave when it was made; what its tables have got since is not in it. */
  readonly columns: readonly string[];
  /** Where names in the SQL are looked up that say no namespace; a name may begin with the catalog. */
  readonly defaultNamespace: readonly string[];
  readonly defaultCatalog: string | null;
  /** Hash of the catalog's commit that it was found at. */
  readonly commit: string;
}

export function isView(found: ResolvedTable | ResolvedView): found is ResolvedView {
  return 'kind' in found;
}

/** Where the page gets the deleted rows of a file of a table. */
export type DeletesUrl = (table: ResolvedTable, deletes: FileDeletes) => string;

/** What the server engine needs of a scan beyond the contract's Scan: columns and files in the same order. */
export interface ScanSource {
  /** Null for a scan of nothing that stands for a table where there is none. */
  readonly table: ResolvedTable | null;
  readonly scan: Scan;
  readonly fields: readonly NestedField[];
  /** Locations. */
  readonly files: readonly string[];
  readonly formats: readonly FileFormat[];
  /** What says which rows of each file are deleted; null where nothing does. */
  readonly deletes: readonly (FileDeletes | null)[];
  /** As the manifests describe the files. */
  readonly planned: readonly PlannedFile[];
  /** No row that fails it can matter. */
  readonly filter: Expression;
}

export interface ScanInput {
  readonly io: FileIO;
  readonly manifests?: ManifestCache;
  readonly fileUrl: (location: string) => string;
  readonly deletesUrl: DeletesUrl;
  readonly probe?: FileProbe;
  readonly rowGroups?: RowGroupSource;
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
  const columns = new FileColumns(table.metadata);
  const planned = input.read
    ? await planFiles({
        io: input.io,
        metadata: table.metadata,
        filter: input.filter,
        tableName: table.name,
        ...(table.branch === undefined ? present({ snapshotId: table.snapshotId }) : { ref: table.branch }),
        ...(input.manifests === undefined ? {} : { cache: input.manifests }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      })
    : { files: [], filesKnown: filesOf(table), pruning: ['no row of it can change the answer'] };
  const { probe, filter, rowGroups } = input;
  const left = probe === undefined ? planned : await probeFiles(probe, planned, { filter, schema, columns });
  const { metadata } = table;
  const found =
    rowGroups === undefined
      ? { ...left, parts: left.files.map(() => null) }
      : await pruneRowGroups(rowGroups, left, { filter, schema, metadata }, input.signal);
  const { parts } = found;

  // Something has to be read so that rows can be counted.
  const fields = input.fields.every(isMetadataColumn)
    ? [...input.fields, cheapestField(schema, found.files, columns)]
    : input.fields;
  const tableDeletes = new TableDeletes(table.metadata);
  const deletes = found.files.map((planned) => tableDeletes.of(planned));
  const constants = new FileConstants(table.metadata);
  const nameMapping = table.metadata.properties[NAME_MAPPING_PROPERTY];
  const files = found.files.map((planned, index) => ({
    url: input.fileUrl(planned.file.filePath),
    bytes: Number(planned.file.fileSizeInBytes),
    rows: Number(planned.file.recordCount),
    columns: inPart(columns.describe(planned, fields), fields, parts[index] ?? null),
    ...present({ groups: parts[index]?.groups }),
    ...present({ constants: constants.of(planned.file, fields) ?? undefined }),
    ...describeDeletes(input, deletes[index] ?? null),
  }));
  const locations = found.files.map((planned) => planned.file.filePath);
  return {
    table,
    scan: {
      view: viewName(table, schema, fields, locations, deletes, files),
      table: table.name,
      ...(snapshotId === undefined ? {} : { snapshotId: String(snapshotId) }),
      columns: fields.map(scanColumn),
      files,
      ...present({ nameMapping }),
      filesKnown: found.filesKnown,
      pruning: [...found.pruning],
    },
    fields,
    files: locations,
    formats: found.files.map((planned) => planned.file.fileFormat),
    deletes,
    planned: found.files,
    filter: input.filter,
  };
}

/** Of its snapshot, as its summary has it; 0 where that does not say. */
function filesOf({ metadata, snapshotId = metadata.currentSnapshotId }: ResolvedTable): number {
  const snapshot = metadata.snapshots.find((one) => one.snapshotId === snapshotId);
  const total = snapshot?.summary['total-data-files'] ?? '';
  return /^\d{1,15}$/.test(total) ? Number(total) : 0;
}

/** The scan with its first files alone, and of the last of them a part. */
export function withFirstFiles(
  source: ScanSource,
  { table, schema }: Pick<ScanInput, 'table' | 'schema'>,
  count: number,
  why: string,
  ofLast: FilePart | null = null,
): ScanSource {
  const { scan } = source;
  const files = source.files.slice(0, count);
  const deletes = source.deletes.slice(0, count);
  const scanFiles = scan.files.slice(0, count).map((file, at) => {
    if (ofLast === null || at !== count - 1) return file;
    return { ...file, columns: inPart(file.columns, source.fields, ofLast), groups: ofLast.groups };
  });
  return {
    ...source,
    scan: {
      ...scan,
      view: viewName(table, schema, source.fields, files, deletes, scanFiles),
      files: scanFiles,
      pruning: [...scan.pruning, why],
    },
    files,
    deletes,
    formats: source.formats.slice(0, count),
    planned: source.planned.slice(0, count),
  };
}

/** The columns with the bytes that they have in a part of their file. */
function inPart(
  columns: ScanFile['columns'],
  fields: readonly NestedField[],
  part: FilePart | null,
): ScanFile['columns'] {
  if (part === null) return columns;
  return columns.map(
    (column, at) => column && { ...column, bytes: part.bytes.get(fields[at]?.id ?? -1) ?? 0 },
  );
}

function scanColumn({ id, name, type, initialDefault }: NestedField): ScanColumn {
  const sqlType = duckDbTypeOf(type);
  return { fieldId: id, name, sqlType, type, ...present({ initialDefault }) };
}

/** A position on its way to the page. */
const POSITION_BYTES = 4;

function describeDeletes(
  { table, deletesUrl }: ScanInput,
  deletes: FileDeletes | null,
): { deletes?: ScanDeletes } {
  if (deletes === null) return {};
  // A row can be deleted twice, and a row of an equality delete file can delete none or many.
  const named = deletes.deletes.reduce((sum, { file }) => sum + Number(file.recordCount), 0);
  const rows = Math.min(named, Number(deletes.file.recordCount));
  const url = deletesUrl(table, deletes);
  return { deletes: { id: deletes.key, url, rows, bytes: rows * POSITION_BYTES } };
}

/** Equal for equal columns and rows of equal files, so one name never stands for two things in a session. */
function viewName(
  table: ResolvedTable,
  schema: Schema,
  fields: readonly NestedField[],
  locations: readonly string[],
  deletes: readonly (FileDeletes | null)[],
  files: readonly Pick<ScanFile, 'groups'>[],
): string {
  const content = [
    table.metadata.tableUuid,
    schema.schemaId,
    fields.map((field) => field.id),
    locations,
    deletes.map((ofFile) => ofFile?.key ?? null),
    table.metadata.properties[NAME_MAPPING_PROPERTY] ?? null,
    ...(files.some(({ groups }) => groups) ? [files.map(({ groups }) => groups ?? null)] : []),
  ];
  return `scan_${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)}`;
}

function cheapestField(schema: Schema, files: readonly PlannedFile[], columns: FileColumns): NestedField {
  const own = schema.fields.filter((field) => !isMetadataColumn(field));
  const bytes = new Map<NestedField, number>(own.map((field) => [field, 0]));
  for (const planned of files)
    for (const [index, column] of columns.describe(planned, own).entries()) {
      const field = own[index];
      // A column that a file lacks does not say how many rows the file has.
      if (field !== undefined) bytes.set(field, (bytes.get(field) ?? 0) + (column?.bytes ?? Infinity));
    }
  const flat = own.filter((field) => typeof field.type === 'string');
  const [first, ...others] = flat.length > 0 ? flat : own;
  return others.reduce(
    (best, field) => ((bytes.get(field) ?? 0) < (bytes.get(best) ?? 0) ? field : best),
    first as NestedField,
  );
}
