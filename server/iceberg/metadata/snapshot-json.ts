import type { Snapshot, SnapshotRef, SnapshotSummary } from '#shared/iceberg/snapshot.ts';
import type { StatisticsFile } from '#shared/iceberg/table-metadata.ts';
import { present } from '#shared/util/present.ts';
import type { JsonNode } from './json-node.ts';

export function parseSnapshot(node: JsonNode): Snapshot {
  const manifestList = node.optional('manifest-list')?.text();
  const manifests = node.optional('manifests')?.list();
  if (manifestList === undefined && manifests === undefined) node.get('manifest-list');
  return present({
    snapshotId: node.get('snapshot-id').long(),
    parentSnapshotId: node.optional('parent-snapshot-id')?.long(),
    sequenceNumber: node.optional('sequence-number')?.long() ?? 0n,
    timestampMs: node.get('timestamp-ms').int(),
    summary: parseSummary(node),
    manifestList,
    manifests: manifestList === undefined ? manifests?.map((manifest) => manifest.text()) : undefined,
    schemaId: node.optional('schema-id')?.int(),
    firstRowId: node.optional('first-row-id')?.long(),
    addedRows: node.optional('added-rows')?.long(),
    keyId: node.optional('key-id')?.text(),
  });
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
  return present({
    snapshotId: node.get('snapshot-id').long(),
    type: node.get('type').oneOf('branch', 'tag'),
    minSnapshotsToKeep: node.optional('min-snapshots-to-keep')?.int(),
    // Writers put Long.MAX_VALUE for "for ever".
    maxSnapshotAgeMs: asNumber(node.optional('max-snapshot-age-ms')?.long()),
    maxRefAgeMs: asNumber(node.optional('max-ref-age-ms')?.long()),
  });
}

function asNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
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
