import { setMaxListeners } from 'node:events';
import { parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { present } from '#shared/util/present.ts';
import type { DeletedRows } from '../deletes/deleted-rows.ts';
import type { FileOpener } from '../files/open-files.ts';
import type { ScanSource } from '../plan/scan-source.ts';
import { withRowFacts } from './row-facts.ts';
import type { ExecutableFile, ExecutableScan } from './scan-view.ts';

export interface ExecutableScansInput {
  readonly opener: FileOpener;
  readonly deletedRows: Pick<DeletedRows, 'of'>;
  readonly sources: readonly ScanSource[];
  readonly signal?: AbortSignal;
}

/**
 * The scans of a plan with their files where the engine can open them, and which rows of them to leave out.
 *
 * @throws what FileOpener.open throws; what DeletedRows.of throws; AbortError
 */
export async function executableScans(input: ExecutableScansInput): Promise<readonly ExecutableScan[]> {
  const { opener, sources, deletedRows } = input;
  const stop = new AbortController();
  const signal = input.signal === undefined ? stop.signal : AbortSignal.any([input.signal, stop.signal]);
  // Every file listens.
  setMaxListeners(0, signal);
  const open = async (source: ScanSource, index: number): Promise<ExecutableFile> => {
    const { rows = 0, constants } = source.scan.files[index] ?? {};
    const opened = await opener.open(source.files[index] ?? '', source.formats[index] ?? 'PARQUET', {
      types: source.scan.columns.map(({ type }) => type),
      signal,
    });
    const deletes = source.deletes[index] ?? null;
    const deleted = deletes === null ? undefined : await deletedRows.of(deletes, signal);
    return { ...opened, rows, ...present({ constants, deleted }) };
  };
  try {
    return await Promise.all(
      sources.map(async (source) => {
        const { view, columns, nameMapping } = source.scan;
        const scan = {
          view,
          columns,
          files: await Promise.all(source.files.map(async (_, index) => open(source, index))),
          nameMapping: nameMapping === undefined ? null : parseNameMapping(nameMapping),
        };
        return withRowFacts(scan, source);
      }),
    );
  } catch (error) {
    // What the other files delete is of no use then.
    stop.abort();
    throw error;
  }
}
