import { cell as cellSchema, type Cell, type NotebookContent } from '../contract/notebooks.ts';
import { AppError } from '../errors/app-error.ts';

type Content = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

const HEAD = /^<!-- timestream notebook (\{.*\}) -->$/;
const CELL = /^<!-- cell (\{.*\}) -->$/;

/**
 * A notebook as a Markdown file made for git: SQL in code blocks, text as it is, and a line of JSON before each cell
 * with what else there is to it. Equal notebooks give equal files, and a change of one cell changes its lines alone.
 */
export function toText({ title, folder, mode, cells }: Content): string {
  const head = {
    title,
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode }),
  };
  const lines = [`<!-- timestream notebook ${json(head)} -->`];
  for (const cell of cells) {
    if (cell.kind !== 'sql' && cell.kind !== 'markdown') {
      lines.push('', `<!-- cell ${json(cell)} -->`);
      continue;
    }
    const { source, ...rest } = cell;
    lines.push('', `<!-- cell ${json(rest)} -->`);
    if (cell.kind === 'markdown') lines.push(...source.split('\n').map(escapeLine));
    else {
      const fence = fenceFor(source);
      lines.push(`${fence}sql`, ...source.split('\n'), fence);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** @throws INVALID_INPUT with the line that can't be read */
export function fromText(text: string): Content {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const head = HEAD.exec(lines[0] ?? '')?.[1];
  if (head === undefined)
    throw bad(
      'This is no notebook in text form: its first line has to begin with “<!-- timestream notebook”.',
      1,
    );
  const starts = lines.flatMap((line, index) => (CELL.test(line) && !inFence(lines, index) ? [index] : []));
  const cells = starts.map((start, index) => readCell(lines, start, starts[index + 1] ?? lines.length));
  const about = parsed(head, 1);
  const title = typeof about['title'] === 'string' ? about['title'] : 'Untitled';
  const folder = about['folder'];
  const mode = about['mode'];
  return {
    title,
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(mode === 'auto' || mode === 'manual' ? { mode } : {}),
    cells,
  };
}

function readCell(lines: readonly string[], start: number, end: number): Cell {
  const about = parsed(CELL.exec(lines[start] ?? '')?.[1] ?? '', start + 1);
  // The empty line before the next cell belongs to neither.
  const body = lines.slice(start + 1, end < lines.length ? end - 1 : end);
  const source = about['kind'] === 'sql' ? fenced(body, start + 2) : body.map(unescapeLine).join('\n');
  const whole = about['kind'] === 'sql' || about['kind'] === 'markdown' ? { ...about, source } : about;
  const read = cellSchema.safeParse(whole);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw bad(`The cell can't be read: ${issue?.path.join('.')} ${issue?.message}.`, start + 1);
}

function fenced(body: readonly string[], line: number): string {
  const fence = /^(`{3,})sql$/.exec(body[0] ?? '')?.[1];
  const close = fence === undefined ? -1 : body.lastIndexOf(fence);
  if (fence === undefined || close < 1) throw bad('The SQL of a cell stands between ```sql and ```.', line);
  return body.slice(1, close).join('\n');
}

function inFence(lines: readonly string[], index: number): boolean {
  let fence: string | null = null;
  for (let at = 0; at < index; at += 1) {
    const line = lines[at] ?? '';
    if (fence === null) {
      const about = CELL.exec(lines[at - 1] ?? '')?.[1];
      // Only SQL stands in a fence of its own; a text may begin with one.
      if (about?.includes('"kind":"sql"') === true) fence = /^(`{3,})sql$/.exec(line)?.[1] ?? null;
    } else if (line === fence) fence = null;
  }
  return fence !== null;
}

/** Longer than any run of backticks that a line of the text is. */
function fenceFor(source: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/^`+$/gm)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}

/** A line of a text that looks like the start of a cell gets a backslash, which is taken away again. */
function escapeLine(line: string): string {
  return /^\\*<!-- cell /.test(line) ? `\\${line}` : line;
}

function unescapeLine(line: string): string {
  return /^\\+<!-- cell /.test(line) ? line.slice(1) : line;
}

/** JSON that ends no comment. */
function json(value: object): string {
  return JSON.stringify(value)
    .replaceAll('-->', String.raw`--\u003e`)
    .replaceAll('--!>', String.raw`--!\u003e`);
}

function parsed(text: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw bad('What stands between { and } is no JSON.', line);
}

function bad(message: string, line: number): AppError {
  return new AppError('INVALID_INPUT', `Line ${line}: ${message}`, {
    context: { line, column: 1 },
  });
}
