import type { Cell } from '../contract/notebooks.ts';
import type { SqlOutline } from '../contract/notebook-relations.ts';
import { quoteIdentifier } from '../sql/quoting.ts';
import { inputParameters } from './cell-sql.ts';
import { canBeNamed } from './named-cells.ts';
import { placeholders } from './placeholders.ts';

const PLAIN = /^[\p{Ll}_][\p{Ll}\p{N}_]*$/u;

/**
 * The cells with one of them renamed, and every use of its name with it: in FROM, as `$name`, in texts, and where a
 * metric, a chart, a pivot or a choice names it. Column qualifiers go on as they are, under the old name as an alias.
 *
 * @param outlineOf must know every text; uses in what does not parse stay
 */
export function renameCell(
  cells: readonly Cell[],
  id: string,
  name: string,
  outlineOf: (sql: string) => SqlOutline | undefined,
): Cell[] {
  const target = cells.find((cell) => cell.id === id);
  if (target === undefined || !canBeNamed(target)) return [...cells];
  const renamed: Cell = { ...target, name };
  const before = target.name;
  if (before === undefined) return cells.map((cell) => (cell.id === id ? renamed : cell));
  const names = new Map([[before.toLowerCase(), name]]);
  for (const [index, { name: old }] of inputParameters([target]).entries())
    names.set(old.toLowerCase(), inputParameters([renamed])[index]?.name ?? name);
  const kind = target.kind === 'input' ? 'input' : 'relation';
  return cells.map((cell) => withNames(cell.id === id ? renamed : cell, names, kind, outlineOf));
}

function withNames(
  cell: Cell,
  names: ReadonlyMap<string, string>,
  kind: 'relation' | 'input',
  outlineOf: (sql: string) => SqlOutline | undefined,
): Cell {
  const nameOf = (old: string): string => names.get(old.trim().toLowerCase()) ?? old;
  if (cell.kind === 'markdown') {
    const splices = placeholders(cell.source).flatMap(({ name, column, start, end }) =>
      names.has(name.toLowerCase())
        ? [{ start, end, text: `{{${nameOf(name)}${column === null ? '' : `.${column}`}}}` }]
        : [],
    );
    return splices.length === 0 ? cell : { ...cell, source: spliced(cell.source, splices) };
  }
  if (cell.kind === 'sql') {
    const source = renamedSql(cell.source, names, kind, outlineOf);
    return source === cell.source ? cell : { ...cell, source };
  }
  if (cell.kind === 'input') {
    if (cell.control.type !== 'select') return cell;
    const { query } = cell.control;
    const isName = kind === 'relation' && names.has(query.trim().toLowerCase());
    const next = isName ? nameOf(query) : renamedSql(query, names, kind, outlineOf);
    return next === query ? cell : { ...cell, control: { ...cell.control, query: next } };
  }
  const relation = kind === 'relation' ? nameOf(cell.relation) : cell.relation;
  return relation === cell.relation ? cell : { ...cell, relation };
}

function renamedSql(
  sql: string,
  names: ReadonlyMap<string, string>,
  kind: 'relation' | 'input',
  outlineOf: (sql: string) => SqlOutline | undefined,
): string {
  const outline = outlineOf(sql);
  if (outline === undefined) return sql;
  if (kind === 'input')
    return spliced(
      sql,
      outline.parameters.flatMap(({ name, start, end }) => {
        const next = names.get(name.toLowerCase());
        return next === undefined ? [] : [{ start, end, text: `$${next}` }];
      }),
    );
  return spliced(
    sql,
    outline.relations.flatMap(({ name, start, end, aliased }) => {
      const next = names.get(name.toLowerCase());
      if (next === undefined) return [];
      const written = sql.slice(start, end);
      // Columns may be qualified by the old name; an alias keeps them what they are.
      const qualified = !aliased && new RegExp(`${escaped(written)}\\s*\\.`, 'iu').test(sql);
      return [{ start, end, text: `${identifier(next)}${qualified ? ` AS ${written}` : ''}` }];
    }),
  );
}

function identifier(name: string): string {
  return PLAIN.test(name) ? name : quoteIdentifier(name);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function spliced(
  text: string,
  splices: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  return [...splices]
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text: next }) => done.slice(0, start) + next + done.slice(end), text);
}
