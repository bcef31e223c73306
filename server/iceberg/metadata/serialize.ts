import { gzipSync } from 'node:zlib';
import type { Snapshot, SnapshotLogEntry } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { metadataIsGzipped } from './locations.ts';
import { currentSchema, defaultSpec } from './lookup.ts';
import { schemaToJson } from './schema-json.ts';
import { snapshotRefToJson, snapshotToJson } from './snapshot-json.ts';
import { partitionFieldsToJson, partitionSpecToJson, sortOrderToJson } from './spec-json.ts';

/**
 * A metadata.json as the spec has it for the table's format version; UTF-8, gzipped where the table's
 * `write.metadata.compression-codec` says so (then its name says it too: newMetadataLocation).
 */
export function serializeTableMetadata(metadata: TableMetadata): Uint8Array {
  const { formatVersion, snapshots, snapshotLog } = metadata;
  const rest = stringifyJson(withoutHistory(metadata));
  const json = Buffer.concat([
    Buffer.from(`${rest.slice(0, -1)},"snapshots":`),
    ...listOf(snapshots.map((snapshot) => snapshotBytes(snapshot, formatVersion))),
    Buffer.from(',"snapshot-log":'),
    ...listOf(snapshotLog.map(logEntryBytes)),
    Buffer.from('}'),
  ]);
  return metadataIsGzipped(metadata) ? gzipSync(json) : json;
}

export function tableMetadataToJson(metadata: TableMetadata): Record<string, unknown> {
  return {
    ...withoutHistory(metadata),
    snapshots: metadata.snapshots.map((snapshot) => snapshotToJson(snapshot, metadata.formatVersion)),
    'snapshot-log': metadata.snapshotLog.map(logEntryToJson),
  };
}

function logEntryToJson(entry: SnapshotLogEntry): Record<string, unknown> {
  return { 'snapshot-id': entry.snapshotId, 'timestamp-ms': entry.timestampMs };
}

// Of a table with a thousand snapshots each version repeats nearly all: their JSON is made once.
const snapshotJson = new WeakMap<Snapshot, { readonly formatVersion: number; readonly bytes: Buffer }>();
const logEntryJson = new WeakMap<SnapshotLogEntry, Buffer>();

function snapshotBytes(snapshot: Snapshot, formatVersion: number): Buffer {
  const known = snapshotJson.get(snapshot);
  if (known?.formatVersion === formatVersion) return known.bytes;
  const bytes = Buffer.from(stringifyJson(snapshotToJson(snapshot, formatVersion)));
  snapshotJson.set(snapshot, { formatVersion, bytes });
  return bytes;
}

function logEntryBytes(entry: SnapshotLogEntry): Buffer {
  const bytes = logEntryJson.get(entry) ?? Buffer.from(stringifyJson(logEntryToJson(entry)));
  logEntryJson.set(entry, bytes);
  return bytes;
}

const COMMA = Buffer.from(',');

/** A JSON array of members that are JSON already. */
function listOf(members: readonly Buffer[]): readonly Buffer[] {
  return [
    Buffer.from('['),
    ...members.flatMap((member, index) => (index === 0 ? [member] : [COMMA, member])),
    Buffer.from(']'),
  ];
}

function withoutHistory(metadata: TableMetadata): Record<string, unknown> {
  const v1 = metadata.formatVersion === 1;
  return {
    'format-version': metadata.formatVersion,
    'table-uuid': metadata.tableUuid === '' ? undefined : metadata.tableUuid,
    location: metadata.location,
    'last-sequence-number': v1 ? undefined : metadata.lastSequenceNumber,
    'last-updated-ms': metadata.lastUpdatedMs,
    'last-column-id': metadata.lastColumnId,
    // v1 readers know only these two.
    schema: v1 ? schemaToJson(currentSchema(metadata)) : undefined,
    'partition-spec': v1 ? partitionFieldsToJson(defaultSpec(metadata).fields) : undefined,
    'current-schema-id': metadata.currentSchemaId,
    schemas: metadata.schemas.map(schemaToJson),
    'default-spec-id': metadata.defaultSpecId,
    'partition-specs': metadata.partitionSpecs.map(partitionSpecToJson),
    'last-partition-id': metadata.lastPartitionId,
    'default-sort-order-id': metadata.defaultSortOrderId,
    'sort-orders': metadata.sortOrders.map(sortOrderToJson),
    properties: metadata.properties,
    'current-snapshot-id': metadata.currentSnapshotId,
    'next-row-id': metadata.formatVersion < 3 ? undefined : (metadata.nextRowId ?? 0n),
    refs: Object.fromEntries(
      Object.entries(metadata.refs).map(([name, ref]) => [name, snapshotRefToJson(ref)]),
    ),
    'metadata-log': metadata.metadataLog.map((entry) => ({
      'metadata-file': entry.metadataFile,
      'timestamp-ms': entry.timestampMs,
    })),
    statistics: metadata.statistics.map((file) => file.json),
    'partition-statistics': metadata.partitionStatistics.map((file) => file.json),
    'encryption-keys': metadata.encryptionKeys,
  };
}
