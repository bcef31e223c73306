import type { SqlFunction } from '#shared/contract/functions.ts';
import {
  coreAt,
  coresAround,
  cteOf,
  resolveColumn,
  same,
  sourceNamed,
  tableNamed,
  type ResolvedColumn,
} from '#shared/sql/scope/resolve.ts';
import type { Core, Cte, Query, Source } from '#shared/sql/scope/scope-types.ts';
import { nameAt, type Cursor, type NamePart } from './cursor.ts';
import type { CompletionTable, LanguageFacts } from './language-facts.ts';

/** What a name in the SQL stands for. */
export type Meaning =
  | { readonly kind: 'table'; readonly table: CompletionTable }
  | { readonly kind: 'cte'; readonly cte: Cte; readonly query: Query }
  /** A name given to an entry of a FROM clause. */
  | { readonly kind: 'alias'; readonly source: Source; readonly core: Core }
  | { readonly kind: 'column'; readonly column: ResolvedColumn; readonly doc: string | undefined }
  | { readonly kind: 'function'; readonly function: SqlFunction };

export interface Named {
  readonly meaning: Meaning;
  readonly name: NamePart;
}

/** What the name at the place stands for; null where that can't be said. */
export function meaningAt(cursor: Cursor, facts: LanguageFacts): Named | null {
  const name = nameAt(cursor);
  if (name === null) return null;
  const meaning = meaningOf(name, cursor, facts);
  return meaning === null ? null : { meaning, name };
}

export function meaningOf(name: NamePart, cursor: Cursor, facts: LanguageFacts): Meaning | null {
  const { core, query } = cursor;
  const declared = declaredAt(name.start, query);
  if (declared !== null) return declared;
  if (name.called && name.path.length === 1) {
    const found = facts.functions.find((each) => same(each.name, name.path[0] ?? null));
    if (found !== undefined) return { kind: 'function', function: found };
  }
  if (core === null) return null;
  const own = sourceOver(core, name.start);
  if (own !== null) return meaningOfSource(own, core, name, facts);

  if (name.qualifies && name.path.length === 1) {
    const source = sourceNamed(core, name.path[0] ?? '');
    const around =
      source === null ? undefined : coresAround(core).find((each) => each.sources.includes(source));
    if (source !== null && around !== undefined) {
      if (source.alias !== null) return { kind: 'alias', source, core: around };
      return meaningOfSource(source, around, { ...name, qualifies: false }, facts);
    }
  }
  if (name.qualifies) return null;
  const column = resolveColumn(name.path, core, facts.tables);
  if (column !== null) return { kind: 'column', column, doc: docOf(column, facts) };
  const table = name.path.length > 1 ? tableNamed(name.path.join('.'), facts.tables) : undefined;
  return table === undefined ? null : { kind: 'table', table };
}

/** The place where a common table expression or an alias gets its name. */
function declaredAt(start: number, query: Query): Meaning | null {
  for (const cte of query.ctes) {
    if (cte.name.start === start) return { kind: 'cte', cte, query };
    const inner = cte.query === null ? null : declaredAt(start, cte.query);
    if (inner !== null) return inner;
  }
  for (const core of query.cores) {
    const source = core.sources.find(({ alias }) => alias?.start === start);
    if (source !== undefined) return { kind: 'alias', source, core };
    for (const nested of core.nested) {
      const inner = declaredAt(start, nested);
      if (inner !== null) return inner;
    }
  }
  return null;
}

/** The entry of the FROM clause that a place is the name of. */
function sourceOver(core: Core, offset: number): Source | null {
  return (
    core.sources.find(
      ({ path }) => path.length > 0 && path[0]!.start <= offset && offset <= (path.at(-1)?.end ?? 0),
    ) ?? null
  );
}

function meaningOfSource(source: Source, core: Core, name: NamePart, facts: LanguageFacts): Meaning | null {
  if (name.qualifies) return null;
  const cte = cteOf(source, core.query);
  if (cte !== null) {
    const query = queryOfCte(core.query, cte);
    return query === null ? null : { kind: 'cte', cte, query };
  }
  if (source.kind !== 'table') return null;
  const table = tableNamed(source.path.map(({ text }) => text).join('.'), facts.tables);
  return table === undefined ? null : { kind: 'table', table };
}

function queryOfCte(query: Query, cte: Cte): Query | null {
  for (let at: Query | null = query; at !== null; at = at.parent) if (at.ctes.includes(cte)) return at;
  return null;
}

function docOf(column: ResolvedColumn, facts: LanguageFacts): string | undefined {
  const table = facts.tables.find(({ id }) => id === column.from);
  return table?.columns.find(({ name }) => same(name, column.name))?.doc;
}

/** Every name that the statement gives or uses for one of its own things, to be renamed together. */
export function occurrencesOf(meaning: Meaning, cursor: Cursor, facts: LanguageFacts): NamePart[] {
  const { list } = cursor;
  const found: NamePart[] = [];
  for (let at = 0; at < list.length; at += 1) {
    if (!list.isName(at)) continue;
    const here: Cursor = { ...cursor, offset: list.start(at), core: null };
    const name = nameAt(here);
    if (name === null) continue;
    const core = coreAt(cursor.query, name.start);
    const other = meaningOf(name, { ...here, core }, facts);
    if (other !== null && isSame(meaning, other)) found.push(name);
  }
  return found;
}

function isSame(a: Meaning, b: Meaning): boolean {
  if (a.kind === 'cte' && b.kind === 'cte') return a.cte === b.cte;
  if (a.kind === 'alias' && b.kind === 'alias') return a.source === b.source;
  return false;
}
