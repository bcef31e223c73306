import type { ContentKey } from '#server/catalog/model.ts';
import { highestTakenFieldId, ICEBERG_TABLE, loadContent } from '../tables/index.ts';
import { metadataLocationIn } from '../views/index.ts';
import { getEntity, type EntityType } from './contents.ts';
import { checkKey } from './identifiers.ts';
import { entityPlace } from './places.ts';
import type { RestAnswer, RestContext } from './rest-context.ts';
import { etagOf, tableAnswer, type SnapshotsShown } from './table-answer.ts';

/**
 * @param known the ETag that the client has; null where it is still the table's
 * @throws TABLE_NOT_FOUND, REF_NOT_FOUND, CORRUPT_METADATA
 */
export async function loadTable(
  ctx: RestContext,
  prefix: string,
  key: ContentKey,
  options: { readonly shown: SnapshotsShown; readonly known?: string | undefined },
): Promise<RestAnswer | null> {
  const place = await entityPlace(ctx, prefix, checkKey(key));
  const content = await getEntity(ctx, place.hash, place.key, ICEBERG_TABLE);
  if (options.known !== undefined) {
    const taken = await highestTakenFieldId(ctx, content.id);
    if (options.known === etagOf(metadataLocationIn(content), options.shown, taken)) return null;
  }
  const { metadata, metadataLocation } = await loadContent(ctx, place.key, content);
  return tableAnswer(ctx, metadata, metadataLocation, options.shown);
}

/** @throws TABLE_NOT_FOUND, VIEW_NOT_FOUND, REF_NOT_FOUND */
export async function assertEntity(
  ctx: RestContext,
  prefix: string,
  key: ContentKey,
  type: EntityType,
): Promise<void> {
  const place = await entityPlace(ctx, prefix, checkKey(key));
  await getEntity(ctx, place.hash, place.key, type);
}
