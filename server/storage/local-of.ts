import { AppError } from '#shared/errors/app-error.ts';
import type { FileReader } from './file-io.ts';

/**
 * Where an object can be opened as a local file; it is fetched where it has to be.
 *
 * @throws UNSUPPORTED where it can't be; PATH_OUTSIDE_ROOT; what FileIO.fetch throws
 */
export async function localOf(
  io: Pick<FileReader, 'localPath' | 'fetch'>,
  location: string,
  signal?: AbortSignal,
): Promise<string> {
  const path = io.localPath(location) ?? (await io.fetch?.(location, signal));
  if (path !== undefined) return path;
  throw new AppError('UNSUPPORTED', `The engine can't open ${location}: it reads local files only.`, {
    context: { path: location },
  });
}
