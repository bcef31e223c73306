import {
  coresAround,
  cteOf,
  same,
  sourceName,
  tableNamed,
  type KnownColumn,
  type KnownTable,
} from '#shared/sql/scope/resolve.ts';
import type { Core, Output, Query, Source } from '#shared/sql/scope/scope-types.ts';

export interface ColumnOrigin<T extends KnownTable> {
  readonly table: T;
  readonly column: T['columns'][number];
}

/** Deeper chains of queries than this are not followed; a recursive one would have no end. */
const DEEPEST = 12;

/**
 * The column of a table that a name in a SELECT means, through aliases, subqueries and common table expressions that
 * hand it on unchanged. Null where an expression makes it, or where it is not known.
 */
export function originOf<T extends KnownTable>(
  path: readonly string[],
  core: Core,
  tables: readonly T[],
  depth = 0,
): ColumnOrigin<T> | null {
  const name = path.at(-1);
  if (name === undefined || depth > DEEPEST) return null;
  const qualifier = path.length > 1 ? path.slice(0, -1).join('.') : null;
  for (const each of coresAround(core)) {
    for (const source of each.sources) {
      if (qualifier !== null && !same(sourceName(source), qualifier) && !same(dotted(source), qualifier))
        continue;
      const found = ofSource(source, name, each.query, tables, depth);
      if (found !== null) return found;
    }
  }
  return null;
}

function ofSource<T extends KnownTable>(
  source: Source,
  name: string,
  query: Query,
  tables: readonly T[],
  depth: number,
): ColumnOrigin<T> | null {
  const renamed = source.columnAliases.findIndex(({ text }) => same(text, name));
  if (renamed < 0 && source.columnAliases.length > 0) return null;
  const wanted: Wanted = renamed < 0 ? { name } : { at: renamed };
  if (source.query !== null) return ofQuery(source.query, wanted, tables, depth + 1);
  if (source.kind !== 'table') return null;
  const cte = cteOf(source, query);
  if (cte !== null) {
    const at = cte.columnAliases.findIndex(({ text }) => 'name' in wanted && same(text, wanted.name));
    if (cte.query === null || (at < 0 && cte.columnAliases.length > 0 && 'name' in wanted)) return null;
    return ofQuery(cte.query, at < 0 ? wanted : { at }, tables, depth + 1);
  }
  const table = tableNamed(dotted(source), tables);
  const column: T['columns'][number] | undefined =
    'at' in wanted
      ? table?.columns[wanted.at]
      : table?.columns.find((each: KnownColumn) => same(each.name, wanted.name));
  return table === undefined || column === undefined ? null : { table, column };
}

/** A column of an answer by its name, or by its place in it. */
type Wanted = { readonly name: string } | { readonly at: number };

function ofQuery<T extends KnownTable>(
  query: Query,
  wanted: Wanted,
  tables: readonly T[],
  depth: number,
): ColumnOrigin<T> | null {
  const core = query.cores[0];
  if (core === undefined || depth > DEEPEST) return null;
  if ('at' in wanted) {
    // Behind a star the places are not those of the list.
    const before = core.outputs.slice(0, wanted.at + 1);
    const output = before.at(wanted.at);
    if (output === undefined || before.some(({ kind }) => kind === 'star')) return null;
    return ofOutput(output, core, tables, depth);
  }
  const own = core.outputs.find((output) => same(nameOf(output), wanted.name));
  if (own !== undefined) return ofOutput(own, core, tables, depth);
  for (const output of core.outputs) {
    if (output.kind !== 'star' || output.excluded.some((each) => same(each, wanted.name))) continue;
    const { of } = output;
    for (const source of core.sources) {
      if (of !== null && !same(sourceName(source), of.text)) continue;
      const found = ofSource(source, wanted.name, query, tables, depth + 1);
      if (found !== null) return found;
    }
  }
  return null;
}

function ofOutput<T extends KnownTable>(
  output: Output,
  core: Core,
  tables: readonly T[],
  depth: number,
): ColumnOrigin<T> | null {
  if (output.kind !== 'column') return null;
  return originOf(
    output.path.map(({ text }) => text),
    core,
    tables,
    depth + 1,
  );
}

function nameOf(output: Output): string | null {
  if (output.kind === 'star') return null;
  return output.alias?.text ?? (output.kind === 'column' ? (output.path.at(-1)?.text ?? null) : null);
}

function dotted(source: Source): string {
  return source.path.map(({ text }) => text).join('.');
}
