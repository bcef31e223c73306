import { createHash } from 'node:crypto';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { tableMetadataToJson } from '#server/iceberg/metadata/serialize.ts';
import { highestTakenFieldId } from '../tables/index.ts';
import type { RestAnswer, RestContext } from './rest-context.ts';

/** Which snapshots the metadata of an answer has: all, or those that branches and tags point at. */
export type SnapshotsShown = 'all' | 'refs';

/**
 * What a client needs to go on with a table. Its last column id is the highest on any branch, for clients number new
 * columns from there, and what they write rows with can't be numbered anew: so those merge too.
 *
 * @param metadataLocation null: staged, and nothing is committed
 */
export async function tableAnswer(
  ctx: RestContext,
  metadata: TableMetadata,
  metadataLocation: string | null,
  shown: SnapshotsShown = 'all',
): Promise<RestAnswer> {
  const taken = await highestTakenFieldId(ctx, metadata.tableUuid);
  const said = { ...metadata, lastColumnId: Math.max(metadata.lastColumnId, taken) };
  return {
    json: {
      'metadata-location': metadataLocation,
      metadata: tableMetadataToJson(shown === 'all' ? said : onlyRefs(said)),
      config: ctx.engineProperties ?? {},
    },
    etag: metadataLocation === null ? null : etagOf(metadataLocation, shown, taken),
  };
}

/** Metadata files never change, so where one is says what it says. @param taken what highestTakenFieldId says */
export function etagOf(metadataLocation: string, shown: SnapshotsShown = 'all', taken = 0): string {
  const what = `${shown} ${taken} ${metadataLocation}`;
  return `"${createHash('sha256').update(what).digest('hex').slice(0, 32)}"`;
}

function onlyRefs(metadata: TableMetadata): TableMetadata {
  const named = new Set(Object.values(metadata.refs).map(({ snapshotId }) => snapshotId));
  return { ...metadata, snapshots: metadata.snapshots.filter(({ snapshotId }) => named.has(snapshotId)) };
}
