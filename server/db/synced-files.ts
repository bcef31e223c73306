import fs from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/*
 * PGlite starts PostgreSQL without fsync, and its file system on a folder has none: a commit would outlive the process
 * and not a power cut. Here PostgreSQL syncs its write-ahead log at each commit, and its files at each checkpoint.
 */

/** Of a folder's file in Emscripten's file system. */
interface OpenStream {
  readonly nfd: number;
}

interface FolderModule {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: OpenStream) => number } };
}

class SyncedNodeFS extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given);
    const addSync = (module: unknown) => {
      (module as FolderModule).NODEFS.stream_ops.fsync = ({ nfd }) => {
        // The time a file was changed is of no use to PostgreSQL, and would be another write.
        fs.fdatasyncSync(nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addSync] } };
  }
}

/** Options of a PGlite in a folder that loses nothing it has acknowledged. */
export function syncedFolder(directory: string): PGliteOptions {
  return {
    fs: new SyncedNodeFS(directory),
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      '-c',
      // Its default, fdatasync, is a call that does nothing there.
      'wal_sync_method=fsync',
    ],
  };
}

/** Files that are synced at the same time: a disk makes one step of what comes together. */
const AT_ONCE = 16;

/** Syncs all that lies in a folder, and the folders: what made it did not. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const left = [folder, ...paths].values();
  const worker = async () => {
    for (const path of left) await syncPath(path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** A file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
