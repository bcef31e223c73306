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
      await copyFile(localPath, path);
      await syncFile(path);
      await publish(path, target, this.#folders);
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  async #publishAt(location: string, action: (target: string) => Promise<void>): Promise<void> {
    checkNewLocation(location, segmentsBelow(this.root, location));
    await this.at(location, action);
  }
}
