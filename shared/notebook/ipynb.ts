import { z } from 'zod';
import { cell as cellSchema, type Cell, type NotebookContent } from '../contract/notebooks.ts';
import { AppError } from '../errors/app-error.ts';

type Content = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

const text = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value : value.join('')));
const ipynb = z.object({
  nbformat: z.number().int().min(4),
  metadata: z
    .looseObject({ timestream: z.looseObject({}).optional(), title: z.string().optional() })
    .default({}),
  cells: z.array(
    z.object({
      cell_type: z.enum(['code', 'markdown', 'raw']),
      source: text,
      metadata: z.looseObject({ timestream: z.unknown().optional() }).default({}),
    }),
  ),
});

/** A Jupyter notebook (nbformat 4.5) with SQL cells as code. What Jupyter has no word for is in its metadata. */
export function toIpynb({ title, folder, mode, cells }: Content): string {
  const lines = (source: string) => source.split(/(?<=\n)/);
  const notebook = {
    cells: cells.map((cell) => {
      const kind = cell.kind === 'sql' ? 'code' : cell.kind === 'markdown' ? 'markdown' : 'raw';
      const { source, ...rest } =
        cell.kind === 'sql' || cell.kind === 'markdown' ? cell : { ...cell, source: '' };
      return {
        cell_type: kind,
        id: cell.id.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 64) || 'cell',
        metadata: { timestream: rest },
        ...(kind === 'code' ? { execution_count: null, outputs: [] } : {}),
        source: lines(source),
      };
    }),
    metadata: {
      kernelspec: { display_name: 'SQL', language: 'sql', name: 'sql' },
      language_info: { name: 'sql' },
      title,
      timestream: { ...(folder === undefined ? {} : { folder }), ...(mode === undefined ? {} : { mode }) },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** @param title of a notebook that has none. @throws INVALID_INPUT */
export function fromIpynb(file: string, title: string, makeId: () => string): Content {
  const read = ipynb.safeParse(parse(file));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new AppError(
      'INVALID_INPUT',
      `This is no Jupyter notebook of format 4: ${issue?.path.join('.')} ${issue?.message}.`,
    );
  }
  const { metadata, cells } = read.data;
  const { folder, mode } = metadata.timestream ?? {};
  return {
    title: (metadata.title ?? title).slice(0, 200),
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(mode === 'auto' || mode === 'manual' ? { mode } : {}),
    cells: cells.map(({ cell_type, source, metadata: { timestream } }): Cell => {
      const ours = typeof timestream === 'object' ? cellSchema.safeParse({ source, ...timestream }) : null;
      if (ours?.success === true) return ours.data;
      const id = makeId();
      // A cell magic names the language of what follows it.
      const sql = source.replace(/^%%sql[^\n]*\n/, '');
      return cell_type === 'code'
        ? { id, kind: 'sql', source: sql, view: 'grid' }
        : { id, kind: 'markdown', source };
    }),
  };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'This is no Jupyter notebook: the file is no JSON.', { cause });
  }
}
