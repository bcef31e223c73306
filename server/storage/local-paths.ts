import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { segmentsBelow } from './location.ts';
import { errno } from './storage-error.ts';

/** Maps the locations of one local root to paths, and holds them inside it, symbolic links included. */
export interface LocalPaths {
  readonly root: string;
  readonly directory: string;
  /** The path as the location's text says; not checked for symbolic links. */
  plain(location: string): string;
  /** @throws AppError PATH_OUTSIDE_ROOT where a symbolic link on the way leads out of the root. */
  checked(location: string): Promise<string>;
  checkedSync(location: string): string;
  /** As `checked`, of something that is to be made there; what stands there already is not looked at. */
  checkedNew(location: string): Promise<string>;
  locationOf(path: string): string;
}

/** @param directory absolute and existing; may itself be reached through symbolic links. */
export async function localPaths(directory: string): Promise<LocalPaths> {
  const root = `file://${directory.startsWith('/') ? '' : '/'}${directory.split(sep).join('/')}`;
  const realRoot = await realpath(directory);

  const plain = (location: string) => join(directory, ...segmentsBelow(root, location));
  const verify = (location: string, real: string) => {
    if (real === realRoot || real.startsWith(realRoot + sep)) return;
    throw new AppError(
      'PATH_OUTSIDE_ROOT',
      `${location} leads out of the lakehouse's storage through a symbolic link; put the file itself there, not a link.`,
      { context: { location } },
    );
  };

  /** What does not exist yet is judged by the nearest folder that does. */
  const check = async (location: string, path: string, from: string) => {
    for (let probe = from; ; probe = dirname(probe)) {
      try {
        verify(location, await realpath(probe));
        return path;
      } catch (error) {
        if (!isMissing(error)) throw error;
        if (probe === directory) return path;
      }
    }
  };

  return {
    root,
    directory,
    plain,
    async checked(location) {
      const path = plain(location);
      return check(location, path, path);
    },
    async checkedNew(location) {
      const path = plain(location);
      return check(location, path, path === directory ? path : dirname(path));
    },
    checkedSync(location) {
      const path = plain(location);
      for (let probe = path; ; probe = dirname(probe)) {
        try {
          verify(location, realpathSync(probe));
          return path;
        } catch (error) {
          if (!isMissing(error)) throw error;
          if (probe === directory) return path;
        }
      }
    },
    locationOf: (path) =>
      `${root}/${path
        .slice(directory.length + 1)
        .split(sep)
        .join('/')}`,
  };
}

function isMissing(error: unknown): boolean {
  const code = errno(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
