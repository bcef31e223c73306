import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { EncryptionKey, FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { stringifyJson } from '#shared/util/json.ts';

/** Names that stand for facts of the metadata itself; a property of that name would only contradict them. */
const RESERVED = new Set([
  'format-version',
  'uuid',
  'snapshot-count',
  'current-snapshot-summary',
  'current-snapshot-id',
  'current-snapshot-timestamp-ms',
  'current-schema',
  'default-partition-spec',
  'default-sort-order',
]);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function assignUuid(metadata: TableMetadata, uuid: string): TableMetadata {
  if (!UUID.test(uuid)) {
    throw new AppError('INVALID_INPUT', `'${uuid}' is no UUID; write 8-4-4-4-12 hexadecimal digits.`);
  }
  if (metadata.tableUuid.toLowerCase() === uuid.toLowerCase()) return metadata;
  if (metadata.tableUuid === '') return { ...metadata, tableUuid: uuid };
  throw new AppError(
    'INVALID_INPUT',
    `The table at ${metadata.location} has the UUID ${metadata.tableUuid} for good; it cannot become ${uuid}.`,
    { context: { location: metadata.location } },
  );
}

/** Only upwards. What a version adds starts empty: sequence numbers and row ids at 0. */
export function upgradeFormatVersion(metadata: TableMetadata, version: FormatVersion): TableMetadata {
  if (version === metadata.formatVersion) return metadata;
  if (![1, 2, 3].includes(version)) {
    throw new AppError('UNSUPPORTED', `There is no format version ${version}; tables are of 1, 2 or 3.`);
  }
  // A table that is being described has no version of its own yet.
  if (version < metadata.formatVersion && metadata.schemas.length > 0) {
    throw new AppError(
      'INVALID_INPUT',
      `The table at ${metadata.location} is of format version ${metadata.formatVersion} and cannot go back to ${version}.`,
      { context: { location: metadata.location } },
    );
  }
  // v1 tables need not have a UUID; later ones must.
  const named = metadata.schemas.length > 0 && metadata.tableUuid === '' ? { tableUuid: randomUUID() } : {};
  const lineage = version >= 3 ? { nextRowId: metadata.nextRowId ?? 0n } : {};
  return { ...metadata, formatVersion: version, ...named, ...lineage };
}

/**
 * `format-version` among properties is how SQL asks for an upgrade.
 *
 * @throws INVALID_INPUT for a reserved name
 */
export function setProperties(
  metadata: TableMetadata,
  updates: Readonly<Record<string, string>>,
): TableMetadata {
  const { 'format-version': version, ...properties } = updates;
  assertNotReserved(Object.keys(properties));
  const next = { ...metadata, properties: { ...metadata.properties, ...properties } };
  return version === undefined ? next : upgradeFormatVersion(next, parseFormatVersionProperty(version));
}

/** @throws INVALID_INPUT where the text is none of 1, 2, 3 */
export function parseFormatVersionProperty(text: string): FormatVersion {
  switch (text.trim()) {
    case '1':
      return 1;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      throw new AppError('INVALID_INPUT', `The property 'format-version' is '${text}'; write 1, 2 or 3.`);
  }
}

export function removeProperties(metadata: TableMetadata, removals: readonly string[]): TableMetadata {
  const removed = new Set(removals);
  const kept = Object.entries(metadata.properties).filter(([name]) => !removed.has(name));
  return { ...metadata, properties: Object.fromEntries(kept) };
}

/** @throws INVALID_INPUT naming every reserved property */
export function assertNotReserved(names: readonly string[]): void {
  const reserved = names.filter((name) => RESERVED.has(name));
  if (reserved.length === 0) return;
  throw new AppError(
    'INVALID_INPUT',
    `The ${reserved.length === 1 ? 'property' : 'properties'} ${reserved.map((name) => `'${name}'`).join(', ')} cannot be set: the table's metadata says it already.`,
    { context: { properties: reserved } },
  );
}

export function withoutStatistics(
  metadata: TableMetadata,
  kind: 'statistics' | 'partitionStatistics',
  snapshotId: bigint,
): TableMetadata {
  return { ...metadata, [kind]: metadata[kind].filter((file) => file.snapshotId !== snapshotId) };
}

export function addEncryptionKey(metadata: TableMetadata, key: EncryptionKey): TableMetadata {
  assertV3(metadata, 'Encryption keys');
  const keys = metadata.encryptionKeys ?? [];
  const known = keys.find((existing) => existing['key-id'] === key['key-id']);
  if (known === undefined) return { ...metadata, encryptionKeys: [...keys, key] };
  if (stringifyJson(known) === stringifyJson(key)) return metadata;
  throw new AppError('INVALID_INPUT', `The table has another encryption key '${String(key['key-id'])}'.`);
}

export function removeEncryptionKey(metadata: TableMetadata, keyId: string): TableMetadata {
  const { encryptionKeys, ...rest } = metadata;
  const kept = (encryptionKeys ?? []).filter((key) => key['key-id'] !== keyId);
  return kept.length === 0 ? rest : { ...rest, encryptionKeys: kept };
}

function assertV3(metadata: TableMetadata, what: string): void {
  if (metadata.formatVersion >= 3) return;
  throw new AppError(
    'UNSUPPORTED',
    `${what} need format version 3; the table at ${metadata.location} is of version ${metadata.formatVersion}.`,
    { context: { location: metadata.location } },
  );
}
