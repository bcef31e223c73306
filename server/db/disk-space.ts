import { statfs } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';

/** The write-ahead log grows by files of 16 MiB; this leaves room for a few, and for a transaction's pages. */
const RESERVE_BYTES = 64 * 1024 * 1024;

/** @throws AppError STORAGE_FULL where the disk of a folder has less left than the database may need at once. */
export async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= RESERVE_BYTES) return;
  throw new AppError(
    'STORAGE_FULL',
    `The disk of ${folder} is almost full (${Math.floor(free / 1024 / 1024)} MiB left, 64 MiB are needed). Nothing was changed; free some space and try again.`,
    { context: { directory: folder, freeBytes: free } },
  );
}
