import { ERROR_CODES, type ErrorCode } from './codes.ts';

/** Facts about an error that a program or the page can act on: a position, a path, names that are near. */
export type ErrorContext = Readonly<Record<string, unknown>>;

interface AppErrorOptions {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

/**
 * The one error that crosses layers. The message is a sentence for a person: what is wrong, where, and what
 * to do. Cancellation is not an AppError but an `AbortError` (see isAbortError).
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.context = options.context ?? {};
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** True for what `AbortSignal` throws, in Node and in browsers. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
