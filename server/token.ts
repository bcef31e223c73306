import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { storageError } from './storage/storage-error.ts';

/**
 * The lakehouse's token: made at its first start and kept, readable by its owner alone, so that scripts and
 * bookmarks go on working after a restart. Deleting the file makes a new one.
 *
 * @throws UNAVAILABLE where this user may not read or write it, STORAGE_FULL
 */
export async function readOrCreateToken(file: string): Promise<string> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    if (token.length >= 16) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageError(error, file);
  }
  const token = randomBytes(24).toString('base64url');
  await writeFile(file, `${token}\n`, { mode: 0o600 }).catch((error: unknown) => {
    throw storageError(error, file);
  });
  return token;
}
