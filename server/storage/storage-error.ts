import { AppError, errorMessage, isAbortError } from '#shared/errors/app-error.ts';

/** The code of a failed system call, e.g. ENOENT; undefined where the error is of another kind. */
export function errno(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export function fileNotFound(location: string, cause?: unknown): AppError {
  return new AppError('FILE_NOT_FOUND', `There is no file ${location}.`, { context: { location }, cause });
}

export function alreadyExists(location: string, cause?: unknown): AppError {
  return new AppError(
    'ALREADY_EXISTS',
    `${location} exists already, and files of a lakehouse are never overwritten.`,
    { context: { location }, cause },
  );
}

/** What a failed system call means for the object at `location`. Errors that already say so pass unchanged. */
export function storageError(error: unknown, location: string): unknown {
  if (error instanceof AppError || isAbortError(error)) return error;
  const code = errno(error);
  const context = { location, errno: code };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
      return fileNotFound(location, error);
    case 'EEXIST':
      return alreadyExists(location, error);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError(
        'STORAGE_FULL',
        `The storage is full: ${location} could not be written (${FULL[code]}). Nothing of it was kept; free some space and try again.`,
        { context, cause: error },
      );
    case 'ENAMETOOLONG':
      return new AppError(
        'INVALID_INPUT',
        `${location} is too long for the file system; choose shorter names.`,
        {
          context,
          cause: error,
        },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'UNAVAILABLE',
        `The system does not allow access to ${location} (${code}); check who owns the lakehouse folder and its permissions.`,
        { context, cause: error },
      );
    default:
      return new AppError('UNAVAILABLE', `The storage failed at ${location}: ${errorMessage(error)}.`, {
        context,
        cause: error,
      });
  }
}

const FULL = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: "the user's disk quota is used up",
  EFBIG: 'a file may not grow so large here',
} as const;
