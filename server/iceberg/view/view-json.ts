import { stringifyJson } from '#shared/util/json.ts';
import { present } from '#shared/util/present.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JsonNode } from '../metadata/json-node.ts';
import { parseMetadataFile } from '../metadata/parse.ts';
import { parseSchema, schemaToJson } from '../metadata/schema-json.ts';
import type { SqlRepresentation, ViewMetadata, ViewVersion } from './view-metadata.ts';

/**
 * Reads a view's metadata.json, gzipped ones too.
 *
 * @param file its location, for messages
 * @throws CORRUPT_METADATA naming file and field; UNSUPPORTED for a newer format version
 */
export function parseViewMetadata(content: Uint8Array | string, file: string): ViewMetadata {
  return readViewMetadata(parseMetadataFile(content, file));
}

/** Metadata that is part of other JSON, such as a request. */
export function readViewMetadata(node: JsonNode): ViewMetadata {
  const formatVersion = parseFormatVersion(node);
  const schemas = node
    .get('schemas')
    .list()
    .map((schema) => parseSchema(schema));
  const versions = node.get('versions').list().map(parseViewVersion);
  const currentVersionId = node.get('current-version-id').int();
  if (!versions.some((version) => version.versionId === currentVersionId))
    node.get('current-version-id').fail(`is ${currentVersionId}, which is not among 'versions'`);
  const schemaIds = new Set(schemas.map((schema) => schema.schemaId));
  versions.forEach((version, index) => {
    if (!schemaIds.has(version.schemaId))
      node.get('versions').fail(`has a schema ${version.schemaId} at [${index}] that is not among 'schemas'`);
  });
  return {
    formatVersion,
    viewUuid: node.get('view-uuid').text(),
    location: node.get('location').text().replace(/\/+$/, ''),
    schemas,
    currentVersionId,
    versions,
    versionLog: node
      .get('version-log')
      .list()
      .map((entry) => ({
        versionId: entry.get('version-id').int(),
        timestampMs: entry.get('timestamp-ms').int(),
      })),
    properties: node.optional('properties')?.textMap() ?? {},
  };
}

function parseFormatVersion(node: JsonNode): 1 {
  const field = node.get('format-version');
  const version = field.int();
  if (version === 1) return version;
  if (version < 1) return field.fail(`is ${version}, which is no format version`);
  throw new AppError(
    'UNSUPPORTED',
    `${node.source.name} has 'format-version' ${version}; views of version 1 can be read. Update TimeStream to read it.`,
    { context: { source: node.source.name, field: 'format-version', version } },
  );
}

export function parseViewVersion(node: JsonNode): ViewVersion {
  return present({
    versionId: node.get('version-id').int(),
    schemaId: node.get('schema-id').int(),
    timestampMs: node.get('timestamp-ms').int(),
    summary: node.optional('summary')?.textMap() ?? {},
    representations: node.get('representations').list().map(parseRepresentation),
    defaultCatalog: node.optional('default-catalog')?.text(),
    defaultNamespace: node
      .get('default-namespace')
      .list()
      .map((level) => level.text()),
  });
}

function parseRepresentation(node: JsonNode): SqlRepresentation {
  return {
    type: node.get('type').oneOf('sql'),
    sql: node.get('sql').text(),
    dialect: node.get('dialect').text(),
  };
}

export function viewVersionToJson(version: ViewVersion): Record<string, unknown> {
  return {
    'version-id': version.versionId,
    'schema-id': version.schemaId,
    'timestamp-ms': version.timestampMs,
    summary: version.summary,
    representations: version.representations,
    'default-catalog': version.defaultCatalog,
    'default-namespace': version.defaultNamespace,
  };
}

export function viewMetadataToJson(metadata: ViewMetadata): Record<string, unknown> {
  return {
    'view-uuid': metadata.viewUuid,
    'format-version': metadata.formatVersion,
    location: metadata.location,
    properties: metadata.properties,
    schemas: metadata.schemas.map(schemaToJson),
    'current-version-id': metadata.currentVersionId,
    versions: metadata.versions.map(viewVersionToJson),
    'version-log': metadata.versionLog.map((entry) => ({
      'timestamp-ms': entry.timestampMs,
      'version-id': entry.versionId,
    })),
  };
}

/** UTF-8. */
export function serializeViewMetadata(metadata: ViewMetadata): Uint8Array {
  return new TextEncoder().encode(stringifyJson(viewMetadataToJson(metadata)));
}
