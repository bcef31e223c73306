import { z } from 'zod';
import {
  cell as cellSchema,
  type Cell,
  type InputCell,
  type NotebookContent,
} from '../contract/notebooks.ts';
import { AppError } from '../errors/app-error.ts';
import { quoteIdentifier } from '../sql/quoting.ts';
import { splitStatements } from '../sql/statements.ts';
import { tokenize } from '../sql/tokenize.ts';
import { isWriteStatement } from '../sql/write-statements.ts';
import { inputParameters, setVariables } from './cell-sql.ts';
import { cellsOfScript, readView } from './foreign-script.ts';
import { isNamedRelation } from './named-cells.ts';
import { relationSql } from './relation-sql.ts';
import { readSetVariable, withoutVariables, withVariables } from './script-variables.ts';

type Content = Readonly<Omit<NotebookContent, 'cells'>> & { readonly cells: readonly Cell[] };

const HEAD = /^-- timestream notebook (\{.*\})$/;
const head = z.object({
  title: z.string(),
  folder: z.string().optional(),
  mode: z.enum(['auto', 'manual']).optional(),
  /** The word that begins a cell, where no line of the script begins with it otherwise. */
  mark: z
    .string()
    .regex(/^cell(-\d+)?$/)
    .default('cell'),
  /** Ids of the cells as they stand in the notebook, where the script has them in another order. */
  order: z.array(z.string()).optional(),
});

/**
 * A notebook as a script that DuckDB runs: named cells are views, inputs variables, text comments. A comment before
 * each cell says what else there is to it, so that `fromSqlScript` brings the notebook back as it was. Views of charts,
 * metrics and pivots are there to be read: what these are, their comments alone say.
 *
 * @param order ids of the cells, each after what it reads
 */
export function toSqlScript({ title, folder, mode, cells }: Content, order: readonly string[]): string {
  const names = inputParameters(cells).map(({ name }) => name);
  const inputs = cells.filter(({ kind }) => kind === 'input');
  const others = cells.filter(({ kind }) => kind !== 'input');
  const sorted = [...inputs, ...others.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))];
  const parts = sorted.map((cell) => {
    const body = bodyOf(cell, names);
    return { about: aboutOf(cell, body, names), body };
  });
  const mark = freeMark(parts.map(({ body }) => body));
  const ids = cells.map(({ id }) => id);
  const isOrdered = ids.every((id, index) => sorted[index]?.id === id);
  const about: z.input<typeof head> = {
    title,
    ...(folder === undefined ? {} : { folder }),
    ...(mode === undefined ? {} : { mode }),
    ...(mark === 'cell' ? {} : { mark }),
    ...(isOrdered ? {} : { order: ids }),
  };
  const lines = [`-- timestream notebook ${JSON.stringify(about)}`];
  for (const part of parts) {
    lines.push('', `-- timestream ${mark} ${JSON.stringify(part.about)}`);
    if (part.body !== '') lines.push(part.body);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * A script as a notebook: one of `toSqlScript` as it was, with what was changed in its SQL, its variables and its
 * comments since; one from elsewhere as a cell for each statement.
 *
 * @throws INVALID_INPUT with the line, where a comment about a cell can't be read
 */
export function fromSqlScript(script: string, title: string, makeId: () => string): Content {
  const lines = script
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .split('\n');
  const first = HEAD.exec(lines[0] ?? '')?.[1];
  if (first === undefined) return { title: title.slice(0, 200), cells: cellsOfScript(script, makeId) };
  const { mark, order, ...about } = parsed(head, first, 1);
  const marks = new RegExp(`^-- timestream ${mark} (\\{.*\\})$`);
  if (lines.at(-1) === '') lines.pop();
  const starts = lines.flatMap((line, index) => (index > 0 && marks.test(line) ? [index] : []));
  const parts = starts.map((start, index) => {
    const end = starts[index + 1];
    // The empty line before the next cell belongs to neither.
    const body = lines.slice(start + 1, end === undefined ? lines.length : end - 1).join('\n');
    const text = marks.exec(lines[start] ?? '')?.[1] ?? '';
    return { about: parsed(z.looseObject({ kind: z.string() }), text, start + 1), body, line: start + 1 };
  });
  const inputs = parts.flatMap(({ about: each }) => {
    const input = cellSchema.safeParse(each);
    return input.success ? inputParameters([input.data]).map(({ name }) => name) : [];
  });
  const cells = parts.map((part) => readCell(part.about, part.body, inputs, part.line));
  const place = (id: string) => order?.indexOf(id) ?? 0;
  return {
    title: about.title.slice(0, 200),
    ...(about.folder === undefined ? {} : { folder: about.folder }),
    ...(about.mode === undefined ? {} : { mode: about.mode }),
    cells: order === undefined ? cells : cells.sort((a, b) => place(a.id) - place(b.id)),
  };
}

/** What of a cell its SQL does not say. Its text as well, where it can't be told from the SQL to the last character. */
function aboutOf(cell: Cell, body: string, names: readonly string[]): object {
  if (cell.kind !== 'sql' && cell.kind !== 'markdown') return cell;
  const { source, ...rest } = cell;
  const name = cell.kind === 'sql' ? cell.name : undefined;
  const isTold = sourceOf(cell.kind, body.replaceAll('\r\n', '\n'), name, names) === source;
  return isTold ? rest : cell;
}

/** What other tools run of a cell, or read of it. */
function bodyOf(cell: Cell, names: readonly string[]): string {
  if (cell.kind === 'markdown') return comment(cell.source);
  if (cell.kind === 'input') return setVariables(inputParameters([cell])).join('\n');
  if (cell.kind !== 'sql') {
    if (!isNamedRelation(cell)) return '';
    const query = relationSql(cell);
    return query === null ? '' : viewOf(cell.name, query);
  }
  // What ends inside of a comment or a string would take everything behind it along.
  if ([...tokenize(cell.source)].some(({ open }) => open)) return comment(cell.source);
  const sql = withVariables(cell.source, names);
  const last = splitStatements(sql).at(-1);
  if (last === undefined) return sql.trim();
  if (cell.name === undefined || isWriteStatement(last.text)) return `${sql.slice(0, last.end).trim()};`;
  // What others read is the last of several statements.
  const before = sql.slice(0, last.start).trim();
  const view = viewOf(cell.name, last.text);
  return before === '' ? view : `${before}\n${view}`;
}

function viewOf(name: string, query: string): string {
  return `CREATE OR REPLACE TEMP VIEW ${quoteIdentifier(name)} AS\n${query};`;
}

/** The text of a cell as its part of a script says. */
function sourceOf(
  kind: 'sql' | 'markdown',
  body: string,
  name: string | undefined,
  names: readonly string[],
): string {
  if (kind === 'markdown') return body.replaceAll(/^-- ?/gm, '');
  const spelled = new Set(names);
  const last = splitStatements(body).at(-1);
  if (last === undefined) return body;
  const view = readView(last.text);
  const sql =
    view !== null && view.name === name ? body.slice(0, last.start) + view.query : body.slice(0, last.end);
  return withoutVariables(sql, (each) => (spelled.has(each) ? `$${each}` : null));
}

function readCell(
  about: Readonly<Record<string, unknown>>,
  body: string,
  names: readonly string[],
  line: number,
): Cell {
  const { kind, name, source } = about;
  const isText = kind === 'sql' || kind === 'markdown';
  const told = isText
    ? { ...about, source: sourceOf(kind, body, typeof name === 'string' ? name : undefined, names) }
    : about;
  const read = cellSchema.safeParse(
    isText && typeof source === 'string' && isUnchanged(about, body, names) ? about : told,
  );
  if (!read.success) {
    const issue = read.error.issues[0];
    throw bad(`The cell can't be read: ${issue?.path.join('.')} ${issue?.message}.`, line);
  }
  return read.data.kind === 'input' && !isUnchanged(read.data, body, names)
    ? withValues(read.data, body, line)
    : read.data;
}

/** Whether the part of a cell is what was written for it: then its comment says more exactly what it is. */
function isUnchanged(about: unknown, body: string, names: readonly string[]): boolean {
  const { data } = cellSchema.safeParse(about);
  return data !== undefined && bodyOf(data, names).replaceAll('\r\n', '\n') === body;
}

/** An input with the values that the script gives its variables now. */
function withValues(cell: InputCell, body: string, line: number): Cell {
  const sets = splitStatements(body).flatMap(({ text }) => readSetVariable(text) ?? []);
  const valueOf = (name: string, old: string | null): string | null => {
    const value = sets.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
    if (value === undefined) return old;
    if (value.type === 'null') return null;
    return typeof value.value === 'string' && value.type !== 'expression' ? value.value : old;
  };
  const { control, name } = cell;
  const list = sets.find((each) => each.value.type === 'list')?.value;
  const changed =
    control.type === 'date-range'
      ? { ...control, from: valueOf(`${name}_from`, control.from), to: valueOf(`${name}_to`, control.to) }
      : control.type === 'select' && control.values !== undefined && list?.type === 'list'
        ? { ...control, values: [...list.value] }
        : { ...control, value: valueOf(name, control.value) };
  const read = cellSchema.safeParse({ ...cell, control: changed });
  if (read.success) return read.data;
  throw bad(`The value of $${name} does not fit its input: ${read.error.issues[0]?.message}.`, line + 1);
}

function freeMark(bodies: readonly string[]): string {
  let mark = 'cell';
  const isTaken = () => bodies.some((body) => body.includes(`-- timestream ${mark} `));
  for (let count = 2; isTaken(); count += 1) mark = `cell-${count}`;
  return mark;
}

function comment(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => (line === '' ? '--' : `-- ${line}`))
    .join('\n');
}

function parsed<T>(schema: z.ZodType<T>, text: string, line: number): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('What stands between { and } is no JSON.', line);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw bad(`${issue?.path.join('.')} ${issue?.message}.`, line);
}

function bad(message: string, line: number): AppError {
  return new AppError('INVALID_INPUT', `Line ${line}: ${message}`, { context: { line, column: 1 } });
}
