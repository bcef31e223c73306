import { AppError } from '#shared/errors/app-error.ts';
import type { ExportResult } from '#shared/contract/exports.ts';

/** File System Access, which some browsers have. */
interface FilePicker {
  showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** Milliseconds after which the browser has begun a download. */
const RELEASE_MS = 60_000;

/** Where a file is to go; null where the browser's own downloads take it. */
export type SaveTarget = FileSystemFileHandle | null;

/** Asks for a place on disk, where the browser can; has to be called while a click counts. @throws AbortError */
export async function chooseTarget(suggestedName: string): Promise<SaveTarget> {
  const { showSaveFilePicker } = window as FilePicker;
  return showSaveFilePicker === undefined ? null : showSaveFilePicker.call(window, { suggestedName });
}

/**
 * Brings an export to disk as it comes, without holding it: into the chosen file, else by the browser's downloads.
 *
 * @param onBytes how much has come; not called for downloads, which the browser shows
 * @throws UNAVAILABLE where it breaks off (what was there before stays); AbortError after `signal`
 */
export async function saveExport(
  { url, fileName }: Pick<ExportResult, 'url' | 'fileName'>,
  target: SaveTarget,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  if (target === null) return download(url, fileName);
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null)
    throw new AppError('UNAVAILABLE', 'The exported file could not be fetched. Export again.');
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (piece, controller) => {
      bytes += piece.length;
      onBytes(bytes);
      controller.enqueue(piece);
    },
  });
  // Closing it puts the whole in place of what was there; an abort leaves that as it was.
  await response.body.pipeThrough(counted).pipeTo(await target.createWritable(), { signal });
}

/**
 * Brings what this tab wrote to disk: into the chosen file, else by the browser's downloads.
 *
 * @param onRelease called once a download has what it needs
 */
export async function saveBlob(
  blob: Blob,
  fileName: string,
  target: SaveTarget,
  onRelease: () => void = () => undefined,
): Promise<void> {
  if (target !== null) return blob.stream().pipeTo(await target.createWritable());
  const url = URL.createObjectURL(blob);
  download(url, fileName);
  // The download has it by then, and the page need not hold it.
  setTimeout(() => {
    URL.revokeObjectURL(url);
    onRelease();
  }, RELEASE_MS);
}

function download(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}
