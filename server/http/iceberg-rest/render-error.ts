import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { hiddenFault, knownError, logRefusal } from '../thrown-error.ts';

/** Where the protocol has another status for an error than the rest of the API. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  UNSUPPORTED: 406,
  // 503 would say that nothing happened, and that it may be tried again.
  COMMIT_STATE_UNKNOWN: 500,
  STORAGE_FULL: 503,
};

/** Whatever was thrown, in the dialect of the Iceberg REST protocol. */
export function renderIcebergError(error: unknown, c: Context, logger: Logger): Response {
  const requestId = randomUUID();
  const shown = knownError(error) ?? hiddenFault(requestId);
  const status = STATUS[shown.code] ?? (shown.status as ContentfulStatusCode);
  logRefusal(logger, { error, shown, status, requestId, request: c.req });
  const type = ERROR_CODES[shown.code].icebergType;
  return c.body(stringifyJson({ error: { message: shown.message, type, code: status } }), status, {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
}
