import { AppError } from '#shared/errors/app-error.ts';
import type { ExecutableScan } from './scan-view.ts';

/** An error that names a copy of a file, as one that names the file: nobody knows of the copies. */
export function nameSources(error: unknown, scans: readonly ExecutableScan[]): unknown {
  if (!(error instanceof AppError)) return error;
  let { message } = error;
  const context: Record<string, unknown> = { ...error.context };
  for (const { files } of scans)
    for (const { path, copyOf } of files) {
      if (copyOf === undefined) continue;
      message = message.replaceAll(path, copyOf);
      if (context['path'] === path) context['path'] = copyOf;
    }
  return message === error.message ? error : new AppError(error.code, message, { context, cause: error });
}
