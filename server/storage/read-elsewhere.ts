import { realpath } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import type { FileIO, FileReader } from './file-io.ts';
import { LocalFileReader } from './local-file-reader.ts';
import { localPaths } from './local-paths.ts';
import { isBelow } from './location.ts';
import { localOf } from './local-of.ts';
import { storageError } from './storage-error.ts';

/** Opens a folder to be read only; it has to be there. @throws FILE_NOT_FOUND, UNAVAILABLE */
export async function openLocalReader(directory: string): Promise<FileReader> {
  try {
    await realpath(directory);
    return new LocalFileReader(await localPaths(directory));
  } catch (error) {
    throw storageError(error, directory);
  }
}

/**
 * A FileIO that also reads what lies in other places, and writes nothing there: tables that other engines keep
 * are read where they are.
 *
 * Beside the errors of the port: FORBIDDEN for writing, deleting and adopting elsewhere.
 */
export function readElsewhere(io: FileIO, elsewhere: readonly FileReader[]): FileIO {
  if (elsewhere.length === 0) return io;
  const foreign = (location: string) =>
    isBelow(io.root, location) ? undefined : elsewhere.find(({ root }) => isBelow(root, location));
  const reader = (location: string): FileReader => foreign(location) ?? io;
  const writable = (location: string): FileIO => {
    const place = foreign(location);
    if (place === undefined) return io;
    throw new AppError(
      'FORBIDDEN',
      `${location} can't be written or deleted: the lakehouse only reads what lies in ${place.root}.`,
      { context: { location } },
    );
  };
  return {
    root: io.root,
    read: async (location, range, signal) => reader(location).read(location, range, signal),
    stat: async (location) => reader(location).stat(location),
    exists: async (location) => reader(location).exists(location),
    putIfAbsent: async (location, bytes) => writable(location).putIfAbsent(location, bytes),
    adopt: async (localPath, location) => writable(location).adopt(localPath, location),
    delete: async (location) => writable(location).delete(location),
    list: (prefix) => reader(`${prefix.replace(/\/$/, '')}/`).list(prefix),
    localPath: (location) => reader(location).localPath(location),
    ...(io.fetch === undefined
      ? {}
      : { fetch: async (location, signal) => localOf(reader(location), location, signal) }),
  };
}
