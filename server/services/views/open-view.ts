import { AppError } from '#shared/errors/app-error.ts';
import type { Content, ContentKey, Hash } from '#server/catalog/model.ts';
import type { ResolvedView } from '#server/engine/plan/scan-source.ts';
import type { ViewMetadata } from '#server/iceberg/view/view-metadata.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { tableId } from '../tables/index.ts';
import { chosenSql, currentVersion, metadataLocationIn } from './view-content.ts';
import { readViewMetadata } from './view-files.ts';

/** A view as a query reads it. @throws CORRUPT_METADATA */
export async function openView(
  ctx: { readonly io: FileIO },
  commit: Hash,
  key: ContentKey,
  content: Content,
): Promise<ResolvedView> {
  const metadata = await readViewMetadata(ctx, metadataLocationIn(content));
  const version = currentVersion(metadata);
  const chosen = chosenSql(version);
  if (version === undefined || chosen === undefined)
    throw new AppError('CORRUPT_METADATA', `The view ${tableId(key)} has no query.`, {
      context: { view: tableId(key) },
    });
  return {
    kind: 'view',
    name: tableId(key),
    uuid: metadata.viewUuid,
    versionId: version.versionId,
    sql: chosen.sql,
    dialect: chosen.dialect,
    columns: columnsOf(metadata, version.schemaId),
    defaultCatalog: version.defaultCatalog ?? null,
    defaultNamespace: version.defaultNamespace,
    commit,
  };
}

function columnsOf({ schemas }: ViewMetadata, id: number): readonly string[] {
  return schemas.find(({ schemaId }) => schemaId === id)?.fields.map(({ name }) => name) ?? [];
}

/** What a version of a view says, for people. @throws CORRUPT_METADATA */
export async function describeViewVersion(
  ctx: { readonly io: FileIO },
  content: Content,
): Promise<{
  readonly sql: string;
  readonly dialect: string;
  readonly properties: Readonly<Record<string, string>>;
}> {
  const metadata = await readViewMetadata(ctx, metadataLocationIn(content));
  const { sql = '', dialect = '' } = chosenSql(currentVersion(metadata)) ?? {};
  return { sql, dialect, properties: metadata.properties };
}
