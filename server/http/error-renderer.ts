import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import type { ErrorBody } from '#shared/contract/common.ts';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { notJson } from './invalid-input.ts';

/** Turns whatever was thrown into the API's error body. A fault of ours says a request id and nothing else. */
export async function renderError(error: unknown, c: Context, logger: Logger): Promise<Response> {
  const requestId = randomUUID();
  const known = await toAppError(error, c);
  const shown =
    known ?? new AppError('INTERNAL', `The server failed. Its log has the cause under request ${requestId}.`);
  const fields = { requestId, code: shown.code, method: c.req.method, path: c.req.path };
  if (shown.status >= 500) logger.error({ ...fields, err: error }, 'request failed');
  else logger.debug({ ...fields, message: shown.message }, 'request refused');
  const body: ErrorBody = {
    error: {
      code: shown.code,
      message: shown.message,
      retryable: shown.retryable,
      context: shown.context,
      requestId,
    },
  };
  return c.body(stringifyJson(body), shown.status as ContentfulStatusCode, {
    'content-type': 'application/json',
  });
}

async function toAppError(error: unknown, c: Context): Promise<AppError | null> {
  if (error instanceof AppError) return error;
  if (isAbortError(error)) return new AppError('CANCELLED', 'The request was cancelled.');
  if (error instanceof URIError)
    return new AppError(
      'INVALID_INPUT',
      'The address has a "%" that is not followed by the digits of a character.',
    );
  if (error instanceof HTTPException) {
    // The validator's own words for a body that it could not read, or would not.
    if (error.status === 415 || error.message === 'Malformed JSON in request body')
      return notJson(await c.req.text(), c.req.header('content-type'));
    return new AppError(
      error.status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT',
      error.message || 'The request is malformed.',
    );
  }
  return null;
}
