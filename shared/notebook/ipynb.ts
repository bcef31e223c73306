import { z } from 'zod';
import { cell as cellSchema, type Cell, type NotebookContent } from '../contract/notebooks.ts';
import { AppError } from '../errors/app-error.ts';
import { cellOf } from './ipynb-cells.ts';

type Content = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

const text = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? value : value.join('')));
const ipynb = z.object({
  nbformat: z.number().int().min(4),
  metadata: z
    .looseObject({
      timestream: z.looseObject({}).optional(),
      title: z.string().optional(),
      kernelspec: z
        .looseObject({ language: z.string().optional(), name: z.string().optional() })
        .optional()
        .catch(undefined),
      language_info: z.looseObject({ name: z.string().optional() }).optional().catch(undefined),
    })
    .default({}),
  cells: z.array(
    z.object({
      cell_type: z.enum(['code', 'markdown', 'raw']),
      source: text,
      metadata: z
        .looseObject({
          timestream: z.unknown().optional(),
          vscode: z.looseObject({ languageId: z.string().optional() }).optional().catch(undefined),
        })
        .default({}),
      attachments: z.record(z.string(), z.record(z.string(), text)).optional().catch(undefined),
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

/** A notebook that was read, and what of it is not what it was. */
export interface ReadIpynb {
  readonly content: Content;
  /** How many cells have code that nothing here runs; they are text now. */
  readonly keptAsText: number;
}

/** @param title of a notebook that has none. @throws INVALID_INPUT */
export function fromIpynb(file: string, title: string, makeId: () => string): ReadIpynb {
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
  const language =
    metadata.kernelspec?.language ??
    metadata.language_info?.name ??
    metadata.kernelspec?.name?.replace(/\d+$/, '') ??
    null;
  let keptAsText = 0;
  const content: Content = {
    title: (metadata.title ?? title).slice(0, 200),
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(mode === 'auto' || mode === 'manual' ? { mode } : {}),
    cells: cells.map(({ cell_type: type, source, attachments, metadata: about }): Cell => {
      const { timestream } = about;
      const ours = typeof timestream === 'object' ? cellSchema.safeParse({ source, ...timestream }) : null;
      if (ours?.success === true) return ours.data;
      const foreign = { type, source, attachments, language: about.vscode?.languageId };
      const read = cellOf(foreign, language, makeId());
      if (type === 'code' && read.kind === 'markdown' && !/^\s*%%(?:md|markdown)\b/.test(source))
        keptAsText += 1;
      return read;
    }),
  };
  return { content, keptAsText };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'This is no Jupyter notebook: the file is no JSON.', { cause });
  }
}
