import { copyFile, lstat, mkdir, open, opendir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { resolveRange } from './byte-range.ts';
import { DurableFolders, isAcrossDevices, publish, syncFile, writeDurably } from './durable-write.ts';
import type { ByteRange, FileIO, FileStat } from './file-io.ts';
import { type LocalPaths, localPaths } from './local-paths.ts';
import { checkNewLocation, compareLocations, isHidden, segmentsBelow, TEMPORARY_FOLDER } from './location.ts';
import { alreadyExists, errno, fileNotFound, storageError } from './storage-error.ts';
import { sweepTemporaryFolder, temporaryPath } from './temporary-files.ts';

export interface LocalFileIOOptions {
  /** A path, made where it does not exist. The root's location is file:// and this path, not encoded. */
  readonly rootDirectory: string;
}

/** The most one system call reads: larger ones fail on some systems, and cancelling is seen between calls. */
const READ_STEP = 64 * 1024 * 1024;

/**
 * Keeps objects as files below one folder. Every object is written in a hidden folder of the same file
 * system, synced, and only then linked to its name; opening sweeps what a crash has left there.
 */
export async function createLocalFileIO(options: LocalFileIOOptions): Promise<FileIO> {
  const directory = resolve(options.rootDirectory);
  const temporary = join(directory, TEMPORARY_FOLDER);
  try {
    await mkdir(directory, { recursive: true });
    await sweepTemporaryFolder(temporary);
    return new LocalFileIO(await localPaths(directory), temporary);
  } catch (error) {
    throw storageError(error, `file://${directory}`);
  }
}

class LocalFileIO implements FileIO {
  readonly root: string;
  readonly #paths: LocalPaths;
  readonly #temporary: string;
  readonly #folders: DurableFolders;

  constructor(paths: LocalPaths, temporary: string) {
    this.root = paths.root;
    this.#paths = paths;
    this.#temporary = temporary;
    this.#folders = new DurableFolders(paths.directory);
  }

  async read(location: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    return this.#at(location, async (path) => {
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
    return this.#at(location, async (path) => {
      const info = await stat(path);
      if (!info.isFile()) throw fileNotFound(location);
      return { location: this.#paths.locationOf(path), size: info.size, modifiedAt: info.mtime };
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

  async putIfAbsent(location: string, bytes: Uint8Array): Promise<void> {
    await this.#publishAt(location, async (target) => {
      // Saves writing what would be thrown away; the link below is what decides.
      if (await this.exists(location)) throw alreadyExists(location);
      const path = await temporaryPath(this.#temporary);
      await writeDurably(path, bytes);
      try {
        await publish(path, target, this.#folders);
      } finally {
        await unlink(path).catch(() => undefined);
      }
    });
  }

  async adopt(localPath: string, location: string): Promise<void> {
    await this.#publishAt(location, async (target) => {
      const info = await lstat(localPath).catch((error: unknown) => {
        throw storageError(error, localPath);
      });
      if (!info.isFile()) throw fileNotFound(localPath);
      await syncFile(localPath);
      try {
        await publish(localPath, target, this.#folders);
      } catch (error) {
        if (!isAcrossDevices(error)) throw error;
        await this.#publishCopy(localPath, target);
      }
      await unlink(localPath);
    });
  }

  async delete(location: string): Promise<void> {
    await this.#at(location, async (path) => {
      try {
        if ((await lstat(path)).isDirectory()) return;
        await unlink(path);
      } catch (error) {
        if (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR') throw error;
      }
    });
  }

  async *list(prefix: string): AsyncGenerator<FileStat> {
    const trimmed = prefix.replace(/\/$/, '');
    try {
      yield* this.#walk(trimmed === this.root ? this.#paths.directory : await this.#paths.checked(trimmed));
    } catch (error) {
      throw storageError(error, prefix);
    }
  }

  localPath(location: string): string {
    return this.#paths.checkedSync(location);
  }

  async *#walk(folder: string): AsyncGenerator<FileStat> {
    const entries: { sortKey: string; path: string; folder: boolean }[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (folder === this.#paths.directory && isHidden(entry.name)) continue;
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
        yield { location: this.#paths.locationOf(entry.path), size: info.size, modifiedAt: info.mtime };
      }
    }
  }

  async #publishCopy(localPath: string, target: string): Promise<void> {
    const path = await temporaryPath(this.#temporary);
    try {
      await copyFile(localPath, path);
      await syncFile(path);
      await publish(path, target, this.#folders);
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  async #publishAt(location: string, action: (target: string) => Promise<void>): Promise<void> {
    checkNewLocation(location, segmentsBelow(this.root, location));
    await this.#at(location, action);
  }

  async #at<T>(location: string, action: (path: string) => Promise<T>): Promise<T> {
    try {
      return await action(await this.#paths.checked(location));
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
