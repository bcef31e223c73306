import { AppError } from '#shared/errors/app-error.ts';
import { dottedName as tableId } from '#shared/refs/dotted-name.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';

export const ICEBERG_TABLE = 'ICEBERG_TABLE';
export const NAMESPACE = 'NAMESPACE';
/** Property of the table that has a materialized view's rows: the query. */
export const VIEW_SQL = 'timestream.materialized-view.sql';

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
      // So that views are found without the metadata of every table.
      ...(metadata.properties[VIEW_SQL] === undefined ? {} : { materializedView: true }),
    },
  };
}

export function isMaterializedView({ type, value }: Content): boolean {
  return type === ICEBERG_TABLE && value['materializedView'] === true;
}

/** @throws INVALID_INPUT where something else than an Iceberg table stands at the key */
export function metadataLocationOf(key: ContentKey, content: Content): string {
  const location = content.value['metadataLocation'];
  if (content.type === ICEBERG_TABLE && typeof location === 'string') return location;
  throw new AppError(
    'INVALID_INPUT',
    `${tableId(key)} is a ${content.type.toLowerCase().replace('iceberg_', '')}, not a table.`,
    {
      context: { table: tableId(key), type: content.type },
    },
  );
}

export { dottedName as tableId, parseDottedName as parseTableId } from '#shared/refs/dotted-name.ts';
