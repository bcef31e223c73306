import { useCallback } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { useToast } from '#web/components/toast.tsx';
import type { GivenFile, LocalFiles } from '#web/duckdb/local/types.ts';

/** Takes files into the tab and says by which names they can be queried; offers to do so. */
export function useGiveFiles(
  files: LocalFiles,
  onQuery: (sql: string) => void,
): (given: readonly GivenFile[]) => void {
  const toast = useToast();
  return useCallback(
    (given) => {
      const before = new Set(files.list().map(({ id }) => id));
      try {
        files.add(given);
      } catch (error) {
        toast({ title: 'Not every file can be queried.', description: errorMessage(error), tone: 'bad' });
      }
      const added = files.list().filter(({ id }) => !before.has(id));
      const [first] = added;
      if (first === undefined) return;
      const names = added.map(({ name }) => displayIdentifier(name));
      const sql = `FROM ${names[0] ?? ''}`;
      toast({
        title:
          added.length === 1
            ? `${first.fileName} is the table ${names[0]}`
            : `${added.length} files are tables now`,
        description:
          added.length === 1
            ? 'Every cell of this tab can query it.'
            : `Every cell can query ${names.join(', ')}.`,
        action: { label: 'Query it', run: () => onQuery(sql) },
      });
    },
    [files, toast, onQuery],
  );
}
