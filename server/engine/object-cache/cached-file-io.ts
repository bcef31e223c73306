import { open } from 'node:fs/promises';
import { resolveRange } from '../../storage/byte-range.ts';
import type { ByteRange, FileIO } from '../../storage/file-io.ts';
import type { DiskCache } from './disk-cache.ts';

/**
 * A FileIO whose objects can be fetched to the disk, to be opened there. What is there is read there; a range of
 * what is not is asked for alone.
 */
export function cachedFileIO(io: FileIO, cache: DiskCache): FileIO {
  return {
    root: io.root,
    read: async (location, range, signal) => {
      signal?.throwIfAborted();
      const path = await cache.find(location);
      const bytes = path === null ? null : await readLocal(path, location, range);
      return bytes ?? io.read(location, range, signal);
    },
    stat: (location) => io.stat(location),
    exists: (location) => io.exists(location),
    putIfAbsent: (location, bytes) => io.putIfAbsent(location, bytes),
    adopt: (localPath, location) => cache.keep(localPath, location, () => io.adopt(localPath, location)),
    delete: async (location) => {
      await io.delete(location);
      await cache.forget(location);
    },
    list: (prefix) => io.list(prefix),
    localPath: (location) => io.localPath(location),
    fetch: async (location, signal) => {
      // Says so where the location is none.
      io.localPath(location);
      return cache.fetch(io, location, signal);
    },
  };
}

/** Null where the file has just been removed, or is not what it was. */
async function readLocal(
  path: string,
  location: string,
  range: ByteRange | undefined,
): Promise<Uint8Array | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const [start, end] = resolveRange((await file.stat()).size, range, location);
    const bytes = new Uint8Array(end - start);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) return null;
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
