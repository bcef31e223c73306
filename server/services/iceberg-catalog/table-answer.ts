import { createHash } from 'node:crypto';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { tableMetadataToJson } from '#server/iceberg/metadata/serialize.ts';
import type { RestAnswer, RestContext } from './rest-context.ts';

/** Which snapshots the metadata of an answer has: all, or those that branches and tags point at. */
export type SnapshotsShown = 'all' | 'refs';

/** What a client needs to go on with a table. @param metadataLocation null: staged, and nothing is committed */
export function tableAnswer(
  { engineProperties = {} }: RestContext,
  metadata: TableMetadata,
  metadataLocation: string | null,
  shown: SnapshotsShown = 'all',
): RestAnswer {
  return {
    json: {
      'metadata-location': metadataLocation,
      metadata: tableMetadataToJson(shown === 'all' ? metadata : onlyRefs(metadata)),
      config: engineProperties,
    },
    etag: metadataLocation === null ? null : etagOf(metadataLocation, shown),
  };
}

/** Metadata files never change, so where one is says what it says. */
export function etagOf(metadataLocation: string, shown: SnapshotsShown = 'all'): string {
  return `"${createHash('sha256').update(`${shown} ${metadataLocation}`).digest('hex').slice(0, 32)}"`;
}

function onlyRefs(metadata: TableMetadata): TableMetadata {
  const named = new Set(Object.values(metadata.refs).map(({ snapshotId }) => snapshotId));
  return { ...metadata, snapshots: metadata.snapshots.filter(({ snapshotId }) => named.has(snapshotId)) };
}
