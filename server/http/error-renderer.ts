import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import type { ErrorBody } from '#shared/contract/common.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { notJson } from './invalid-input.ts';
import { hiddenFault, knownError, logRefusal } from './thrown-error.ts';

/** Turns whatever was thrown into the API's error body. A fault of ours says a request id and nothing else. */
export async function renderError(error: unknown, c: Context, logger: Logger): Promise<Response> {
  const requestId = randomUUID();
  const shown = knownError(error) ?? (await requestError(error, c)) ?? hiddenFault(requestId);
  logRefusal(logger, { error, shown, status: shown.status, requestId, request: c.req });
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

/** The validator's own words, and the framework's, as errors of ours. */
async function requestError(error: unknown, c: Context): Promise<AppError | null> {
  if (!(error instanceof HTTPException)) return null;
  if (error.status === 415 || error.message === 'Malformed JSON in request body')
    return notJson(await c.req.text(), c.req.header('content-type'));
  return new AppError(
    error.status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT',
    error.message || 'The request is malformed.',
  );
}
