import type { TableFiles } from '#shared/contract/tables.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { specById } from '#server/iceberg/metadata/lookup.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { decodeValue } from '#server/iceberg/values/single-value.ts';
import type { ServiceContext } from '../context.ts';
import { resolveRef } from '../refs/index.ts';
import { loadTableAtRef } from './load-table.ts';
import { parseTableId } from './table-content.ts';

type FileInfo = TableFiles['files'][number];

/** Data files of the table's current snapshot at a ref, with the bounds that pruning goes by. */
export async function tableFiles(
  ctx: ServiceContext,
  table: string,
  ref: string | undefined,
): Promise<TableFiles> {
  const at = await resolveRef(ctx, ref);
  const { metadata } = await loadTableAtRef(ctx, at, parseTableId(table));
  const { snapshot, schema, files } = await planFiles({ io: ctx.io, metadata, tableName: table });
  return {
    ...(snapshot === undefined ? {} : { snapshotId: snapshot.snapshotId.toString() }),
    files: files.map(({ file }) => describeFile(file, schema, specById(metadata, file.specId))),
  };
}

function describeFile(file: DataFile, schema: Schema, spec: PartitionSpec): FileInfo {
  const columns = [...(file.columnSizes?.keys() ?? [])].filter(
    (id) => findFieldById(schema, id) !== undefined,
  );
  return {
    path: file.filePath,
    format: file.fileFormat,
    rows: file.recordCount.toString(),
    bytes: file.fileSizeInBytes.toString(),
    partition: Object.fromEntries(
      spec.fields.map((field) => [field.name, plain(file.partition.get(field.fieldId))]),
    ),
    bounds: columns.map((id) => describeColumn(file, schema, id)),
  };
}

function describeColumn(file: DataFile, schema: Schema, id: number): FileInfo['bounds'][number] {
  const field = findFieldById(schema, id);
  const type = field !== undefined && isPrimitive(field.type) ? field.type : null;
  const bound = (bytes: Uint8Array | undefined) =>
    bytes === undefined || type === null ? null : plain(decodeValue(type, bytes));
  const nulls = file.nullValueCounts?.get(id);
  const size = file.columnSizes?.get(id);
  return {
    column: field?.name ?? String(id),
    lower: bound(file.lowerBounds?.get(id)),
    upper: bound(file.upperBounds?.get(id)),
    ...(nulls === undefined ? {} : { nulls: nulls.toString() }),
    ...(size === undefined ? {} : { bytes: size.toString() }),
  };
}

/** As JSON can hold it: temporal bounds stay the integers that Iceberg has, in digits. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value ?? null;
}
