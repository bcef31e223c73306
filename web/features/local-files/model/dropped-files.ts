import type { GivenFile } from '#web/duckdb/local/types.ts';

interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** Whether what is dragged over the page comes from outside and is files. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') === true;
}

/** The files of a drop; to be called before the event has ended, which takes them away. Folders are left out. */
export async function droppedFiles(data: DataTransfer): Promise<readonly GivenFile[]> {
  const items = [...data.items].filter(({ kind }) => kind === 'file') as HandleItem[];
  const given = items.map(async (item): Promise<GivenFile | null> => {
    const file = item.getAsFile();
    // Where the browser has handles, the page may read the file again after a reload.
    const handle = await item.getAsFileSystemHandle?.().catch(() => null);
    if (handle?.kind === 'directory' || file === null) return null;
    return handle?.kind === 'file' ? { file, handle: handle as FileSystemFileHandle } : { file };
  });
  return (await Promise.all(given)).filter((each) => each !== null);
}
