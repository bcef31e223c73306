import type { Cell, ChartConfig, SqlCell } from '#shared/contract/notebooks.ts';

/** What a person edits. Ids, versions and times of the server are not part of it. */
export interface NotebookDocument {
  readonly title: string;
  readonly cells: readonly Cell[];
}

export type Edit =
  | { readonly type: 'insert'; readonly at: number; readonly cell: Cell }
  | { readonly type: 'remove'; readonly id: string }
  /** `to` is the index the cell has afterwards; beyond the ends it stops there. */
  | { readonly type: 'move'; readonly id: string; readonly to: number }
  | { readonly type: 'source'; readonly id: string; readonly source: string }
  | { readonly type: 'kind'; readonly id: string; readonly kind: Cell['kind'] }
  | { readonly type: 'ref'; readonly id: string; readonly ref: string | undefined }
  | { readonly type: 'view'; readonly id: string; readonly view: SqlCell['view'] }
  | { readonly type: 'chart'; readonly id: string; readonly chart: ChartConfig }
  | { readonly type: 'title'; readonly title: string };

export interface Edited {
  readonly document: NotebookDocument;
  /** The edit that takes this one back, or null where the editor itself undoes it (text) or nothing changed. */
  readonly inverse: Edit | null;
}

/** Applies one edit. The same document comes back when the edit changes nothing. */
export function applyEdit(document: NotebookDocument, edit: Edit): Edited {
  const unchanged: Edited = { document, inverse: null };
  if (edit.type === 'title') {
    return edit.title === document.title
      ? unchanged
      : { document: { ...document, title: edit.title }, inverse: null };
  }
  if (edit.type === 'insert') {
    if (document.cells.some((cell) => cell.id === edit.cell.id)) return unchanged;
    const at = clamp(edit.at, document.cells.length);
    return {
      document: { ...document, cells: document.cells.toSpliced(at, 0, edit.cell) },
      inverse: { type: 'remove', id: edit.cell.id },
    };
  }
  const index = document.cells.findIndex((cell) => cell.id === edit.id);
  const cell = document.cells[index];
  if (cell === undefined) return unchanged;
  if (edit.type === 'remove') {
    return {
      document: { ...document, cells: document.cells.toSpliced(index, 1) },
      inverse: { type: 'insert', at: index, cell },
    };
  }
  if (edit.type === 'move') {
    const to = clamp(edit.to, document.cells.length - 1);
    if (to === index) return unchanged;
    return {
      document: { ...document, cells: document.cells.toSpliced(index, 1).toSpliced(to, 0, cell) },
      inverse: { type: 'move', id: edit.id, to: index },
    };
  }
  const next = changedCell(cell, edit);
  if (next === cell) return unchanged;
  return {
    document: { ...document, cells: document.cells.with(index, next) },
    inverse: inverseOf(cell, edit),
  };
}

type CellEdit = Exclude<Edit, { type: 'title' | 'insert' | 'remove' | 'move' }>;

function changedCell(cell: Cell, edit: CellEdit): Cell {
  if (edit.type === 'source') return edit.source === cell.source ? cell : { ...cell, source: edit.source };
  if (edit.type === 'kind') {
    if (edit.kind === cell.kind) return cell;
    return edit.kind === 'sql'
      ? { id: cell.id, kind: 'sql', source: cell.source, view: 'grid' }
      : { id: cell.id, kind: 'markdown', source: cell.source };
  }
  if (cell.kind !== 'sql') return cell;
  if (edit.type === 'view') return edit.view === cell.view ? cell : { ...cell, view: edit.view };
  if (edit.type === 'chart') return { ...cell, chart: edit.chart };
  if (edit.ref === cell.ref) return cell;
  const { ref: _old, ...rest } = cell;
  return edit.ref === undefined ? rest : { ...rest, ref: edit.ref };
}

function inverseOf(cell: Cell, edit: CellEdit): Edit | null {
  if (edit.type === 'kind') return { type: 'kind', id: cell.id, kind: cell.kind };
  if (edit.type === 'ref' && cell.kind === 'sql') return { type: 'ref', id: cell.id, ref: cell.ref };
  return null;
}

function clamp(index: number, last: number): number {
  return Math.max(0, Math.min(index, last));
}

export function newCell(kind: Cell['kind'], source = ''): Cell {
  const id = crypto.randomUUID();
  return kind === 'sql' ? { id, kind, source, view: 'grid' } : { id, kind, source };
}
