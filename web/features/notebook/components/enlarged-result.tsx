import { givenName } from '#shared/notebook/named-cells.ts';
import { present } from '#shared/util/present.ts';
import { Dialog } from '#web/components/dialog.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';
import { fileNameOf } from '../model/file-name.ts';
import { rowsViewOf } from '../model/rows-view.ts';
import { shownOutcome } from '../model/run-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useDocument, useRun } from '../model/use-store.ts';
import type { CellSlots } from './cell-slots.ts';

interface EnlargedResultProps {
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly slots: CellSlots;
}

/** Pixels of the page that the dialog's own frame takes. */
const FRAME = 150;

/** The answer of one cell over the whole page. */
export function EnlargedResult({ store, editor, slots }: EnlargedResultProps) {
  const id = editor.enlarged ?? '';
  const { cells } = useDocument(store);
  const index = cells.findIndex((cell) => cell.id === id);
  const cell = cells[index];
  const outcome = shownOutcome(useRun(store.runs, id));
  const name = `cell ${index + 1}`;
  const asChart = cell?.kind === 'chart' || (cell?.kind === 'sql' && cell.view === 'chart');
  return (
    <Dialog
      open={cell !== undefined && outcome !== null}
      onOpenChange={(open) => !open && editor.enlarge(null)}
      title={`Result of ${givenName(cell) ?? name}`}
      className="top-4 max-h-[calc(100vh-32px)] w-[calc(100vw-32px)]"
    >
      {outcome !== null && (
        <div className="overflow-clip rounded-md border">
          {asChart
            ? slots.renderChart({
                outcome,
                config: cell.chart,
                onChange: (chart) => store.edit({ type: 'chart', id, chart }),
                ...present({ fileName: cell.name }),
              })
            : slots.renderRows({
                outcome,
                name,
                fileName: fileNameOf(store, id),
                maxHeight: Math.max(240, window.innerHeight - FRAME),
                ...(cell?.kind === 'sql' ? { view: rowsViewOf(store, cell) } : {}),
              })}
        </div>
      )}
    </Dialog>
  );
}
