import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExportFormat } from '#shared/contract/exports.ts';
import { errorMessage, isAbortError } from '#shared/errors/app-error.ts';
import { useToast } from '#web/components/toast.tsx';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { createExport } from '../api/create-export.ts';
import { chooseTarget, saveExport } from './save-file.ts';

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
}

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
        const target = await chooseTarget(`${source.name}.${format}`);
        const begun = { format, startedAt: Date.now(), bytes: { done: 0, total: 0 } };
        setRunning(begun);
        const file = await createExport({ ...source, format }, signal);
        const total = file.bytes;
        await saveExport(file, target, (done) => setRunning({ ...begun, bytes: { done, total } }), signal);
        toast({
          title: `Exported ${countOf(file.rows, 'row')}, ${formatBytes(total)}`,
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
