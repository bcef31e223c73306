import { setMaxListeners } from 'node:events';
import { AppError } from '#shared/errors/app-error.ts';
import { parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { present } from '#shared/util/present.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { DeletedRows } from '../deletes/deleted-rows.ts';
import type { ScanSource } from '../plan/scan-source.ts';
import type { ExecutableFile, ExecutableScan } from './scan-view.ts';

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
  const { io, sources, deletedRows } = input;
  const stop = new AbortController();
  const signal = input.signal === undefined ? stop.signal : AbortSignal.any([input.signal, stop.signal]);
  // Every file listens.
  setMaxListeners(0, signal);
  const open = async (source: ScanSource, index: number): Promise<ExecutableFile> => {
    const { rows = 0, constants } = source.scan.files[index] ?? {};
    const path = localPath(io, source.files[index] ?? '');
    const deletes = source.deletes[index] ?? null;
    const deleted = deletes === null ? undefined : await deletedRows.of(deletes, signal);
    return { path, rows, ...present({ constants, deleted }) };
  };
  try {
    return await Promise.all(
      sources.map(async (source) => {
        const { view, columns, nameMapping } = source.scan;
        return {
          view,
          columns,
          files: await Promise.all(source.files.map(async (_, index) => open(source, index))),
          nameMapping: nameMapping === undefined ? null : parseNameMapping(nameMapping),
        };
      }),
    );
  } catch (error) {
    // What the other files delete is of no use then.
    stop.abort();
    throw error;
  }
}

function localPath(io: FileIO, location: string): string {
  const path = io.localPath(location);
  if (path !== null) return path;
  throw new AppError('UNSUPPORTED', `The engine can't open ${location}: it reads local files only.`, {
    context: { path: location },
  });
}
