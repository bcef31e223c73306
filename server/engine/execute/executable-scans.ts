import { AppError } from '#shared/errors/app-error.ts';
import { parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DeletedRows } from '../deletes/deleted-rows.ts';
import type { ScanSource } from '../plan/scan-source.ts';
import type { ExecutableFile, ExecutableScan } from './scan-view.ts';

/** Files whose deleted rows are looked for at once: other queries want the engine too. */
const CONCURRENCY = 2;

export interface ExecutableScansInput {
  readonly io: FileIO;
  readonly deletedRows: Pick<DeletedRows, 'of'>;
  readonly sources: readonly ScanSource[];
  readonly signal?: AbortSignal;
}

/**
 * The scans of a plan with their files where the engine can open them, and which rows of them to leave out.
 *
 * @throws UNSUPPORTED for a file that is not local; what DeletedRows.of throws; AbortError
 */
export async function executableScans(input: ExecutableScansInput): Promise<readonly ExecutableScan[]> {
  const { io, sources, deletedRows, signal } = input;
  const work: (() => Promise<void>)[] = [];
  const scans = sources.map(({ scan, files, deletes }) => {
    const opened: ExecutableFile[] = files.map((location, index) => ({
      path: localPath(io, location),
      rows: scan.files[index]?.rows ?? 0,
      ...present({ constants: scan.files[index]?.constants }),
    }));
    for (const [index, file] of opened.entries()) {
      const ofFile = deletes[index] ?? null;
      if (ofFile === null) continue;
      work.push(async () => {
        opened[index] = { ...file, deleted: await deletedRows.of(ofFile, signal) };
      });
    }
    const nameMapping = scan.nameMapping === undefined ? null : parseNameMapping(scan.nameMapping);
    return { view: scan.view, columns: scan.columns, files: opened, nameMapping };
  });
  const next = work.values();
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const task of next) {
        signal?.throwIfAborted();
        await task();
      }
    }),
  );
  return scans;
}

function localPath(io: FileIO, location: string): string {
  const path = io.localPath(location);
  if (path !== null) return path;
  throw new AppError('UNSUPPORTED', `The engine can't open ${location}: it reads local files only.`, {
    context: { path: location },
  });
}
