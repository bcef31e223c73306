import { gunzipSync } from 'node:zlib';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { FIRST_PARTITION_FIELD_ID, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { highestFieldId, type Schema } from '#shared/iceberg/schema.ts';
import type { Snapshot, SnapshotRef } from '#shared/iceberg/snapshot.ts';
import { UNSORTED, type SortOrder } from '#shared/iceberg/sort-order.ts';
import type { FormatVersion, TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { parseJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import { JsonNode } from './json-node.ts';
import { parseSchema } from './schema-json.ts';
import { parseSnapshot, parseSnapshotRef, parseStatisticsFile } from './snapshot-json.ts';
import { parsePartitionFields, parsePartitionSpec, parseSortOrder } from './spec-json.ts';

/** Far beyond real metadata, and little enough to hold. */
const MAX_METADATA_BYTES = 512 * 1024 * 1024;
/** Metadata shrinks to a tenth or a thirtieth; what shrank more than this is made to fill memory. */
const MAX_INFLATION = 200;
/** Any file may inflate to that. */
const FREE_BYTES = 32 * 1024 * 1024;

/**
 * Reads a metadata.json (gzipped ones too) of any format version this product knows into one shape.
 *
 * @param file its location, for messages
 * @throws CORRUPT_METADATA naming file and field; UNSUPPORTED for a newer format version.
 */
export function parseTableMetadata(content: Uint8Array | string, file: string): TableMetadata {
  return readTableMetadata(parseMetadataFile(content, file));
}

/** The JSON of a metadata file of a table or a view, gzipped or not. @throws CORRUPT_METADATA naming the file */
export function parseMetadataFile(content: Uint8Array | string, file: string): JsonNode {
  return new JsonNode(toJson(content, file), { name: file, code: 'CORRUPT_METADATA' });
}

function toJson(content: Uint8Array | string, file: string): unknown {
  try {
    if (typeof content === 'string') return parseJson(content);
    const gzipped = content[0] === 0x1f && content[1] === 0x8b;
    const bytes = gzipped ? inflate(content) : content;
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AppError(
      'CORRUPT_METADATA',
      `${file} is not the metadata of a table or view: ${errorMessage(error)}`,
      {
        context: { source: file },
        cause: error,
      },
    );
  }
}

function uuidOf(node: JsonNode): string {
  const uuid = node.get('table-uuid');
  const text = uuid.text();
  return text === '' ? uuid.fail('is empty') : text;
}

/** @throws AppError where it inflates to more than metadata does, as soon as that shows */
function inflate(content: Uint8Array): Uint8Array {
  const most = Math.min(MAX_METADATA_BYTES, Math.max(FREE_BYTES, content.length * MAX_INFLATION));
  try {
    return gunzipSync(content, { maxOutputLength: most });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError(
      'CORRUPT_METADATA',
      `its ${content.length} bytes inflate to more than ${most}, which no metadata does.`,
      { cause: error },
    );
  }
}

/** Metadata that is part of other JSON, such as a request. */
export function readTableMetadata(node: JsonNode): TableMetadata {
  const formatVersion = parseFormatVersion(node);
  const schemas = parseSchemas(node);
  const currentSchemaId = node.optional('current-schema-id')?.int() ?? schemas[0]?.schemaId ?? 0;
  const partitionSpecs = parseSpecs(node);
  const defaultSpecId = node.optional('default-spec-id')?.int() ?? partitionSpecs[0]?.specId ?? 0;
  const sortOrders = parseSortOrders(node);
  const defaultSortOrderId = node.optional('default-sort-order-id')?.int() ?? UNSORTED.orderId;
  const snapshots = (node.optional('snapshots')?.list() ?? []).map(parseSnapshot);
  const currentSnapshotId = parseCurrentSnapshotId(node);
  const refs = parseRefs(node, currentSnapshotId);

  if (!schemas.some((schema) => schema.schemaId === currentSchemaId)) {
    node.get('current-schema-id').fail(`is ${currentSchemaId}, which is not among 'schemas'`);
  }
  if (!partitionSpecs.some((spec) => spec.specId === defaultSpecId)) {
    node.get('default-spec-id').fail(`is ${defaultSpecId}, which is not among 'partition-specs'`);
  }
  if (!sortOrders.some((order) => order.orderId === defaultSortOrderId)) {
    node.get('default-sort-order-id').fail(`is ${defaultSortOrderId}, which is not among 'sort-orders'`);
  }
  if (currentSnapshotId !== undefined)
    assertSnapshot(snapshots, currentSnapshotId, node.get('current-snapshot-id'));

  const lastSequenceNumber = formatVersion === 1 ? 0n : node.get('last-sequence-number').long();
  assertSnapshots(node, snapshots, lastSequenceNumber);
  assertRefs(node, refs, snapshots, currentSnapshotId);

  return present({
    formatVersion,
    tableUuid: formatVersion === 1 ? (node.optional('table-uuid')?.text() ?? '') : uuidOf(node),
    location: node.get('location').text().replace(/\/+$/, ''),
    lastSequenceNumber,
    lastUpdatedMs: node.get('last-updated-ms').int(),
    lastColumnId: Math.max(node.get('last-column-id').int(), ...schemas.map(highestFieldId)),
    schemas,
    currentSchemaId,
    partitionSpecs,
    defaultSpecId,
    lastPartitionId: Math.max(
      node.optional('last-partition-id')?.int() ?? 0,
      highestPartitionId(partitionSpecs),
    ),
    sortOrders,
    defaultSortOrderId,
    properties: node.optional('properties')?.textMap() ?? {},
    currentSnapshotId,
    snapshots,
    snapshotLog: (node.optional('snapshot-log')?.list() ?? []).map((entry) => ({
      snapshotId: entry.get('snapshot-id').long(),
      timestampMs: entry.get('timestamp-ms').int(),
    })),
    metadataLog: (node.optional('metadata-log')?.list() ?? []).map((entry) => ({
      metadataFile: entry.get('metadata-file').text(),
      timestampMs: entry.get('timestamp-ms').int(),
    })),
    refs,
    statistics: (node.optional('statistics')?.list() ?? []).map(parseStatisticsFile),
    partitionStatistics: (node.optional('partition-statistics')?.list() ?? []).map(parseStatisticsFile),
    encryptionKeys: node
      .optional('encryption-keys')
      ?.list()
      .map((key) => key.object()),
    nextRowId: node.optional('next-row-id')?.long() ?? (formatVersion >= 3 ? 0n : undefined),
  });
}

function parseFormatVersion(node: JsonNode): FormatVersion {
  const field = node.get('format-version');
  const version = field.int();
  if (version === 1 || version === 2 || version === 3) return version;
  if (version < 1) return field.fail(`is ${version}, which is no format version`);
  throw new AppError(
    'UNSUPPORTED',
    `${node.source.name} has 'format-version' ${version}; tables up to version 3 can be read. Update TimeStream to read it.`,
    { context: { source: node.source.name, field: 'format-version', version } },
  );
}

function parseSchemas(node: JsonNode): readonly Schema[] {
  const schemas = node.optional('schemas')?.list();
  if (schemas === undefined) return [parseSchema(node.get('schema'), 0)];
  return schemas.map((schema) => parseSchema(schema));
}

function parseSpecs(node: JsonNode): readonly PartitionSpec[] {
  const specs = node.optional('partition-specs')?.list();
  if (specs === undefined) return [{ specId: 0, fields: parsePartitionFields(node.get('partition-spec')) }];
  return specs.map(parsePartitionSpec);
}

function parseSortOrders(node: JsonNode): readonly SortOrder[] {
  const orders = (node.optional('sort-orders')?.list() ?? []).map(parseSortOrder);
  return orders.some((order) => order.orderId === UNSORTED.orderId) ? orders : [...orders, UNSORTED];
}

/** Some writers put -1 where there is no snapshot. */
function parseCurrentSnapshotId(node: JsonNode): bigint | undefined {
  const id = node.optional('current-snapshot-id')?.long();
  return id === -1n ? undefined : id;
}

function parseRefs(node: JsonNode, current: bigint | undefined): Readonly<Record<string, SnapshotRef>> {
  const entries = (node.optional('refs')?.entries() ?? []).map(([name, ref]): [string, SnapshotRef] => [
    name,
    parseSnapshotRef(ref),
  ]);
  const main = entries.find(([name]) => name === 'main');
  if (main === undefined && current !== undefined)
    entries.push(['main', { snapshotId: current, type: 'branch' }]);
  return Object.fromEntries(entries);
}

function assertSnapshot(snapshots: readonly Snapshot[], id: bigint, node: JsonNode): void {
  if (!snapshots.some((snapshot) => snapshot.snapshotId === id)) {
    node.fail(`is ${id}, which is not among 'snapshots'`);
  }
}

function assertSnapshots(node: JsonNode, snapshots: readonly Snapshot[], lastSequenceNumber: bigint): void {
  const seen = new Set<bigint>();
  for (const [index, { snapshotId, sequenceNumber }] of snapshots.entries()) {
    const at = node.get('snapshots').list()[index] ?? node;
    if (seen.has(snapshotId)) at.get('snapshot-id').fail(`is ${snapshotId}, as another snapshot's is`);
    seen.add(snapshotId);
    if (sequenceNumber < 0n || sequenceNumber > lastSequenceNumber) {
      at.get('sequence-number').fail(
        `is ${sequenceNumber}, where 'last-sequence-number' is ${lastSequenceNumber}`,
      );
    }
  }
}

function assertRefs(
  node: JsonNode,
  refs: Readonly<Record<string, SnapshotRef>>,
  snapshots: readonly Snapshot[],
  current: bigint | undefined,
): void {
  const known = new Set(snapshots.map(({ snapshotId }) => snapshotId));
  for (const [name, { snapshotId }] of Object.entries(refs)) {
    if (known.has(snapshotId)) continue;
    node.get('refs').get(name).get('snapshot-id').fail(`is ${snapshotId}, which is not among 'snapshots'`);
  }
  const main = refs['main']?.snapshotId;
  if (main !== current) {
    node
      .get('refs')
      .get('main')
      .get('snapshot-id')
      .fail(`is ${main}, where 'current-snapshot-id' is ${current}`);
  }
}

function highestPartitionId(specs: readonly PartitionSpec[]): number {
  return Math.max(
    FIRST_PARTITION_FIELD_ID - 1,
    ...specs.flatMap((spec) => spec.fields.map((f) => f.fieldId)),
  );
}
