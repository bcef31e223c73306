import { randomUUID } from 'node:crypto';
import type { ContentKey } from '#server/catalog/model.ts';
import { parseSchema } from '#server/iceberg/metadata/schema-json.ts';
import { applyViewUpdates, assertViewRequirements } from '#server/iceberg/view/apply-view-updates.ts';
import { parseViewVersion, viewMetadataToJson } from '#server/iceberg/view/view-json.ts';
import type { ViewMetadata, ViewUpdate } from '#server/iceberg/view/view-metadata.ts';
import { parseViewRequirement, parseViewUpdate } from '#server/iceberg/view/view-update-json.ts';
import { newTableLocation, tableId } from '../tables/index.ts';
import {
  assertReadsOthers,
  ICEBERG_VIEW,
  metadataLocationIn,
  readViewMetadata,
  viewContent,
  writeViewMetadata,
} from '../views/index.ts';
import { assertFree, getEntity } from './contents.ts';
import { checkKey, identifierOf, requestNode } from './identifiers.ts';
import { land } from './land.ts';
import { ownLocation } from './locations.ts';
import { requireNamespace } from './namespaces.ts';
import { readablePlace, writableBranch } from './places.ts';
import type { RestAnswer, RestClient, RestContext } from './rest-context.ts';
import { etagOf } from './table-answer.ts';

/** @throws VIEW_NOT_FOUND, REF_NOT_FOUND, CORRUPT_METADATA */
export async function loadView(ctx: RestContext, prefix: string, key: ContentKey): Promise<RestAnswer> {
  const { hash } = await readablePlace(ctx, prefix);
  const content = await getEntity(ctx, hash, checkKey(key), ICEBERG_VIEW);
  const location = metadataLocationIn(content);
  return viewAnswer(await readViewMetadata(ctx, location), location);
}

/** @throws ALREADY_EXISTS, NAMESPACE_NOT_FOUND, INVALID_INPUT (also where it would read itself), FORBIDDEN */
export async function createView(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = requestNode(body);
  const key = identifierOf(namespace, request.get('name').text());
  const location = request.optional('location')?.text();
  const updates: readonly ViewUpdate[] = [
    { action: 'assign-uuid', uuid: randomUUID() },
    {
      action: 'set-location',
      location: location === undefined ? newTableLocation(ctx, key) : ownLocation(ctx, location),
    },
    { action: 'add-schema', schema: parseSchema(request.get('schema'), 0) },
    // The schema is the one that comes with it, whatever number the client gave that.
    {
      action: 'add-view-version',
      viewVersion: { ...parseViewVersion(request.get('view-version')), schemaId: -1 },
    },
    { action: 'set-current-view-version', viewVersionId: -1 },
    { action: 'set-properties', updates: request.get('properties').textMap() },
  ];
  const metadata = applyViewUpdates(null, updates);
  return landNew(ctx, client, prefix, key, `Create view ${tableId(key)}`, async (written) =>
    writeMetadata(ctx, metadata, null, written),
  );
}

/**
 * @throws COMMIT_CONFLICT naming the requirement that does not hold, VIEW_NOT_FOUND, INVALID_INPUT (also where its query
 *   would read itself), FORBIDDEN
 */
export async function replaceView(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = requestNode(body);
  const requirements = (request.optional('requirements')?.list() ?? []).map(parseViewRequirement);
  const updates = request
    .get('updates')
    .list()
    .map(parseViewUpdate)
    .map((update) =>
      update.action === 'set-location' ? { ...update, location: ownLocation(ctx, update.location) } : update,
    );
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, async (head, written) => {
    const standing = await getEntity(ctx, head, checkKey(key), ICEBERG_VIEW);
    const before = metadataLocationIn(standing);
    const base = await readViewMetadata(ctx, before);
    assertViewRequirements(base, requirements);
    const metadata = applyViewUpdates(base, updates);
    const location = await writeMetadata(ctx, metadata, before, written);
    const content = viewContent(metadata, location);
    // What leaves the query as it is may stand, whatever a merge has made of those that it reads.
    if (metadata.currentVersionId !== base.currentVersionId)
      await assertReadsOthers(ctx, { name: branch, hash: head }, { key, content });
    return {
      operations: [{ kind: 'put', key, content }],
      requirements: [{ key, content: standing }],
      message: `Replace view ${tableId(key)}`,
      result: { metadata, location },
    };
  });
  return viewAnswer(result.metadata, result.location);
}

/** Makes a view of a metadata file that is there already. */
export async function registerView(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  namespace: ContentKey,
  body: unknown,
): Promise<RestAnswer> {
  const request = requestNode(body);
  const key = identifierOf(namespace, request.get('name').text());
  const location = ownLocation(ctx, request.get('metadata-location').text());
  return landNew(ctx, client, prefix, key, `Register view ${tableId(key)}`, async () => location);
}

async function landNew(
  ctx: RestContext,
  client: RestClient,
  prefix: string,
  key: ContentKey,
  message: string,
  locate: (written: string[]) => Promise<string>,
): Promise<RestAnswer> {
  const branch = await writableBranch(ctx, prefix);
  const { result } = await land(ctx, client, branch, async (head, written) => {
    const { operations, requirements } = await requireNamespace(ctx, head, key.slice(0, -1));
    await assertFree(ctx, head, key);
    const location = await locate(written);
    const metadata = await readViewMetadata(ctx, location);
    const content = viewContent(metadata, location);
    await assertReadsOthers(ctx, { name: branch, hash: head }, { key, content });
    return {
      operations: [...operations, { kind: 'put', key, content }],
      requirements: [...requirements, { key, content: null }],
      message,
      result: { metadata, location },
    };
  });
  return viewAnswer(result.metadata, result.location);
}

async function writeMetadata(
  ctx: RestContext,
  metadata: ViewMetadata,
  previous: string | null,
  written: string[],
): Promise<string> {
  const location = await writeViewMetadata(ctx, metadata, previous);
  written.push(location);
  return location;
}

function viewAnswer(metadata: ViewMetadata, location: string): RestAnswer {
  return {
    json: { 'metadata-location': location, metadata: viewMetadataToJson(metadata), config: {} },
    etag: etagOf(location),
  };
}
