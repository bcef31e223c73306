import { AppError } from '#shared/errors/app-error.ts';
import type { Content } from '#server/catalog/model.ts';
import type { SqlRepresentation, ViewMetadata, ViewVersion } from '#server/iceberg/view/view-metadata.ts';

export const ICEBERG_VIEW = 'ICEBERG_VIEW';

/** What the catalog keeps of an Iceberg view: where its metadata is, and the ids that Nessie keeps too. */
export function viewContent(metadata: ViewMetadata, metadataLocation: string): Content {
  const { viewUuid, currentVersionId } = metadata;
  const schemaId = currentVersion(metadata)?.schemaId ?? 0;
  return {
    type: ICEBERG_VIEW,
    id: viewUuid,
    value: { metadataLocation, versionId: currentVersionId, schemaId },
  };
}

export function currentVersion({ versions, currentVersionId }: ViewMetadata): ViewVersion | undefined {
  return versions.find(({ versionId }) => versionId === currentVersionId);
}

/** What views are written in here. */
export const DIALECT = 'duckdb';

/** A view's query in our dialect; else in another, which is tried, since much of SQL is the same everywhere. */
export function chosenSql(version: ViewVersion | undefined): SqlRepresentation | undefined {
  const all = version?.representations ?? [];
  return all.find(({ dialect }) => dialect.toLowerCase() === DIALECT) ?? all[0];
}

/** @throws CORRUPT_METADATA */
export function metadataLocationIn(content: Content): string {
  const location = content.value['metadataLocation'];
  if (typeof location === 'string') return location;
  throw new AppError(
    'CORRUPT_METADATA',
    `A ${content.type} in the catalog does not say where its metadata is.`,
  );
}
