import type { ZipSink } from '#shared/workbook/zip.ts';

/** Where a workbook is written to. */
export interface WorkbookTarget extends ZipSink {
  /** Puts the whole in its place. @returns the file, where the browser's downloads are to take it */
  finish(): Promise<Blob | null>;
  /** Leaves what was there before. */
  abort(): Promise<void>;
}

const PREFIX = 'timestream-export-';
/** Files that were written for a download which a page did not live to see the end of. */
const LEFT_BEHIND_MS = 60 * 60 * 1000;

/**
 * The file that was chosen; else one of the page's own on the disk, which a download copies; else memory.
 *
 * @throws what the browser throws where the chosen file can't be written
 */
export async function openTarget(chosen: FileSystemFileHandle | null): Promise<WorkbookTarget> {
  if (chosen !== null) {
    const file = await chosen.createWritable();
    return {
      write: (data, position) => file.write({ type: 'write', position, data }),
      finish: async () => {
        await file.close();
        return null;
      },
      abort: () => file.abort(),
    };
  }
  // Browsers have no such folder in some private windows, or can't write to it.
  return openOwn().catch(inMemory);
}

/** The file of a target without a chosen place is no longer needed. */
export async function releaseFile(file: Blob): Promise<void> {
  if (file instanceof File && file.name.startsWith(PREFIX))
    await (await navigator.storage.getDirectory()).removeEntry(file.name);
}

async function openOwn(): Promise<WorkbookTarget> {
  const folder = await navigator.storage.getDirectory();
  await sweep(folder);
  const name = `${PREFIX}${crypto.randomUUID()}.xlsx`;
  const handle = await folder.getFileHandle(name, { create: true });
  const file = await handle.createWritable();
  return {
    write: (data, position) => file.write({ type: 'write', position, data }),
    finish: async () => {
      await file.close();
      return handle.getFile();
    },
    abort: async () => {
      await file.abort();
      await folder.removeEntry(name);
    },
  };
}

async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const handle of folder.values()) {
    if (handle.kind !== 'file' || !handle.name.startsWith(PREFIX)) continue;
    const { lastModified } = await handle.getFile();
    if (lastModified < Date.now() - LEFT_BEHIND_MS) await folder.removeEntry(handle.name);
  }
}

function inMemory(): WorkbookTarget {
  // A header that is written once more takes the place of what it was.
  const pieces = new Map<number, Uint8Array<ArrayBuffer>>();
  return {
    write: async (bytes, at) => {
      pieces.set(at, bytes);
    },
    finish: async () => new Blob([...pieces.values()]),
    abort: async () => pieces.clear(),
  };
}
