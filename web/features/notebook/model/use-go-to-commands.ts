import { CornerDownRight } from 'lucide-react';
import { useMemo } from 'react';
import { givenName } from '#shared/notebook/named-cells.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { CELL_KINDS } from './cell-kinds.ts';
import type { NotebookStore } from './notebook-store.ts';
import { useDocument } from './use-store.ts';

/** Ways to the cells that have names, in the command palette. */
export function useGoToCommands(store: NotebookStore, select: (id: string) => void): void {
  const { cells } = useDocument(store);
  const named = JSON.stringify(
    cells.flatMap((cell) => {
      const name = givenName(cell);
      return name === undefined ? [] : [[cell.id, `Go to ${name} (${CELL_KINDS[cell.kind]} cell)`]];
    }),
  );
  useCommands(
    useMemo(
      () =>
        // Cells change with every key; their names do not.
        (JSON.parse(named) as [string, string][]).map(([id, title]) => ({
          id: `cells.go.${id}`,
          title,
          group: 'This notebook',
          icon: CornerDownRight,
          run: () => select(id),
        })),
      [named, select],
    ),
  );
}
