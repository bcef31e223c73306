import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { stringifyJson } from '#shared/util/json.ts';

/** Where the protocol has another status for an error than the rest of the API. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  UNSUPPORTED: 406,
  // 503 would say that nothing happened, and that it may be tried again.
  COMMIT_STATE_UNKNOWN: 500,
  STORAGE_FULL: 503,
};

/** Whatever was thrown, in the dialect of the Iceberg REST protocol. */
export function renderIcebergError(error: unknown, c: Context, logger: Logger): Response {
  const shown = toAppError(error);
  const status = STATUS[shown.code] ?? (shown.status as ContentfulStatusCode);
  const fields = { code: shown.code, method: c.req.method, path: c.req.path };
  if (status >= 500) logger.error({ ...fields, err: error }, 'request failed');
  else logger.debug({ ...fields, message: shown.message }, 'request refused');
  const type = ERROR_CODES[shown.code].icebergType;
  return c.body(stringifyJson({ error: { message: shown.message, type, code: status } }), status, {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAbortError(error)) return new AppError('CANCELLED', 'The request was cancelled.');
  if (error instanceof URIError)
    return new AppError(
      'INVALID_INPUT',
      'The address has a "%" that is not followed by the digits of a character.',
    );
  return new AppError('INTERNAL', `The server failed. Its log has the cause under request ${randomUUID()}.`);
}
