import type { Cell } from '#shared/contract/notebooks.ts';
import { givenName } from '#shared/notebook/named-cells.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { CELL_KINDS } from '../model/cell-kinds.ts';
import { shownTable, type CellRun } from '../model/run-store.ts';

/** One line that says what is folded away. */
export function CollapsedCell({ cell, run }: { cell: Cell; run: CellRun | undefined }) {
  const table = shownTable(run);
  const name = givenName(cell);
  return (
    <p className="flex h-8 items-center gap-3 truncate rounded-md border border-dashed px-3 text-ink-2">
      <span className="shrink-0 font-mono text-xs text-ink">{name ?? CELL_KINDS[cell.kind]}</span>
      <span className="truncate font-mono text-xs text-ink-3">{firstLine(cell)}</span>
      {table !== null && (
        <span className="ml-auto shrink-0 text-xs">
          {formatInteger(table.rowCount)} {table.rowCount === 1 ? 'row' : 'rows'}
        </span>
      )}
      {run?.kind === 'failed' && <span className="ml-auto shrink-0 text-xs text-bad">Failed</span>}
    </p>
  );
}

function firstLine(cell: Cell): string {
  if (cell.kind === 'sql' || cell.kind === 'markdown')
    return cell.source.split('\n').find((line) => line.trim() !== '') ?? '';
  return cell.kind === 'input' ? (cell.label ?? '') : cell.relation;
}
