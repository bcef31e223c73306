import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import type { JsonNode } from './json-node.ts';
import { parseSchema, schemaToJson } from './schema-json.ts';
import {
  parseSnapshot,
  parseSnapshotRef,
  parseStatisticsFile,
  snapshotRefToJson,
  snapshotToJson,
} from './snapshot-json.ts';
import { parseSortOrder, parseUnboundSpec, sortOrderToJson, unboundSpecToJson } from './spec-json.ts';

/** Reads one update of a REST commit; whatever is off is named by its path in the request. */
export function parseTableUpdate(node: JsonNode): TableUpdate {
  const action = node.get('action').oneOf(...ACTIONS);
  switch (action) {
    case 'assign-uuid':
      return { action, uuid: node.get('uuid').text() };
    case 'upgrade-format-version':
      return { action, formatVersion: parseVersion(node.get('format-version')) };
    case 'add-schema':
      return present({
        action,
        schema: parseSchema(node.get('schema'), 0),
        lastColumnId: node.optional('last-column-id')?.int(),
      });
    case 'set-current-schema':
      return { action, schemaId: node.get('schema-id').int() };
    case 'add-spec':
      return { action, spec: parseUnboundSpec(node.get('spec')) };
    case 'set-default-spec':
      return { action, specId: node.get('spec-id').int() };
    case 'add-sort-order':
      return { action, sortOrder: parseSortOrder(node.get('sort-order')) };
    case 'set-default-sort-order':
      return { action, sortOrderId: node.get('sort-order-id').int() };
    case 'add-snapshot':
      return { action, snapshot: parseSnapshot(node.get('snapshot')) };
    // The ref's members lie beside the name, not in an object of their own.
    case 'set-snapshot-ref':
      return { action, refName: node.get('ref-name').text(), ref: parseSnapshotRef(node) };
    case 'remove-snapshots':
      return {
        action,
        snapshotIds: node
          .get('snapshot-ids')
          .list()
          .map((id) => id.long()),
      };
    case 'remove-snapshot-ref':
      return { action, refName: node.get('ref-name').text() };
    case 'set-location':
      return { action, location: node.get('location').text() };
    case 'set-properties':
      return { action, updates: node.get('updates').textMap() };
    case 'remove-properties':
      return {
        action,
        removals: node
          .get('removals')
          .list()
          .map((name) => name.text()),
      };
    case 'set-statistics':
      return { action, statistics: parseStatisticsFile(node.get('statistics')) };
    case 'set-partition-statistics':
      return { action, partitionStatistics: parseStatisticsFile(node.get('partition-statistics')) };
    case 'remove-statistics':
    case 'remove-partition-statistics':
      return { action, snapshotId: node.get('snapshot-id').long() };
    case 'remove-partition-specs':
      return {
        action,
        specIds: node
          .get('spec-ids')
          .list()
          .map((id) => id.int()),
      };
    case 'remove-schemas':
      return {
        action,
        schemaIds: node
          .get('schema-ids')
          .list()
          .map((id) => id.int()),
      };
    case 'add-encryption-key': {
      const key = node.get('encryption-key');
      key.get('key-id').text();
      return { action, encryptionKey: key.object() };
    }
    case 'remove-encryption-key':
      return { action, keyId: node.get('key-id').text() };
  }
}

const ACTIONS = [
  'assign-uuid',
  'upgrade-format-version',
  'add-schema',
  'set-current-schema',
  'add-spec',
  'set-default-spec',
  'add-sort-order',
  'set-default-sort-order',
  'add-snapshot',
  'set-snapshot-ref',
  'remove-snapshots',
  'remove-snapshot-ref',
  'set-location',
  'set-properties',
  'remove-properties',
  'set-statistics',
  'remove-statistics',
  'set-partition-statistics',
  'remove-partition-statistics',
  'remove-partition-specs',
  'remove-schemas',
  'add-encryption-key',
  'remove-encryption-key',
] as const satisfies readonly TableUpdate['action'][];

function parseVersion(node: JsonNode): FormatVersion {
  const version = node.int();
  if (version === 1 || version === 2 || version === 3) return version;
  return node.fail(`is ${version}; this server writes format versions 1 to 3`);
}

export function tableUpdateToJson(update: TableUpdate): Record<string, unknown> {
  const { action } = update;
  switch (action) {
    case 'assign-uuid':
      return { action, uuid: update.uuid };
    case 'upgrade-format-version':
      return { action, 'format-version': update.formatVersion };
    case 'add-schema':
      return { action, schema: schemaToJson(update.schema), 'last-column-id': update.lastColumnId };
    case 'set-current-schema':
      return { action, 'schema-id': update.schemaId };
    case 'add-spec':
      return { action, spec: unboundSpecToJson(update.spec) };
    case 'set-default-spec':
      return { action, 'spec-id': update.specId };
    case 'add-sort-order':
      return { action, 'sort-order': sortOrderToJson(update.sortOrder) };
    case 'set-default-sort-order':
      return { action, 'sort-order-id': update.sortOrderId };
    case 'add-snapshot':
      // A snapshot of any version: what a v1 table has none of is 0 here.
      return { action, snapshot: snapshotToJson(update.snapshot, 3) };
    case 'set-snapshot-ref':
      return { action, 'ref-name': update.refName, ...snapshotRefToJson(update.ref) };
    case 'remove-snapshots':
      return { action, 'snapshot-ids': update.snapshotIds };
    case 'remove-snapshot-ref':
      return { action, 'ref-name': update.refName };
    case 'set-location':
      return { action, location: update.location };
    case 'set-properties':
      return { action, updates: update.updates };
    case 'remove-properties':
      return { action, removals: update.removals };
    case 'set-statistics': {
      const { snapshotId, json } = update.statistics;
      // The id beside the file is deprecated, and older servers need it.
      return { action, 'snapshot-id': snapshotId, statistics: json };
    }
    case 'set-partition-statistics':
      return { action, 'partition-statistics': update.partitionStatistics.json };
    case 'remove-statistics':
    case 'remove-partition-statistics':
      return { action, 'snapshot-id': update.snapshotId };
    case 'remove-partition-specs':
      return { action, 'spec-ids': update.specIds };
    case 'remove-schemas':
      return { action, 'schema-ids': update.schemaIds };
    case 'add-encryption-key':
      return { action, 'encryption-key': update.encryptionKey };
    case 'remove-encryption-key':
      return { action, 'key-id': update.keyId };
  }
}
