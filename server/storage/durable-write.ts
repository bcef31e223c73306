import { link, mkdir, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { errno } from './storage-error.ts';

/** Writes a file whole and waits until the disk has it. Leaves nothing behind where it fails. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder's new and removed names durable. Windows has no such call, and needs none. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Gives a finished file its name: at once, whole, and only where the name is free (EEXIST otherwise). The
 * system decides between writers that race; `rename` would overwrite, `link` does not.
 *
 * @param keep whether the name `from` stays; else it is gone afterwards, also where this fails
 */
export async function publish(
  from: string,
  target: string,
  folders: DurableFolders,
  { keep }: { readonly keep: boolean },
): Promise<void> {
  const parent = dirname(target);
  const clear = async () => (keep ? undefined : unlink(from).catch(() => undefined));
  try {
    await folders.ensure(parent);
    try {
      await link(from, target);
    } catch (error) {
      if (errno(error) !== 'ENOENT') throw error;
      // Somebody has removed the folder since it was made: make it again, once.
      folders.forget(parent);
      await folders.ensure(parent);
      await link(from, target);
    }
  } catch (error) {
    await clear();
    throw error;
  }
  const [synced] = await Promise.allSettled([folders.sync(parent), clear()]);
  if (synced.status === 'rejected') throw synced.reason;
}

/** Makes folders below `top` so that a crash can't lose them, and remembers which ones it has made safe. */
export class DurableFolders {
  readonly #safe = new Set<string>();
  /** The sync of a folder that has not begun yet, and all that came before it. */
  readonly #next = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #top: string;

  constructor(top: string) {
    this.#top = top;
  }

  forget(folder: string): void {
    this.#safe.delete(folder);
  }

  /** Makes the names in a folder durable, one sync for all who ask while another one is at it. */
  async sync(folder: string): Promise<void> {
    const waiting = this.#next.get(folder);
    if (waiting !== undefined) return waiting;
    const running = this.#running.get(folder);
    if (running === undefined) return this.#run(folder);
    // What is under way may have begun before the newest names were there.
    const next = running
      .catch(() => undefined)
      .then(async () => {
        this.#next.delete(folder);
        return this.#run(folder);
      });
    this.#next.set(folder, next);
    return next;
  }

  async #run(folder: string): Promise<void> {
    const run = syncDirectory(folder);
    this.#running.set(folder, run);
    try {
      await run;
    } finally {
      if (this.#running.get(folder) === run) this.#running.delete(folder);
    }
  }

  async ensure(folder: string): Promise<void> {
    if (this.#safe.has(folder)) return;
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw errno(error) === 'EEXIST' || errno(error) === 'ENOTDIR' ? blockedByFile(folder, error) : error;
    });
    // Another writer may have made it a moment ago without having synced it yet, so the whole chain is.
    for (let path = folder; path !== this.#top; path = dirname(path)) await syncDirectory(dirname(path));
    this.#safe.add(folder);
  }
}

function blockedByFile(folder: string, cause: unknown): AppError {
  return new AppError(
    'ALREADY_EXISTS',
    `The folder ${folder} can't be made: a file stands where it or a folder above it would have to be.`,
    { context: { location: `file://${folder}` }, cause },
  );
}

/** True where two paths are on different file systems, between which no link can be made. */
export function isAcrossDevices(error: unknown): boolean {
  return errno(error) === 'EXDEV';
}
