import { canonicalLocation, segmentsBelow } from '#server/storage/location.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { metadataFileLocation } from '#server/iceberg/metadata/locations.ts';
import type { RestContext } from './rest-context.ts';

/**
 * A location that a client chose for a table or view, in the one form that metadata has it in.
 *
 * @throws PATH_OUTSIDE_ROOT where it is not in the lakehouse's storage
 */
export function ownLocation({ io }: RestContext, location: string): string {
  const trimmed = location.replace(/\/+$/, '');
  segmentsBelow(io.root, trimmed);
  return canonicalLocation(trimmed);
}

/**
 * Makes the folder of a table's metadata where storage has folders: some clients write into it before anything is
 * committed, and make none.
 */
export async function openMetadataFolder({ io }: RestContext, metadata: TableMetadata): Promise<void> {
  const location = metadataFileLocation(metadata, 'staged');
  if (io.localPath(location) === null) return;
  await io.putIfAbsent(location, new Uint8Array());
  await io.delete(location);
}
