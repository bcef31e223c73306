import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';

const VERSION = /^v?(\d{1,9})(?:-|\.)/;

/** Where a table's data files go, without a final slash. */
export function dataLocation(metadata: TableMetadata): string {
  return (metadata.properties['write.data.path'] ?? `${metadata.location}/data`).replace(/\/+$/, '');
}

/** A new name for something in the table's metadata folder. */
export function metadataFileLocation(metadata: TableMetadata, name: string): string {
  const folder = metadata.properties['write.metadata.path'] ?? `${metadata.location}/metadata`;
  return `${folder.replace(/\/+$/, '')}/${name}`;
}

/**
 * The location of the version after `previous`: `metadata/00001-<uuid>.metadata.json`, `….gz.metadata.json`
 * where the table's metadata is compressed. Names are never used twice, so two writers that race for one
 * version do not meet.
 */
export function newMetadataLocation(metadata: TableMetadata, previous: string | null): string {
  const version = previous === null ? 0 : metadataVersion(previous) + 1;
  const extension = metadataIsGzipped(metadata) ? '.gz.metadata.json' : '.metadata.json';
  return metadataFileLocation(metadata, `${String(version).padStart(5, '0')}-${randomUUID()}${extension}`);
}

/** @throws INVALID_INPUT where `write.metadata.compression-codec` is neither none nor gzip */
export function metadataIsGzipped(metadata: TableMetadata): boolean {
  const codec = metadata.properties['write.metadata.compression-codec']?.toLowerCase() ?? 'none';
  if (codec === 'none' || codec === 'gzip') return codec === 'gzip';
  throw new AppError(
    'INVALID_INPUT',
    `The property 'write.metadata.compression-codec' is '${codec}'; write none or gzip.`,
    { context: { property: 'write.metadata.compression-codec' } },
  );
}

/** The version in a metadata file's name (00003-… or v3.…); -1 where it has none. */
export function metadataVersion(location: string): number {
  const name = location.slice(location.lastIndexOf('/') + 1);
  const version = VERSION.exec(name)?.[1];
  return version === undefined ? -1 : Number(version);
}
