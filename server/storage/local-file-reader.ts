import { open, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { resolveRange } from './byte-range.ts';
import type { ByteRange, FileReader, FileStat } from './file-io.ts';
import type { LocalPaths } from './local-paths.ts';
import { compareLocations, isHidden } from './location.ts';
import { errno, fileNotFound, storageError } from './storage-error.ts';

/** The most one system call reads: larger ones fail on some systems, and cancelling is seen between calls. */
const READ_STEP = 64 * 1024 * 1024;

/** Reads files below one folder, and writes nothing: it may lie where this process may not write. */
export class LocalFileReader implements FileReader {
  readonly root: string;
  protected readonly paths: LocalPaths;

  constructor(paths: LocalPaths) {
    this.root = paths.root;
    this.paths = paths;
  }

  async read(location: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    return this.at(location, async (path) => {
      const handle = await open(path, 'r');
      try {
        const info = await handle.stat();
        if (!info.isFile()) throw fileNotFound(location);
        const [start, end] = resolveRange(info.size, range, location);
        const bytes = new Uint8Array(end - start);
        for (let done = 0; done < bytes.length;) {
          signal?.throwIfAborted();
          const step = Math.min(READ_STEP, bytes.length - done);
          const { bytesRead } = await handle.read(bytes, done, step, start + done);
          if (bytesRead === 0) throw shrunk(location);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    });
  }

  async stat(location: string): Promise<FileStat> {
    return this.at(location, async (path) => {
      const info = await stat(path);
      if (!info.isFile()) throw fileNotFound(location);
      return { location: this.paths.locationOf(path), size: info.size, modifiedAt: info.mtime };
    });
  }

  async exists(location: string): Promise<boolean> {
    try {
      await this.stat(location);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return false;
      throw error;
    }
  }

  async *list(prefix: string): AsyncGenerator<FileStat> {
    const trimmed = prefix.replace(/\/$/, '');
    try {
      yield* this.#walk(trimmed === this.root ? this.paths.directory : await this.paths.checked(trimmed));
    } catch (error) {
      throw storageError(error, prefix);
    }
  }

  localPath(location: string): string {
    return this.paths.checkedSync(location);
  }

  async *#walk(folder: string): AsyncGenerator<FileStat> {
    const entries: { sortKey: string; path: string; folder: boolean }[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (folder === this.paths.directory && isHidden(entry.name)) continue;
        const path = join(folder, entry.name);
        // A folder sorts as the locations in it do: "a-b" comes before "a/x", and "a0" after it.
        if (entry.isDirectory()) entries.push({ sortKey: `${entry.name}/`, path, folder: true });
        else if (entry.isFile()) entries.push({ sortKey: entry.name, path, folder: false });
      }
    } catch (error) {
      if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return;
      throw error;
    }
    entries.sort((a, b) => compareLocations(a.sortKey, b.sortKey));
    for (const entry of entries) {
      if (entry.folder) {
        yield* this.#walk(entry.path);
        continue;
      }
      const info = await stat(entry.path).catch((error: unknown) => {
        if (errno(error) === 'ENOENT') return null;
        throw error;
      });
      if (info !== null) {
        yield { location: this.paths.locationOf(entry.path), size: info.size, modifiedAt: info.mtime };
      }
    }
  }

  protected async at<T>(location: string, action: (path: string) => Promise<T>): Promise<T> {
    try {
      return await action(await this.paths.checked(location));
    } catch (error) {
      throw storageError(error, location);
    }
  }
}

function shrunk(location: string): AppError {
  return new AppError(
    'CORRUPT_FILE',
    `${location} became shorter while it was read. Files of a lakehouse are never changed in place; find out what did.`,
    { context: { location } },
  );
}
