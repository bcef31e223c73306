import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { ScanColumn } from '#shared/contract/plan.ts';
import { NAME_MAPPING_PROPERTY, parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { present } from '#shared/util/present.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { TableDeletes } from '#server/engine/deletes/file-deletes.ts';
import { FILE, LAST_UPDATED_FIELD, LINEAGE, POSITION, ROW_ID_FIELD } from '#server/engine/dml/row-columns.ts';
import type { ExecutableScan } from '#server/engine/execute/scan-view.ts';
import { FileConstants } from '#server/engine/plan/file-constants.ts';
import { rewriteRows, type RewriteOrder, type RewrittenFile } from '#server/engine/rewrite/rewrite-rows.ts';
import type { SampledColumn } from '#server/engine/rewrite/sample-columns.ts';
import type { RewriteGroup } from '#server/iceberg/maintenance/plan-rewrite.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { dataLocation } from '#server/iceberg/metadata/locations.ts';
import { currentSchema, defaultSpec } from '#server/iceberg/metadata/lookup.ts';
import type { PlannedFile } from '#server/iceberg/scan/plan-files.ts';
import { dataFileFromDuckDbStats } from '#server/iceberg/transaction/data-file-stats.ts';
import { metricsModes } from '#server/iceberg/transaction/metrics-modes.ts';
import { discardFiles } from '../tables/index.ts';
import type { MaintenanceContext } from './context.ts';

export interface RewrittenGroup {
  /** Where the table has its data; no snapshot has them yet. */
  readonly files: readonly DataFile[];
  readonly sample: readonly SampledColumn[];
}

const VIEW = 'rewrite_rows';
const CODECS = new Set(['zstd', 'snappy', 'gzip', 'uncompressed', 'lz4']);

/** Writes the live rows of some files anew, in the schema, spec and order that the table has now. */
export async function rewriteGroup(
  ctx: MaintenanceContext,
  input: {
    readonly metadata: TableMetadata;
    readonly group: RewriteGroup;
    readonly order: RewriteOrder;
    readonly sortOrderId?: number;
    readonly targetFileBytes: number;
    readonly signal?: AbortSignal;
  },
): Promise<RewrittenGroup> {
  const { metadata, group, order, signal } = input;
  const lineage = metadata.formatVersion === 3;
  const table = currentSchema(metadata);
  const schema: Schema = lineage ? { ...table, fields: [...table.fields, ...LINEAGE] } : table;
  const spec = defaultSpec(metadata);
  const codec = (metadata.properties['write.parquet.compression-codec'] ?? 'zstd').toLowerCase();
  const directory = join(ctx.stagingDirectory, randomUUID());
  await mkdir(directory, { recursive: true });
  try {
    const scan = await scanOf(ctx, metadata, group.files, schema, lineage, signal);
    const rows = await ctx.rewriter.session([scan], signal, (session) =>
      rewriteRows({
        session,
        query: lineage ? lineageQuery(table, group.files) : `SELECT * FROM ${VIEW}`,
        schema,
        order,
        files: filesFor(group.files, input.targetFileBytes),
        directory,
        codec: CODECS.has(codec) ? codec : 'zstd',
        ...(group.repartition && spec.fields.length > 0 ? { spec } : {}),
      }),
    );
    return { files: await adopt(ctx, input, schema, rows.files), sample: rows.sample };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As many as their live rows fill. */
function filesFor(files: readonly PlannedFile[], target: number): number {
  const bytes = files.reduce((sum, { file }) => sum + Number(file.fileSizeInBytes), 0);
  return Math.max(1, Math.round(bytes / target));
}

async function scanOf(
  ctx: MaintenanceContext,
  metadata: TableMetadata,
  files: readonly PlannedFile[],
  schema: Schema,
  lineage: boolean,
  signal: AbortSignal | undefined,
): Promise<ExecutableScan> {
  const tableDeletes = new TableDeletes(metadata);
  const constants = new FileConstants(metadata);
  const nameMapping = metadata.properties[NAME_MAPPING_PROPERTY];
  const opening = present({ types: schema.fields.map(({ type }) => type), signal });
  const executable = [];
  for (const planned of files) {
    const { file } = planned;
    const deletes = tableDeletes.of(planned);
    executable.push({
      ...(await ctx.opener.open(file.filePath, file.fileFormat, opening)),
      rows: Number(file.recordCount),
      ...present({
        constants: constants.of(file, schema.fields) ?? undefined,
        deleted: deletes === null ? undefined : await ctx.deletedRows.of(deletes, signal),
      }),
    });
  }
  return {
    view: VIEW,
    columns: schema.fields.map(scanColumn),
    files: executable,
    nameMapping: nameMapping === undefined ? null : parseNameMapping(nameMapping),
    ...(lineage ? { file: FILE.name, position: POSITION.name } : {}),
  };
}

function scanColumn({ id, name, type, initialDefault }: NestedField): ScanColumn {
  return { fieldId: id, name, sqlType: duckDbTypeOf(type), type, ...present({ initialDefault }) };
}

/** Which row a row is stays true where it moves: what it inherited from its file is written down with it. */
function lineageQuery(table: Schema, files: readonly PlannedFile[]): string {
  const inherited = (values: readonly (bigint | undefined)[]) =>
    `list_extract([${values.map((value) => value ?? 'NULL').join(', ')}]::BIGINT[], ${quoteIdentifier(FILE.name)} + 1)`;
  const rowId = quoteIdentifier(ROW_ID_FIELD.name);
  const updated = quoteIdentifier(LAST_UPDATED_FIELD.name);
  const first = inherited(files.map(({ file }) => file.firstRowId));
  const columns = table.fields.map(({ name }) => quoteIdentifier(name));
  return `SELECT ${columns.join(', ')},
    coalesce(${rowId}, ${first} + ${quoteIdentifier(POSITION.name)}) AS ${rowId},
    coalesce(${updated}, ${inherited(files.map(({ sequenceNumber }) => sequenceNumber))}) AS ${updated} FROM ${VIEW}`;
}

async function adopt(
  ctx: MaintenanceContext,
  {
    metadata,
    group,
    order,
    sortOrderId,
  }: {
    readonly metadata: TableMetadata;
    readonly group: RewriteGroup;
    readonly order: RewriteOrder;
    readonly sortOrderId?: number;
  },
  schema: Schema,
  written: readonly RewrittenFile[],
): Promise<readonly DataFile[]> {
  const modes = metricsModes(
    metadata,
    order.kind === 'as-is' ? [] : order.fields.map(({ field }) => field.id),
  );
  const own = new Set(LINEAGE.map(({ id }) => id));
  const files: DataFile[] = [];
  try {
    for (const { path, stats, splitOffsets, partition } of written) {
      const filePath = `${dataLocation(metadata)}/${randomUUID()}.parquet`;
      await ctx.io.adopt(path, filePath);
      const same = group.repartition ? undefined : group.files[0]?.file.partition;
      files.push(
        dataFileFromDuckDbStats({
          filePath,
          schema,
          stats,
          splitOffsets,
          spec: defaultSpec(metadata),
          metrics: (id) => (own.has(id) ? { kind: 'none' } : modes(id)),
          ...present({ partition: partition ?? same, sortOrderId }),
        }),
      );
    }
    return files;
  } catch (error) {
    await discardFiles(
      ctx,
      files.map(({ filePath }) => filePath),
    );
    throw error;
  }
}
