import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { canonicalLocation } from '#server/storage/location.ts';
import { readablePlace } from './places.ts';
import type { RestContext } from './rest-context.ts';

const NAMESPACE = '/v1/{prefix}/namespaces/{namespace}';
const TABLE = `${NAMESPACE}/tables/{table}`;
const VIEW = `${NAMESPACE}/views/{view}`;

/** What clients may ask of this server, as the protocol's document names it. */
export const ENDPOINTS = [
  'GET /v1/{prefix}/namespaces',
  'POST /v1/{prefix}/namespaces',
  `GET ${NAMESPACE}`,
  `HEAD ${NAMESPACE}`,
  `DELETE ${NAMESPACE}`,
  `POST ${NAMESPACE}/properties`,
  `GET ${NAMESPACE}/tables`,
  `POST ${NAMESPACE}/tables`,
  `POST ${NAMESPACE}/register`,
  `GET ${TABLE}`,
  `HEAD ${TABLE}`,
  `POST ${TABLE}`,
  `DELETE ${TABLE}`,
  `POST ${TABLE}/unregister`,
  `POST ${TABLE}/metrics`,
  `POST ${TABLE}/plan`,
  `GET ${TABLE}/plan/{plan-id}`,
  `DELETE ${TABLE}/plan/{plan-id}`,
  `POST ${TABLE}/tasks`,
  'POST /v1/{prefix}/tables/rename',
  'POST /v1/{prefix}/transactions/commit',
  `GET ${NAMESPACE}/views`,
  `POST ${NAMESPACE}/views`,
  `POST ${NAMESPACE}/register-view`,
  `GET ${VIEW}`,
  `HEAD ${VIEW}`,
  `POST ${VIEW}`,
  `DELETE ${VIEW}`,
  'POST /v1/{prefix}/views/rename',
] as const;

/** And this, where the tables lie in an object store. */
export const SIGNING_ENDPOINT = `POST ${TABLE}/sign`;

/** How long a client may repeat a request with the same Idempotency-Key. */
export const IDEMPOTENCY_MINUTES = 30;

/**
 * What a client is told before anything else. The warehouse that it names may be a place in history (`dev`,
 * `main@1f3c…`), which then is its catalog; a client that says a prefix of its own and no warehouse has that.
 *
 * @throws WAREHOUSE_NOT_FOUND
 */
export async function catalogConfig(
  ctx: RestContext,
  warehouse: string | undefined,
): Promise<Record<string, unknown>> {
  const root = warehouse === undefined || canonicalLocation(warehouse).replace(/\/+$/, '') === ctx.io.root;
  if (!root) await assertPlace(ctx, warehouse);
  const prefix = encodeURIComponent(root ? ctx.catalog.defaultBranch : warehouse);
  return {
    defaults: root ? { ...ctx.engineProperties, prefix } : { ...ctx.engineProperties },
    overrides: root ? {} : { prefix },
    endpoints: ctx.signing === undefined ? ENDPOINTS : [...ENDPOINTS, SIGNING_ENDPOINT],
    'idempotency-key-lifetime': `PT${IDEMPOTENCY_MINUTES}M`,
  };
}

async function assertPlace(ctx: RestContext, warehouse: string): Promise<void> {
  try {
    await readablePlace(ctx, warehouse);
  } catch (error) {
    if (!isAppError(error, 'REF_NOT_FOUND') && !isAppError(error, 'COMMIT_NOT_FOUND')) throw error;
    throw new AppError(
      'WAREHOUSE_NOT_FOUND',
      `There is no warehouse "${warehouse}": name a branch, a tag or a commit of the catalog, or none. ${error.message}`,
      { context: { warehouse }, cause: error },
    );
  }
}
