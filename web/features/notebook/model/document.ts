import type { Cell, ChartConfig, NotebookContent, SqlCell } from '#shared/contract/notebooks.ts';

/** What a person edits. Ids, versions and times of the server are not part of it. */
export type NotebookDocument = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

export type Edit =
  | { readonly type: 'insert'; readonly at: number; readonly cell: Cell }
  | { readonly type: 'remove'; readonly id: string }
  /** `to` is the index the cell has afterwards; beyond the ends it stops there. */
  | { readonly type: 'move'; readonly id: string; readonly to: number }
  | { readonly type: 'source'; readonly id: string; readonly source: string }
  | { readonly type: 'kind'; readonly id: string; readonly kind: 'sql' | 'markdown' }
  | { readonly type: 'ref'; readonly id: string; readonly ref: string | undefined }
  | { readonly type: 'view'; readonly id: string; readonly view: SqlCell['view'] }
  | { readonly type: 'chart'; readonly id: string; readonly chart: ChartConfig }
  | { readonly type: 'collapse'; readonly id: string; readonly collapsed: boolean }
  /** A cell as it should be, whatever it was. */
  | { readonly type: 'replace'; readonly cell: Cell }
  /** Everything at once, such as what a rename changes. */
  | { readonly type: 'content'; readonly document: NotebookDocument }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'folder'; readonly folder: string | undefined }
  | { readonly type: 'mode'; readonly mode: NonNullable<NotebookDocument['mode']> };

export interface Edited {
  readonly document: NotebookDocument;
  /** The edit that takes this one back, or null where nothing changed. */
  readonly inverse: Edit | null;
}

/** Applies one edit. The same document comes back when the edit changes nothing. */
export function applyEdit(document: NotebookDocument, edit: Edit): Edited {
  const unchanged: Edited = { document, inverse: null };
  switch (edit.type) {
    case 'content':
      return edit.document === document
        ? unchanged
        : { document: edit.document, inverse: { type: 'content', document } };
    case 'title':
      return edit.title === document.title
        ? unchanged
        : { document: { ...document, title: edit.title }, inverse: { type: 'title', title: document.title } };
    case 'folder': {
      if (edit.folder === document.folder) return unchanged;
      const { folder, ...rest } = document;
      const next = edit.folder === undefined ? rest : { ...rest, folder: edit.folder };
      return { document: next, inverse: { type: 'folder', folder } };
    }
    case 'mode': {
      const { mode = 'auto' } = document;
      if (edit.mode === mode) return unchanged;
      return { document: { ...document, mode: edit.mode }, inverse: { type: 'mode', mode } };
    }
    case 'insert': {
      if (document.cells.some((cell) => cell.id === edit.cell.id)) return unchanged;
      const at = clamp(edit.at, document.cells.length);
      return {
        document: { ...document, cells: document.cells.toSpliced(at, 0, edit.cell) },
        inverse: { type: 'remove', id: edit.cell.id },
      };
    }
    default:
      return editCell(document, edit);
  }
}

type PlacedEdit = Exclude<Edit, { type: 'title' | 'insert' | 'folder' | 'mode' | 'content' }>;

function editCell(document: NotebookDocument, edit: PlacedEdit): Edited {
  const id = edit.type === 'replace' ? edit.cell.id : edit.id;
  const index = document.cells.findIndex((cell) => cell.id === id);
  const cell = document.cells[index];
  if (cell === undefined) return { document, inverse: null };
  if (edit.type === 'remove') {
    return {
      document: { ...document, cells: document.cells.toSpliced(index, 1) },
      inverse: { type: 'insert', at: index, cell },
    };
  }
  if (edit.type === 'move') {
    const to = clamp(edit.to, document.cells.length - 1);
    if (to === index) return { document, inverse: null };
    return {
      document: { ...document, cells: document.cells.toSpliced(index, 1).toSpliced(to, 0, cell) },
      inverse: { type: 'move', id, to: index },
    };
  }
  const next = changedCell(cell, edit);
  if (next === cell) return { document, inverse: null };
  return {
    document: { ...document, cells: document.cells.with(index, next) },
    inverse: { type: 'replace', cell },
  };
}

type CellEdit = Exclude<PlacedEdit, { type: 'remove' | 'move' }>;

function changedCell(cell: Cell, edit: CellEdit): Cell {
  switch (edit.type) {
    case 'replace':
      return edit.cell;
    case 'collapse': {
      if ((cell.collapsed ?? false) === edit.collapsed) return cell;
      const { collapsed: _old, ...rest } = cell;
      return edit.collapsed ? { ...cell, collapsed: true } : rest;
    }
    case 'source':
      if (cell.kind !== 'sql' && cell.kind !== 'markdown') return cell;
      return edit.source === cell.source ? cell : { ...cell, source: edit.source };
    case 'kind':
      if (edit.kind === cell.kind || (cell.kind !== 'sql' && cell.kind !== 'markdown')) return cell;
      return edit.kind === 'sql'
        ? { id: cell.id, kind: 'sql', source: cell.source, view: 'grid' }
        : { id: cell.id, kind: 'markdown', source: cell.source };
    case 'chart':
      return cell.kind === 'sql' || cell.kind === 'chart' ? { ...cell, chart: edit.chart } : cell;
    case 'view':
      return cell.kind !== 'sql' || edit.view === cell.view ? cell : { ...cell, view: edit.view };
    case 'ref': {
      if (cell.kind !== 'sql' || edit.ref === cell.ref) return cell;
      const { ref: _old, ...rest } = cell;
      return edit.ref === undefined ? rest : { ...rest, ref: edit.ref };
    }
  }
}

function clamp(index: number, last: number): number {
  return Math.max(0, Math.min(index, last));
}
