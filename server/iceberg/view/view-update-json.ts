import type { JsonNode } from '../metadata/json-node.ts';
import { parseSchema, schemaToJson } from '../metadata/schema-json.ts';
import { parseViewVersion, viewVersionToJson } from './view-json.ts';
import type { ViewRequirement, ViewUpdate } from './view-metadata.ts';

const ACTIONS = [
  'assign-uuid',
  'upgrade-format-version',
  'add-schema',
  'add-view-version',
  'set-current-view-version',
  'set-location',
  'set-properties',
  'remove-properties',
] as const satisfies readonly ViewUpdate['action'][];

/** Reads one update of a REST commit to a view. */
export function parseViewUpdate(node: JsonNode): ViewUpdate {
  const action = node.get('action').oneOf(...ACTIONS);
  switch (action) {
    case 'assign-uuid':
      return { action, uuid: node.get('uuid').text() };
    case 'upgrade-format-version': {
      const version = node.get('format-version');
      return version.int() === 1
        ? { action, formatVersion: 1 }
        : version.fail('must be 1, the only one of views');
    }
    case 'add-schema':
      return { action, schema: parseSchema(node.get('schema'), 0) };
    case 'add-view-version':
      return { action, viewVersion: parseViewVersion(node.get('view-version')) };
    case 'set-current-view-version':
      return { action, viewVersionId: node.get('view-version-id').int() };
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
  }
}

export function viewUpdateToJson(update: ViewUpdate): Record<string, unknown> {
  const { action } = update;
  switch (action) {
    case 'assign-uuid':
      return { action, uuid: update.uuid };
    case 'upgrade-format-version':
      return { action, 'format-version': update.formatVersion };
    case 'add-schema':
      return { action, schema: schemaToJson(update.schema) };
    case 'add-view-version':
      return { action, 'view-version': viewVersionToJson(update.viewVersion) };
    case 'set-current-view-version':
      return { action, 'view-version-id': update.viewVersionId };
    case 'set-location':
      return { action, location: update.location };
    case 'set-properties':
      return { action, updates: update.updates };
    case 'remove-properties':
      return { action, removals: update.removals };
  }
}

export function parseViewRequirement(node: JsonNode): ViewRequirement {
  return { type: node.get('type').oneOf('assert-view-uuid'), uuid: node.get('uuid').text() };
}

export function viewRequirementToJson({ type, uuid }: ViewRequirement): Record<string, unknown> {
  return { type, uuid };
}
