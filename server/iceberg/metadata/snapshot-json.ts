import type { Snapshot, SnapshotRef, SnapshotSummary } from '#shared/iceberg/snapshot.ts';
import type { StatisticsFile } from '#shared/iceberg/table-metadata.ts';
import type { JsonNode } from './json-node.ts';

export function parseSnapshot(node: JsonNode): Snapshot {
  const parent = node.optional('parent-snapshot-id');
  const manifestList = node.optional('manifest-list');
  const manifests = node.optional('manifests');
  const schemaId = node.optional('schema-id');
  const firstRowId = node.optional('first-row-id');
  const addedRows = node.optional('added-rows');
  const keyId = node.optional('key-id');
  if (manifestList === null && manifests === null) node.get('manifest-list');
  return {
    snapshotId: node.get('snapshot-id').long(),
    ...(parent === null ? {} : { parentSnapshotId: parent.long() }),
    sequenceNumber: node.optional('sequence-number')?.long() ?? 0n,
    timestampMs: node.get('timestamp-ms').int(),
    summary: parseSummary(node),
    ...(manifestList === null ? {} : { manifestList: manifestList.text() }),
    ...(manifests === null || manifestList !== null
      ? {}
      : { manifests: manifests.list().map((m) => m.text()) }),
    ...(schemaId === null ? {} : { schemaId: schemaId.int() }),
    ...(firstRowId === null ? {} : { firstRowId: firstRowId.long() }),
    ...(addedRows === null ? {} : { addedRows: addedRows.long() }),
    ...(keyId === null ? {} : { keyId: keyId.text() }),
  };
}

/** v1 snapshots need not have a summary; what they did is then not known, and 'overwrite' promises nothing. */
function parseSummary(node: JsonNode): SnapshotSummary {
  const summary = node.optional('summary');
  if (summary === null) return { operation: 'overwrite' };
  const operation = summary.optional('operation')?.oneOf('append', 'replace', 'overwrite', 'delete');
  return { ...summary.textMap(), operation: operation ?? 'overwrite' };
}

export function snapshotToJson(snapshot: Snapshot, formatVersion: number): Record<string, unknown> {
  return {
    'sequence-number': formatVersion === 1 ? undefined : snapshot.sequenceNumber,
    'snapshot-id': snapshot.snapshotId,
    'parent-snapshot-id': snapshot.parentSnapshotId,
    'timestamp-ms': snapshot.timestampMs,
    summary: snapshot.summary,
    'manifest-list': snapshot.manifestList,
    manifests: snapshot.manifests,
    'schema-id': snapshot.schemaId,
    'first-row-id': snapshot.firstRowId,
    'added-rows': snapshot.addedRows,
    'key-id': snapshot.keyId,
  };
}

export function parseSnapshotRef(node: JsonNode): SnapshotRef {
  const keep = node.optional('min-snapshots-to-keep');
  const age = node.optional('max-snapshot-age-ms');
  const refAge = node.optional('max-ref-age-ms');
  return {
    snapshotId: node.get('snapshot-id').long(),
    type: node.get('type').oneOf('branch', 'tag'),
    ...(keep === null ? {} : { minSnapshotsToKeep: keep.int() }),
    ...(age === null ? {} : { maxSnapshotAgeMs: Number(age.long()) }),
    ...(refAge === null ? {} : { maxRefAgeMs: Number(refAge.long()) }),
  };
}

export function snapshotRefToJson(ref: SnapshotRef): Record<string, unknown> {
  return {
    'snapshot-id': ref.snapshotId,
    type: ref.type,
    'min-snapshots-to-keep': ref.minSnapshotsToKeep,
    'max-snapshot-age-ms': ref.maxSnapshotAgeMs,
    'max-ref-age-ms': ref.maxRefAgeMs,
  };
}

export function parseStatisticsFile(node: JsonNode): StatisticsFile {
  return { snapshotId: node.get('snapshot-id').long(), json: node.object() };
}
