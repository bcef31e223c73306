import { cellName, type Cell, type InputControl } from '../contract/notebooks.ts';
import { unquote } from '../sql/scope/token-list.ts';
import { splitStatements } from '../sql/statements.ts';
import { readSetVariable, withoutVariables, type VariableValue } from './script-variables.ts';

const VIEW =
  /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?VIEW\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*)\s+AS\s+/iu;

/** A view that can be a named cell: its name and its query. */
export function readView(statement: string): { readonly name: string; readonly query: string } | null {
  const view = VIEW.exec(statement);
  const { data: name } = cellName.safeParse(unquote(view?.[1] ?? ''));
  return view === null || name === undefined ? null : { name, query: statement.slice(view[0].length) };
}

/** What becomes of a variable: an input, or a cell where its value has to be asked for. */
interface Variable {
  readonly value: VariableValue;
  /** Stands for `getvariable('name')`. */
  readonly use: string;
  /** The input that it is a value of, where that is called otherwise: `day` of `day_from` and `day_to`. */
  readonly range?: string;
}

/**
 * The cells of a script that another program wrote: one for each statement with the comment before it; views become
 * named cells, and variables that are set once become inputs, or named cells where their value is a query's.
 */
export function cellsOfScript(script: string, makeId: () => string): Cell[] {
  const statements = splitStatements(script);
  const variables = variablesOf(statements.map(({ text }) => text));
  const replaced = (sql: string) =>
    withoutVariables(sql, (name) => variables.get(name.toLowerCase())?.use ?? null);
  const cells: Cell[] = [];
  let from = 0;
  for (const { start, end, text } of statements) {
    const comments = between(script, from, start);
    from = end;
    const set = readSetVariable(text);
    const variable = set === null ? undefined : variables.get(set.name.toLowerCase());
    if (set !== null && variable !== undefined && variable.value.type !== 'expression') {
      cells.push(...inputOf(set.name, variable, variables, comments, makeId));
      continue;
    }
    const view = readView(text);
    const isQuery = set !== null && variable !== undefined;
    const name = isQuery ? set.name : view?.name;
    const expression = variable?.value.type === 'expression' ? variable.value.value : '';
    const sql = replaced(isQuery ? `SELECT ${expression} AS "${set.name}"` : (view?.query ?? text));
    const source = comments === '' ? sql : `${comments}\n${sql}`;
    cells.push({ id: makeId(), kind: 'sql', source, view: 'grid', ...(name === undefined ? {} : { name }) });
  }
  const rest = between(script, from, script.length);
  if (rest !== '') cells.push({ id: makeId(), kind: 'sql', source: rest, view: 'grid' });
  return cells;
}

function between(script: string, from: number, to: number): string {
  return script
    .slice(from, to)
    .replace(/^[\s;]+/, '')
    .trim();
}

/** Variables by their names in lower case. One that is set twice is no input: what it is depends on where one reads. */
function variablesOf(statements: readonly string[]): ReadonlyMap<string, Variable> {
  const sets = statements.flatMap((text) => readSetVariable(text) ?? []);
  const key = (name: string) => name.toLowerCase();
  const taken = new Set(statements.flatMap((text) => key(readView(text)?.name ?? '')));
  const count = (name: string) => sets.filter((each) => key(each.name) === key(name)).length;
  const isFree = (name: string) => !taken.has(key(name));
  const fit = sets.filter(
    ({ name }) => cellName.safeParse(name).success && count(name) === 1 && isFree(name),
  );
  const found = new Map<string, Variable>();
  for (const { name, value } of fit) {
    const stem = /^(.+)_(?:from|to)$/i.exec(name)?.[1];
    const ends = stem === undefined ? [] : fit.filter((each) => /_(?:from|to)$/i.test(each.name));
    const pair = ends.filter((each) => key(each.name).replace(/_(?:from|to)$/, '') === key(stem ?? ''));
    const isRange =
      stem !== undefined &&
      isFree(stem) &&
      count(stem) === 0 &&
      pair.length === 2 &&
      pair.every((each) => each.value.type === 'date');
    found.set(
      key(name),
      isRange ? { value, use: `$${name}`, range: stem } : { value, use: useOf(name, value) },
    );
  }
  return found;
}

/** Inputs give texts, numbers and lists of texts: what is another type is cast where it is used. */
function useOf(name: string, value: VariableValue): string {
  if (value.type === 'expression') return `(FROM "${name}")`;
  if (value.type === 'date') return `CAST($${name} AS DATE)`;
  return value.type === 'boolean' ? `CAST($${name} AS BOOLEAN)` : `$${name}`;
}

function inputOf(
  name: string,
  { value, range }: Variable,
  variables: ReadonlyMap<string, Variable>,
  comments: string,
  makeId: () => string,
): Cell[] {
  // The comment before it is its title, as far as it is one.
  const title = /^--[ \t]*([^\n\r]{1,200})$/.exec(comments)?.[1]?.trim() ?? '';
  const note: Cell[] =
    comments === '' || title !== ''
      ? []
      : [{ id: makeId(), kind: 'markdown', source: comments.replaceAll(/^--[ \t]?/gm, '') }];
  const label = title === '' ? {} : { label: title };
  if (range === undefined)
    return [...note, { id: makeId(), kind: 'input', name, ...label, control: controlOf(value) }];
  // Both ends are one input, which stands where the first of them is set.
  const [from, to] = ['from', 'to'].map((end) => variables.get(`${range.toLowerCase()}_${end}`)?.value);
  const first = [...variables.entries()].find(
    ([, each]) => each.range?.toLowerCase() === range.toLowerCase(),
  );
  if (first?.[0] !== name.toLowerCase()) return note;
  const date = (end: VariableValue | undefined) => (end?.type === 'date' ? end.value : null);
  const control: InputControl = { type: 'date-range', from: date(from), to: date(to) };
  return [...note, { id: makeId(), kind: 'input', name: range, ...label, control }];
}

function controlOf(value: VariableValue): InputControl {
  switch (value.type) {
    case 'text':
    case 'date':
      return { type: 'text', value: value.value };
    case 'number':
      return { type: 'number', value: value.value };
    case 'boolean':
      return { type: 'select', value: value.value, query: '', options: ['true', 'false'] };
    case 'list':
      return {
        type: 'select',
        value: null,
        values: [...value.value],
        query: '',
        options: [...new Set(value.value)],
      };
    case 'null':
    case 'expression':
      return { type: 'select', value: null, query: '' };
  }
}
