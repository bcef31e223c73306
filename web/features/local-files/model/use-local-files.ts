import { useCallback, useSyncExternalStore } from 'react';
import type { LocalFile, LocalFiles } from '#web/duckdb/local/types.ts';

/** The files of this tab, as they are now. */
export function useLocalFiles(files: LocalFiles): readonly LocalFile[] {
  return useSyncExternalStore(
    useCallback((listener) => files.subscribe(listener), [files]),
    () => files.list(),
  );
}
