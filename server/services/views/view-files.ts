import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { metadataVersion } from '#server/iceberg/metadata/locations.ts';
import { parseViewMetadata, serializeViewMetadata } from '#server/iceberg/view/view-json.ts';
import type { ViewMetadata } from '#server/iceberg/view/view-metadata.ts';
import type { FileIO } from '#server/storage/file-io.ts';

interface Files {
  readonly io: FileIO;
}

const caches = new WeakMap<FileIO, LRUCache<string, ViewMetadata>>();

/** Metadata files never change, so what was read once is true for good. @throws CORRUPT_METADATA, FILE_NOT_FOUND */
export async function readViewMetadata({ io }: Files, location: string): Promise<ViewMetadata> {
  const cache = caches.get(io) ?? new LRUCache<string, ViewMetadata>({ max: 500 });
  caches.set(io, cache);
  const known = cache.get(location);
  if (known !== undefined) return known;
  const metadata = parseViewMetadata(await io.read(location), location);
  cache.set(location, metadata);
  return metadata;
}

/** @param previous location of the version before; null: it is the first */
export async function writeViewMetadata(
  { io }: Files,
  metadata: ViewMetadata,
  previous: string | null,
): Promise<string> {
  const version = previous === null ? 0 : metadataVersion(previous) + 1;
  const name = `${String(version).padStart(5, '0')}-${randomUUID()}.metadata.json`;
  const location = `${metadata.location}/metadata/${name}`;
  await io.putIfAbsent(location, serializeViewMetadata(metadata));
  return location;
}
