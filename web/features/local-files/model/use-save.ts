import { useCallback, useEffect, useRef, useState } from 'react';
import { errorMessage, isAbortError, isAppError } from '#shared/errors/app-error.ts';
import type { SaveUploadResult } from '#shared/contract/uploads.ts';
import type { LocalFiles, SaveFile, SaveProgress } from '#web/duckdb/local/types.ts';

/** Sends a file's rows to the server, which makes a table of them. */
export function useSave(files: LocalFiles, id: string, onSaved: (saved: SaveUploadResult) => void) {
  const [progress, setProgress] = useState<SaveProgress | null>(null);
  const [problem, setProblem] = useState<readonly string[]>([]);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const start = useCallback(
    async (save: SaveFile) => {
      const controller = new AbortController();
      stop.current = controller;
      setProblem([]);
      setProgress({ bytes: 0, rows: 0, committing: false });
      try {
        onSaved(await files.save(id, save, { signal: controller.signal, onProgress: setProgress }));
      } catch (error) {
        if (!isAbortError(error)) setProblem(sentences(error));
      } finally {
        setProgress(null);
      }
    },
    [files, id, onSaved],
  );
  const cancel = useCallback(
    () => stop.current?.abort(new DOMException('Saving was cancelled.', 'AbortError')),
    [],
  );
  return { progress, problem, start, cancel };
}

/** What is wrong; of columns that do not fit, each on its own. */
function sentences(error: unknown): readonly string[] {
  const misfits = isAppError(error) ? error.context['misfits'] : undefined;
  const each = (Array.isArray(misfits) ? misfits : []) as readonly {
    readonly reason?: unknown;
    readonly column?: unknown;
  }[];
  const said = each.flatMap(({ column, reason }) =>
    typeof reason === 'string' && typeof column === 'string' ? [`${column}: ${reason}`] : [],
  );
  return said.length > 0 ? said : [errorMessage(error)];
}
