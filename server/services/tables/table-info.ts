import type { ColumnInfo, SnapshotInfo, TableDetail, TableSummary } from '#shared/contract/tables.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot } from '#shared/iceberg/snapshot.ts';
import { formatType } from '#shared/iceberg/types.ts';
import {
  currentSchema,
  currentSnapshot,
  defaultSortOrder,
  defaultSpec,
} from '#server/iceberg/metadata/lookup.ts';
import { rowCountOf } from '#server/iceberg/metadata/row-count.ts';
import type { CatalogTable } from './load-table.ts';
import { tableId } from './table-content.ts';

/** The API's view of a table's metadata. Counts come from the snapshot's summary, so no manifest is read. */
export function describeTable({ key, metadata }: CatalogTable): TableSummary {
  const snapshot = currentSnapshot(metadata);
  const summary = snapshot?.summary;
  const { rows, certainty } = rowCountOf(snapshot);
  const comment = metadata.properties['comment'];
  return {
    id: tableId(key),
    namespace: key.slice(0, -1),
    name: key.at(-1) ?? '',
    columns: describeColumns(currentSchema(metadata)),
    rows: String(rows),
    ...(certainty === 'exact' ? {} : { rowsAre: certainty }),
    bytes: summary?.['total-files-size'] ?? '0',
    files: Number(summary?.['total-data-files'] ?? 0),
    updatedAt: new Date(metadata.lastUpdatedMs).toISOString(),
    ...(comment === undefined ? {} : { comment }),
  };
}

export function describeTableInDetail(table: CatalogTable): TableDetail {
  const { metadata, metadataLocation } = table;
  const schema = currentSchema(metadata);
  const nameOf = (id: number) => findFieldById(schema, id)?.name ?? `field ${id}`;
  const snapshotId = metadata.currentSnapshotId;
  return {
    ...describeTable(table),
    uuid: metadata.tableUuid,
    formatVersion: metadata.formatVersion,
    location: metadata.location,
    metadataLocation,
    ...(snapshotId === undefined ? {} : { currentSnapshotId: snapshotId.toString() }),
    schemaId: metadata.currentSchemaId,
    partitionSpec: defaultSpec(metadata).fields.map((field) => ({
      source: nameOf(field.sourceId),
      transform: field.transform,
      name: field.name,
    })),
    sortOrder: defaultSortOrder(metadata).fields.map((field) => ({
      source: nameOf(field.sourceId),
      transform: field.transform,
      direction: field.direction,
    })),
    properties: { ...metadata.properties },
  };
}

export function describeSnapshot(snapshot: Snapshot): SnapshotInfo {
  const { summary } = snapshot;
  const { rows, certainty } = rowCountOf(snapshot);
  return {
    snapshotId: snapshot.snapshotId.toString(),
    ...(snapshot.parentSnapshotId === undefined
      ? {}
      : { parentSnapshotId: snapshot.parentSnapshotId.toString() }),
    sequenceNumber: snapshot.sequenceNumber.toString(),
    time: new Date(snapshot.timestampMs).toISOString(),
    operation: summary.operation,
    summary: { ...summary },
    addedRows: summary['added-records'] ?? '0',
    totalRows: String(rows),
    ...(certainty === 'exact' ? {} : { rowsAre: certainty }),
    totalFiles: Number(summary['total-data-files'] ?? 0),
    totalBytes: summary['total-files-size'] ?? '0',
  };
}

export function describeColumns(schema: Schema): ColumnInfo[] {
  return schema.fields.map((field) => ({
    id: field.id,
    name: field.name,
    type: formatType(field.type),
    sqlType: duckDbTypeOf(field.type),
    required: field.required,
    ...(field.doc === undefined ? {} : { doc: field.doc }),
  }));
}
