import type { ContentKey } from '#server/catalog/model.ts';
import { loadTable as loadMetadata } from '#server/iceberg/metadata/load.ts';
import { ICEBERG_TABLE, loadContent, tableContent, tableId } from '../tables/index.ts';
import { assertReadsOthers } from '../views/index.ts';
import { assertFree, getEntity, type EntityType } from './contents.ts';
import { checkKey, identifierOf, parseIdentifier, requestNode } from './identifiers.ts';
import { land } from './land.ts';
import { ownLocation } from './locations.ts';
import { requireNamespace } from './namespaces.ts';
import { writableBranch } from './places.ts';
import type { RestAnswer, RestClient, RestContext } from './rest-context.ts';
import { tableAnswer } from './table-answer.ts';

/**
 * A table or view at another name.
 *
 * @throws TABLE_NOT_FOUND, VIEW_NOT_FOUND, NAMESPACE_NOT_FOUND, ALREADY_EXISTS; INVALID_INPUT for a view that would read
 *   itself by that name
 */
export async function renameEntity(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  type: EntityType,
  body: unknown,
): Promise<void> {
  const request = requestNode(body);
  const source = parseIdentifier(request.get('source'));
  const destination = parseIdentifier(request.get('destination'));
  const branch = await writableBranch(ctx, prefix);
  await land(ctx, client, branch, async (head) => {
    const content = await getEntity(ctx, head, source, type);
    const { operations, requirements } = await requireNamespace(ctx, head, destination.slice(0, -1));
    await assertFree(ctx, head, destination);
    await assertReadsOthers(ctx, { name: branch, hash: head }, { key: destination, content });
    return {
      operations: [
        ...operations,
        { kind: 'delete', key: source },
        { kind: 'put', key: destination, content },
      ],
      requirements: [...requirements, { key: source, content }, { key: destination, content: null }],
      message: `Rename ${tableId(source)} to ${tableId(destination)}`,
      result: null,
    };
  });
}

/**
 * Takes a table or view out of the branch. Its files stay as long as another branch, a tag or an older commit has it,
 * also where the client asks to purge: maintenance removes what nothing reaches.
 *
 * @throws TABLE_NOT_FOUND, VIEW_NOT_FOUND, FORBIDDEN
 */
export async function dropEntity(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  type: EntityType,
): Promise<void> {
  await remove(ctx, client, prefix, key, type, `Drop ${tableId(checkKey(key))}`);
}

/** As a drop, with the last metadata, for another catalog to register. @throws TABLE_NOT_FOUND, FORBIDDEN */
export async function unregisterTable(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
): Promise<RestAnswer> {
  const content = await remove(
    ctx,
    client,
    prefix,
    key,
    ICEBERG_TABLE,
    `Unregister ${tableId(checkKey(key))}`,
  );
  const { metadata, metadataLocation } = await loadContent(ctx, key, content);
  const { config: _, ...json } = (await tableAnswer(ctx, metadata, metadataLocation)).json;
  return { json, etag: null };
}

async function remove(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  type: EntityType,
  message: string,
) {
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, async (head) => {
    const content = await getEntity(ctx, head, key, type);
    return {
      operations: [{ kind: 'delete', key }],
      requirements: [{ key, content }],
      message,
      result: content,
    };
  });
  return result;
}

/**
 * Makes a table of a metadata file that is there already; with `overwrite`, in the place of the one that stands.
 *
 * @throws ALREADY_EXISTS, NAMESPACE_NOT_FOUND, PATH_OUTSIDE_ROOT, CORRUPT_METADATA, FORBIDDEN; INVALID_INPUT for a
 *   materialized view that would read itself
 */
export async function registerTable(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = requestNode(body);
  const key = identifierOf(namespace, request.get('name').text());
  const overwrite = request.optional('overwrite')?.boolean() ?? false;
  const branch = await writableBranch(ctx, prefix);
  const location = ownLocation(ctx, request.get('metadata-location').text());
  const { metadata } = await loadMetadata(ctx.io, location);
  const content = tableContent(metadata, location);
  await land(ctx, client, branch, async (head) => {
    const { operations, requirements } = await requireNamespace(ctx, head, namespace);
    const standing = await ctx.catalog.getContent(head, key);
    if (!overwrite || (standing !== null && standing.type !== ICEBERG_TABLE))
      await assertFree(ctx, head, key);
    await assertReadsOthers(ctx, { name: branch, hash: head }, { key, content });
    return {
      operations: [...operations, { kind: 'put', key, content }],
      requirements: [...requirements, { key, content: standing }],
      message: `Register ${tableId(key)}`,
      result: null,
    };
  });
  return tableAnswer(ctx, metadata, location);
}
