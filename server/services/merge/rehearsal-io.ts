import type { FileIO } from '#server/storage/file-io.ts';
import { createMemoryFileIO } from '#server/storage/memory-file-io.ts';

/** Files as they are, with what is written kept in memory beside them: what is tried out leaves nothing behind. */
export function rehearsalIO(io: FileIO): FileIO & { holds(location: string): boolean } {
  const memory = createMemoryFileIO({ root: io.root });
  const written = new Set<string>();
  const of = (location: string) => (written.has(location) ? memory : io);
  const fetch = io.fetch?.bind(io);
  return {
    root: io.root,
    holds: (location) => written.has(location),
    putIfAbsent: async (location, bytes) => {
      await memory.putIfAbsent(location, bytes);
      written.add(location);
    },
    adopt: async (localPath, location) => {
      await memory.adopt(localPath, location);
      written.add(location);
    },
    delete: async (location) => {
      if (written.delete(location)) await memory.delete(location);
    },
    read: async (location, range, signal) => of(location).read(location, range, signal),
    stat: async (location) => of(location).stat(location),
    exists: async (location) => of(location).exists(location),
    localPath: (location) => of(location).localPath(location),
    list: (prefix) => io.list(prefix),
    ...(fetch === undefined ? {} : { fetch }),
  };
}
