import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import type { ErrorBody } from '#shared/contract/common.ts';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';

/** Turns whatever was thrown into the API's error body. A fault of ours says a request id and nothing else. */
export function renderError(error: unknown, c: Context, logger: Logger): Response {
  const requestId = randomUUID();
  const known = toAppError(error);
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

function toAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (isAbortError(error)) return new AppError('CANCELLED', 'The request was cancelled.');
  if (error instanceof ZodError) return invalidInput(error);
  if (error instanceof HTTPException) {
    return new AppError(
      error.status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT',
      error.message || 'The request is malformed.',
    );
  }
  return null;
}

/** Names each field that is off, in one sentence for people and as data for programs. */
export function invalidInput(error: ZodError): AppError {
  const problems = error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message }));
  const sentence = problems
    .map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`))
    .join('; ');
  return new AppError('INVALID_INPUT', `The request does not fit: ${sentence}.`, { context: { problems } });
}
