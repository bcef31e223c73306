import type { Core, Cte, Output, Query, Source } from './scope-types.ts';

/** What the catalog knows of a table. */
export interface KnownTable {
  /** Dotted name, e.g. bronze.flights. */
  readonly id: string;
  readonly name: string;
  readonly columns: readonly KnownColumn[];
}

export interface KnownColumn {
  readonly name: string;
  /** DuckDB's name of the type; null where an expression makes the column. */
  readonly sqlType: string | null;
}

/** A column with what it comes from, as a person calls it: a table, an alias, a CTE. */
export interface ResolvedColumn extends KnownColumn {
  readonly from: string;
}

export interface Columns {
  readonly columns: readonly ResolvedColumn[];
  /** False where some columns can't be known from the SQL and the catalog alone. */
  readonly complete: boolean;
}

const UNKNOWN: Columns = { columns: [], complete: false };

/** The innermost SELECT around a place in the SQL; null in the midst of a WITH clause. */
export function coreAt(query: Query, offset: number): Core | null {
  const inner = innerQueries(query).find((each) => each.start <= offset && offset <= each.end);
  if (inner !== undefined) return coreAt(inner, offset);
  return query.cores.findLast((core) => core.start <= offset && offset <= core.end) ?? null;
}

function innerQueries(query: Query): Query[] {
  return [
    ...query.ctes.flatMap((cte) => (cte.query === null ? [] : [cte.query])),
    ...query.cores.flatMap((core) => core.nested),
  ];
}

/** Every query of a statement, the outer ones first. */
export function allQueries(query: Query): Query[] {
  return [query, ...innerQueries(query).flatMap(allQueries)];
}

/** The common table expressions that a place in a query sees, the nearest first. */
export function visibleCtes(query: Query, offset: number): Cte[] {
  const seen = new Set<string>();
  const found: Cte[] = [];
  for (let at: Query | null = query; at !== null; at = at.parent) {
    for (const cte of at.ctes.toReversed()) {
      const key = cte.name.text.toLowerCase();
      if (cte.start >= offset || seen.has(key)) continue;
      seen.add(key);
      found.push(cte);
    }
  }
  return found;
}

/** The SELECT itself and those around it whose names it sees, the innermost first. */
export function coresAround(core: Core): Core[] {
  const found: Core[] = [];
  for (let at: Core | null = core; at !== null; at = at.query.outer) found.push(at);
  return found;
}

/** What a source is called in the SQL beside it: its alias, or the last part of its name. */
export function sourceName(source: Source): string | null {
  return source.alias?.text ?? source.path.at(-1)?.text ?? null;
}

export function sourceNamed(core: Core, name: string): Source | null {
  for (const each of coresAround(core)) {
    const found = each.sources.find((source) => same(sourceName(source), name));
    if (found !== undefined) return found;
  }
  return null;
}

/** The common table expression that a source reads; null where it reads a table. */
export function cteOf(source: Source, query: Query): Cte | null {
  const only = source.path.length === 1 ? source.path[0] : undefined;
  if (source.kind !== 'table' || only === undefined) return null;
  return visibleCtes(query, source.start).find((cte) => same(cte.name.text, only.text)) ?? null;
}

/** By its whole name, or by its last part where that names one table only. */
export function tableNamed<T extends Pick<KnownTable, 'id' | 'name'>>(
  name: string,
  tables: readonly T[],
): T | undefined {
  const whole = tables.find((table) => same(table.id, name));
  if (whole !== undefined) return whole;
  const byName = tables.filter((table) => same(table.name, name));
  return byName.length === 1 ? byName[0] : undefined;
}

/** The columns that a source of a SELECT in `query` offers. */
export function columnsOfSource(
  source: Source,
  query: Query,
  tables: readonly KnownTable[],
  depth = 0,
): Columns {
  const own = ownColumns(source, query, tables, depth);
  const from = sourceName(source) ?? '';
  const renamed = own.columns.map((column, index) => ({
    ...column,
    name: source.columnAliases[index]?.text ?? column.name,
    from: source.kind === 'table' && source.alias === null ? column.from : from,
  }));
  if (own.columns.length > 0 || source.columnAliases.length === 0) return { ...own, columns: renamed };
  return {
    columns: source.columnAliases.map(({ text }) => ({ name: text, sqlType: null, from })),
    complete: true,
  };
}

/** Deeper chains of queries than this are read as unknown; a recursive one would have no end. */
const DEEPEST = 12;

function ownColumns(source: Source, query: Query, tables: readonly KnownTable[], depth: number): Columns {
  if (depth > DEEPEST) return UNKNOWN;
  if (source.query !== null) return columnsOfQuery(source.query, tables, depth + 1);
  if (source.kind !== 'table') return UNKNOWN;
  const cte = cteOf(source, query);
  if (cte !== null) return columnsOfCte(cte, tables, depth + 1);
  const table = tableNamed(source.path.map(({ text }) => text).join('.'), tables);
  if (table === undefined) return UNKNOWN;
  return { columns: table.columns.map((column) => ({ ...column, from: table.id })), complete: true };
}

export function columnsOfCte(cte: Cte, tables: readonly KnownTable[], depth = 0): Columns {
  const { columns, complete } = cte.query === null ? UNKNOWN : columnsOfQuery(cte.query, tables, depth + 1);
  const from = cte.name.text;
  if (cte.columnAliases.length === 0)
    return { columns: columns.map((column) => ({ ...column, from })), complete };
  return {
    columns: cte.columnAliases.map(({ text }, index) => ({
      name: text,
      sqlType: columns[index]?.sqlType ?? null,
      from,
    })),
    complete: true,
  };
}

/** The columns of a query's answer, as far as they are known. */
export function columnsOfQuery(query: Query, tables: readonly KnownTable[], depth = 0): Columns {
  const core = query.cores[0];
  if (core === undefined || depth > DEEPEST) return UNKNOWN;
  const parts = core.outputs.map((output) => columnsOfOutput(output, core, tables, depth));
  return {
    columns: parts.flatMap(({ columns }) => columns),
    complete: parts.length > 0 && parts.every(({ complete }) => complete),
  };
}

function columnsOfOutput(output: Output, core: Core, tables: readonly KnownTable[], depth: number): Columns {
  if (output.kind === 'expression') {
    if (output.alias === null) return UNKNOWN;
    return { columns: [{ name: output.alias.text, sqlType: null, from: '' }], complete: true };
  }
  if (output.kind === 'column') {
    const last = output.path.at(-1);
    const name = output.alias?.text ?? last?.text ?? '';
    const found =
      last === undefined
        ? null
        : resolveColumn(
            output.path.map(({ text }) => text),
            core,
            tables,
            depth,
          );
    return { columns: [{ name, sqlType: found?.sqlType ?? null, from: found?.from ?? '' }], complete: true };
  }
  const sources = core.sources.filter(
    (source) => output.of === null || same(sourceName(source), output.of.text),
  );
  const parts = sources.map((source) => columnsOfSource(source, core.query, tables, depth + 1));
  const excluded = new Set(output.excluded.map((name) => name.toLowerCase()));
  return {
    columns: parts.flatMap(({ columns }) => columns).filter(({ name }) => !excluded.has(name.toLowerCase())),
    complete: parts.length > 0 && parts.every(({ complete }) => complete),
  };
}

/** The column that a name, bare or after the name of a source, means in a SELECT. */
export function resolveColumn(
  path: readonly string[],
  core: Core,
  tables: readonly KnownTable[],
  depth = 0,
): ResolvedColumn | null {
  const name = path.at(-1);
  if (name === undefined) return null;
  const qualifier = path.length > 1 ? path.slice(0, -1).join('.') : null;
  for (const each of coresAround(core)) {
    for (const source of each.sources) {
      const dotted = source.path.map(({ text }) => text).join('.');
      if (qualifier !== null && !same(sourceName(source), qualifier) && !same(dotted, qualifier)) continue;
      const { columns } = columnsOfSource(source, each.query, tables, depth + 1);
      const found = columns.find((column) => same(column.name, name));
      if (found !== undefined) return found;
    }
  }
  return null;
}

export function same(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a.toLowerCase() === b.toLowerCase();
}
