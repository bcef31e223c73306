import { copyFile, lstat, mkdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DurableFolders, isAcrossDevices, publish, syncFile, writeDurably } from './durable-write.ts';
import type { FileIO } from './file-io.ts';
import { LocalFileReader } from './local-file-reader.ts';
import { type LocalPaths, localPaths } from './local-paths.ts';
import { checkNewLocation, segmentsBelow, TEMPORARY_FOLDER } from './location.ts';
import { errno, fileNotFound, storageError } from './storage-error.ts';
import { sweepTemporaryFolder, temporaryPath } from './temporary-files.ts';

export interface LocalFileIOOptions {
  /** A path, made where it does not exist. The root's location is file:// and this path, not encoded. */
  readonly rootDirectory: string;
}

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

class LocalFileIO extends LocalFileReader implements FileIO {
  readonly #temporary: string;
  readonly #folders: DurableFolders;

  constructor(paths: LocalPaths, temporary: string) {
    super(paths);
    this.#temporary = temporary;
    this.#folders = new DurableFolders(paths.directory);
  }

  async putIfAbsent(location: string, bytes: Uint8Array): Promise<void> {
    await this.#publishAt(location, async (target) => {
      const path = await temporaryPath(this.#temporary);
      await inFolder(this.#temporary, () => writeDurably(path, bytes));
      await publish(path, target, this.#folders, { keep: false });
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
        await publish(localPath, target, this.#folders, { keep: true });
      } catch (error) {
        if (!isAcrossDevices(error)) throw error;
        await this.#publishCopy(localPath, target);
      }
      await unlink(localPath);
    });
  }

  async delete(location: string): Promise<void> {
    await this.at(location, async (path) => {
      try {
        if ((await lstat(path)).isDirectory()) return;
        await unlink(path);
      } catch (error) {
        if (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR') throw error;
      }
    });
  }

  async #publishCopy(localPath: string, target: string): Promise<void> {
    const path = await temporaryPath(this.#temporary);
    try {
      await inFolder(this.#temporary, () => copyFile(localPath, path));
      await syncFile(path);
      await publish(path, target, this.#folders, { keep: false });
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  async #publishAt(location: string, action: (target: string) => Promise<void>): Promise<void> {
    checkNewLocation(location, segmentsBelow(this.root, location));
    try {
      await action(await this.paths.checkedNew(location));
    } catch (error) {
      // A link that leads elsewhere is said to be one, and nothing was written through it.
      if (errno(error) === 'EEXIST') await this.at(location, () => Promise.resolve());
      throw storageError(error, location);
    }
  }
}

/** Makes the folder where it is gone, which is seldom, and tries again. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
    await mkdir(folder, { recursive: true });
    return work();
  }
}
