import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import type { JsonNode } from '#server/iceberg/metadata/json-node.ts';
import { isBelow, segmentsBelow } from '#server/storage/location.ts';
import type { SignedRequest, StorageAccess, StorageRequest } from '#server/storage/request-signer.ts';
import { assertWritable, ICEBERG_TABLE, loadContent, tableId } from '../tables/index.ts';
import { getEntity } from './contents.ts';
import { checkKey, requestNode } from './identifiers.ts';
import { readablePlace, writableBranch } from './places.ts';
import type { RestContext } from './rest-context.ts';

/**
 * Signs a client's request to the object store, so that it needs no keys: reads and listings below the table's own
 * location, and writes there where the place is a branch. What would delete objects is refused, see readS3Request.
 *
 * @param grant of a table that is staged and not committed
 * @throws FORBIDDEN, also where there is no such table, since the protocol has no 404 here; INVALID_INPUT, also without
 *   an object store
 */
export async function signRequest(
  ctx: RestContext,
  prefix: string,
  key: ContentKey,
  body: unknown,
  grant: string | undefined,
): Promise<SignedRequest> {
  if (ctx.signing === undefined)
    throw new AppError(
      'INVALID_INPUT',
      'The tables of this lakehouse lie in a folder; there is nothing to sign.',
    );
  const { signer, grants } = ctx.signing;
  const request = parseRequest(requestNode(body));
  const access = signer.accessOf(request);
  const location =
    grant === undefined ? await locationFor(ctx, prefix, checkKey(key), access) : grants.verify(grant);
  if (grant !== undefined) await writableBranch(ctx, prefix);
  // Of the warehouse itself nobody has a table, whatever metadata says.
  if (!isBelow(ctx.io.root, location)) throw outside(key, location, access);
  try {
    if (access.kind !== 'list' || access.location !== location) segmentsBelow(location, access.location);
  } catch (error) {
    throw outside(key, location, access, error);
  }
  return signer.sign(request);
}

/** Where the table lies that stands at the place. */
async function locationFor(
  ctx: RestContext,
  prefix: string,
  key: ContentKey,
  access: StorageAccess,
): Promise<string> {
  const { hash } = await readablePlace(ctx, prefix);
  const content = await getEntity(ctx, hash, key, ICEBERG_TABLE).catch((error: unknown) => {
    throw isAppError(error, 'TABLE_NOT_FOUND')
      ? new AppError('FORBIDDEN', `${error.message} So there is nothing to sign for it.`, { cause: error })
      : error;
  });
  if (access.kind === 'write') {
    await writableBranch(ctx, prefix);
    assertWritable(key, content);
  }
  return (await loadContent(ctx, key, content)).metadata.location.replace(/\/+$/, '');
}

function parseRequest(node: JsonNode): StorageRequest {
  const provider = node.optional('provider')?.text() ?? 's3';
  if (provider !== 's3')
    throw new AppError(
      'INVALID_INPUT',
      `Requests to "${provider}" can't be signed; this lakehouse lies in s3.`,
    );
  const headers = node
    .get('headers')
    .entries()
    .map(([name, values]) => [name, values.list().map((value) => value.text())] as const);
  return {
    method: node.get('method').text().toUpperCase(),
    uri: node.get('uri').text(),
    headers: Object.fromEntries(headers),
  };
}

function outside(key: ContentKey, location: string, access: StorageAccess, cause?: unknown): AppError {
  return new AppError(
    'FORBIDDEN',
    `${access.location} is not below ${location}, where the table ${tableId(key)} lies; requests are signed for its own files alone.`,
    { context: { location: access.location }, ...(cause === undefined ? {} : { cause }) },
  );
}
