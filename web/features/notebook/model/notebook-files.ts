import type { NotebookContent } from '#shared/contract/notebooks.ts';
import { fromIpynb, toIpynb } from '#shared/notebook/ipynb.ts';
import { fromSqlScript, toSqlScript } from '#shared/notebook/sql-script.ts';
import { fromText, toText } from '#shared/notebook/text-form.ts';
import type { NotebookDocument } from './document.ts';
import { fileName } from './file-name.ts';
import type { NotebookStore } from './notebook-store.ts';

export type NotebookFormat = 'md' | 'ipynb' | 'sql';

/** Writes the notebook to a file of the person's. */
export async function downloadNotebook(store: NotebookStore, format: NotebookFormat): Promise<void> {
  await store.relations.settled();
  const document = store.document();
  const order = store.relations.graph.sort(document.cells.map(({ id }) => id));
  const content: NotebookContent = { ...document, cells: [...document.cells] };
  const text =
    format === 'md' ? toText(content) : format === 'ipynb' ? toIpynb(content) : toSqlScript(content, order);
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = window.document.createElement('a');
  link.href = url;
  link.download = `${fileName(document.title)}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A notebook of a file, and how many of its cells have code that nothing here runs, and are text now. */
interface ReadNotebook {
  readonly document: NotebookDocument;
  readonly keptAsText: number;
}

/** @throws AppError INVALID_INPUT with the line, where the file is none of a notebook */
export async function readNotebookFile(file: File): Promise<ReadNotebook> {
  const text = await file.text();
  const title = file.name.replace(/\.[^.]*$/, '').slice(0, 200);
  const makeId = () => crypto.randomUUID();
  if (file.name.endsWith('.ipynb')) {
    const { content, keptAsText } = fromIpynb(text, title, makeId);
    return { document: content, keptAsText };
  }
  const document = file.name.endsWith('.md') ? fromText(text) : fromSqlScript(text, title, makeId);
  return { document, keptAsText: 0 };
}
