import { randomUUID } from 'node:crypto';
import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { lakehousePaths } from './config.ts';
import { errno } from './storage/storage-error.ts';

const CHOOSE = 'Name another folder with --lakehouse or LAKEHOUSE_DIR.';

/**
 * Makes sure that a folder can be the lakehouse, and makes it and its parts where they are not there: before
 * anything is opened in it, since what opens things has no word for a folder that can't be one.
 *
 * @throws INVALID_INPUT where it is a file, can't be made, or holds something else; UNAVAILABLE where it may not
 *   be written to; STORAGE_FULL
 */
export async function prepareFolder(directory: string): Promise<void> {
  const paths = lakehousePaths(directory);
  await makeFolder(directory, directory);
  await assertOurs(directory);
  for (const part of [paths.warehouse, paths.spill]) await makeFolder(part, directory);
  for (const part of [directory, paths.warehouse, paths.spill]) await assertWritable(part, directory);
  // Not made here: whether it exists says whether there is a database.
  if (await isFolder(paths.database)) await assertWritable(paths.database, directory);
}

/**
 * One level after the other, and not by `recursive`: on file systems that answer ENOENT for a name that can't be
 * made (/proc), Node goes on trying for ever.
 */
async function makeFolder(path: string, lakehouse: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errno(error);
    if (code === 'EEXIST') {
      if (await isFolder(path)) return;
      throw new AppError(
        'INVALID_INPUT',
        `The lakehouse ${lakehouse} can't be used: ${path} is a file, not a folder. ${CHOOSE}`,
        {
          context: { path },
        },
      );
    }
    const parent = dirname(path);
    if (code === 'ENOENT' && !(await exists(parent))) {
      await makeFolder(parent, lakehouse);
      return makeFolder(path, lakehouse);
    }
    throw unusable(
      lakehouse,
      path,
      error,
      code === 'ENOENT' ? `no folder can be made in ${parent}` : undefined,
    );
  }
}

/** Somebody's home or project is no place to put a database's files in. */
async function assertOurs(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw unusable(directory, directory, error);
  });
  const own = new Set([...Object.values(lakehousePaths(directory)).map((path) => basename(path)), 'owner']);
  // A start that was killed may have left any part; a disk of its own has lost+found.
  const foreign = names.filter(
    (name) =>
      !own.has(name) && !name.startsWith('.') && !name.startsWith('metadata.new-') && name !== 'lost+found',
  );
  const [first] = foreign;
  if (first === undefined || names.includes('owner')) return;
  throw new AppError(
    'INVALID_INPUT',
    `The folder ${directory} is not a lakehouse: it holds ${first}${foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''}. Name an empty folder, or one that does not exist yet, with --lakehouse or LAKEHOUSE_DIR.`,
    { context: { path: directory } },
  );
}

/** Permissions say less than a try: the disk may be read-only, or another user's by an access list. */
async function assertWritable(folder: string, lakehouse: string): Promise<void> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await writeFile(probe, '', { flag: 'wx' });
    await unlink(probe);
    await readdir(folder);
  } catch (error) {
    throw unusable(lakehouse, folder, error);
  }
}

function unusable(lakehouse: string, path: string, error: unknown, why?: string): AppError {
  const code = errno(error) ?? '';
  const options = { context: { path, errno: code }, cause: error };
  const start = `The lakehouse ${lakehouse} can't be used`;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return new AppError(
        'UNAVAILABLE',
        `${start}: this user may not write to ${path} (${code}). Check who owns it and its permissions, or name another folder with --lakehouse or LAKEHOUSE_DIR.`,
        options,
      );
    case 'EROFS':
      return new AppError(
        'UNAVAILABLE',
        `${start}: ${path} is on a read-only file system. ${CHOOSE}`,
        options,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError(
        'STORAGE_FULL',
        `${start}: the disk of ${path} is full. Free some space and start again.`,
        options,
      );
    case 'ENOTDIR':
      return new AppError(
        'INVALID_INPUT',
        `${start}: a part of the path ${path} is a file, not a folder. ${CHOOSE}`,
        options,
      );
    default:
      return new AppError('INVALID_INPUT', `${start}: ${why ?? errorMessage(error)}. ${CHOOSE}`, options);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
