import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExportFormat } from '#shared/contract/exports.ts';
import { errorMessage, isAbortError } from '#shared/errors/app-error.ts';
import type { RowTaker, RunOutcome } from '#web/duckdb/types.ts';
import { useToast } from '#web/components/toast.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { createExport } from '../api/create-export.ts';
import { chooseTarget, saveBlob, saveExport, type SaveTarget } from './save-file.ts';
import { assertWhole, fileOf } from './write-in-tab.ts';

export interface RunningExport {
  readonly format: ExportFormat;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Of the file, once it is written and comes to disk; zero of zero before. */
  readonly bytes: { readonly done: number; readonly total: number };
}

export interface ExportSource {
  readonly sql: string;
  readonly ref: string;
  readonly name: string;
  /** Filters are on: what they keep is exported. */
  readonly filtered: boolean;
  /**
   * Asked again, the query gives other rows. Then those that are shown are the file's, where they are all (`held`);
   * where they are not, the file has `others`.
   */
  readonly varies?: 'held' | 'others';
  /** Where this tab writes the file: gives all of its rows. */
  readonly inTab?: RowsHere;
}

export type RowsHere = (
  signal: AbortSignal,
  taker?: RowTaker,
) => Promise<Pick<RunOutcome, 'table' | 'truncated'>>;

/** One export at a time: written by the server, then brought to disk. */
export function useExport(source: ExportSource) {
  const toast = useToast();
  const [running, setRunning] = useState<RunningExport | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const start = useCallback(
    async (format: ExportFormat) => {
      const controller = new AbortController();
      stop.current = controller;
      const { signal } = controller;
      try {
        const fileName = `${source.name}.${format}`;
        const target = await chooseTarget(fileName);
        const begun = { format, startedAt: Date.now(), bytes: { done: 0, total: 0 } };
        setRunning(begun);
        if (source.inTab !== undefined) {
          const { rows, bytes, notes } = await writeHere(source.inTab, format, fileName, target, signal);
          toast({
            title: exported(rows, bytes),
            description: [`${target?.name ?? fileName}.`, ...notes].join(' '),
          });
          return;
        }
        const { sql, ref, name } = source;
        const file = await createExport({ sql, ref, name, format }, signal);
        const total = file.bytes;
        await saveExport(file, target, (done) => setRunning({ ...begun, bytes: { done, total } }), signal);
        toast({
          title: exported(file.rows, total),
          description: [`${target?.name ?? file.fileName}.`, ...file.notes].join(' '),
        });
      } catch (error) {
        if (!isAbortError(error))
          toast({ title: 'The result was not exported.', description: errorMessage(error), tone: 'bad' });
      } finally {
        setRunning(null);
      }
    },
    [source, toast],
  );
  const cancel = useCallback(() => stop.current?.abort(), []);
  return { running, start, cancel };
}

function exported(rows: number | bigint | string, bytes: number): string {
  return `Exported ${countOf(rows, 'row')}, ${formatBytes(bytes)}`;
}

/** Writes the file in this tab, and saves it. */
async function writeHere(
  run: NonNullable<ExportSource['inTab']>,
  format: ExportFormat,
  fileName: string,
  target: SaveTarget,
  signal: AbortSignal,
): Promise<{ readonly rows: number; readonly bytes: number; readonly notes: readonly string[] }> {
  if (format === 'xlsx') {
    const { writeWorkbook } = await import('./write-workbook.ts');
    return writeWorkbook((taker) => run(signal, taker), fileName, target);
  }
  const { table, truncated } = await run(signal);
  assertWhole(truncated);
  const blob = await fileOf(table, format, signal);
  await saveBlob(blob, fileName, target);
  return { rows: table.rowCount, bytes: blob.size, notes: [] };
}
