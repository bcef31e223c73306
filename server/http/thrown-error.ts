import type { Context } from 'hono';
import type { Logger } from 'pino';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';

/** What was thrown as an error that may be shown; null for a fault of ours. */
export function knownError(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (isAbortError(error)) return new AppError('CANCELLED', 'The request was cancelled.');
  if (error instanceof URIError)
    return new AppError(
      'INVALID_INPUT',
      'The address has a "%" that is not followed by the digits of a character.',
    );
  return null;
}

/** All that is said of a fault of ours: where the log has the rest. */
export function hiddenFault(requestId: string): AppError {
  return new AppError('INTERNAL', `The server failed. Its log has the cause under request ${requestId}.`);
}

interface Refusal {
  readonly error: unknown;
  readonly shown: AppError;
  readonly status: number;
  readonly requestId: string;
  readonly request: Context['req'];
}

/** A failure in full, a refusal in one line. */
export function logRefusal(logger: Logger, { error, shown, status, requestId, request }: Refusal): void {
  const fields = { requestId, code: shown.code, method: request.method, path: request.path };
  if (status >= 500) logger.error({ ...fields, err: error }, 'request failed');
  else logger.debug({ ...fields, message: shown.message }, 'request refused');
}
