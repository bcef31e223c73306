import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';

export const ICEBERG_TABLE = 'ICEBERG_TABLE';
export const NAMESPACE = 'NAMESPACE';

/** What the catalog keeps of an Iceberg table: where its metadata is, and the ids that Nessie keeps too. */
export function tableContent(metadata: TableMetadata, metadataLocation: string): Content {
  return {
    type: ICEBERG_TABLE,
    id: metadata.tableUuid,
    value: {
      metadataLocation,
      // Decimal digits: content is hashed as JSON, whose numbers end at 2^53.
      snapshotId: metadata.currentSnapshotId?.toString() ?? null,
      schemaId: metadata.currentSchemaId,
      specId: metadata.defaultSpecId,
      sortOrderId: metadata.defaultSortOrderId,
    },
  };
}

/** @throws INVALID_INPUT where something else than an Iceberg table stands at the key */
export function metadataLocationOf(key: ContentKey, content: Content): string {
  const location = content.value['metadataLocation'];
  if (content.type === ICEBERG_TABLE && typeof location === 'string') return location;
  throw new AppError('INVALID_INPUT', `${tableId(key)} is a ${content.type.toLowerCase()}, not a table.`, {
    context: { table: tableId(key), type: content.type },
  });
}

/** The dotted name that people and the API use. A level that has a dot itself is quoted as in SQL. */
export function tableId(key: ContentKey): string {
  return key.map((level) => (/^[^."]+$/.test(level) ? level : `"${level.replaceAll('"', '""')}"`)).join('.');
}

/** @throws INVALID_INPUT for text that is no dotted name */
export function parseTableId(id: string): ContentKey {
  const levels: string[] = [];
  const level = /(?:"((?:[^"]|"")+)"|([^."]+))(\.|$)/y;
  while (level.lastIndex < id.length) {
    const match = level.exec(id);
    if (match === null) break;
    levels.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return levels;
  }
  throw new AppError('INVALID_INPUT', `"${id}" is no table name: write namespace.table.`, {
    context: { table: id },
  });
}
