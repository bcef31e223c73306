import { readFile, unlink } from 'node:fs/promises';
import { resolveRange } from './byte-range.ts';
import type { FileIO, FileStat } from './file-io.ts';
import { checkNewLocation, compareLocations, segmentsBelow } from './location.ts';
import { alreadyExists, fileNotFound, storageError } from './storage-error.ts';

export interface MemoryFileIOOptions {
  /** Without a final slash; memory://warehouse where absent. */
  readonly root?: string;
}

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** Keeps objects in this process's memory, for tests and trials. Bytes are copied on the way in and out. */
export function createMemoryFileIO(options: MemoryFileIOOptions = {}): FileIO {
  const root = options.root ?? 'memory://warehouse';
  const objects = new Map<string, StoredObject>();

  const key = (location: string) => `${root}/${segmentsBelow(root, location).join('/')}`;
  const find = (location: string): StoredObject => {
    const object = objects.get(key(location));
    if (object === undefined) throw fileNotFound(location);
    return object;
  };
  const store = (location: string, bytes: Uint8Array) => {
    checkNewLocation(location, segmentsBelow(root, location));
    if (objects.has(key(location))) throw alreadyExists(location);
    objects.set(key(location), { bytes, modifiedAt: new Date() });
  };

  return {
    root,

    async read(location, range, signal) {
      signal?.throwIfAborted();
      const { bytes } = find(location);
      return bytes.slice(...resolveRange(bytes.length, range, location));
    },

    async stat(location) {
      return describe(key(location), find(location));
    },

    async exists(location) {
      return objects.has(key(location));
    },

    async putIfAbsent(location, bytes) {
      store(location, new Uint8Array(bytes));
    },

    async adopt(localPath, location) {
      segmentsBelow(root, location);
      const bytes = await readFile(localPath).catch((error: unknown) => {
        throw storageError(error, localPath);
      });
      store(location, new Uint8Array(bytes));
      await unlink(localPath);
    },

    async delete(location) {
      objects.delete(key(location));
    },

    async *list(prefix) {
      const trimmed = prefix.replace(/\/$/, '');
      const start = trimmed === root ? `${root}/` : `${key(trimmed)}/`;
      const found = [...objects.keys()].filter((location) => location.startsWith(start));
      for (const location of found.sort(compareLocations)) {
        const object = objects.get(location);
        if (object !== undefined) yield describe(location, object);
      }
    },

    localPath(location) {
      segmentsBelow(root, location);
      return null;
    },
  };
}

function describe(location: string, object: StoredObject): FileStat {
  return { location, size: object.bytes.length, modifiedAt: object.modifiedAt };
}
