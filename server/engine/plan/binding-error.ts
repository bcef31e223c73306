import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure, type DuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { quotedPlace } from '#shared/sql/failure-place.ts';
import { failureSentence } from '#shared/sql/failure-sentence.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { utf16Offset } from '#shared/sql/positions.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import { sqlError } from '../analyze/parse.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { filteringJoins } from './filtering-joins.ts';

/** A table in sight of a query, by what the query calls it. */
export interface NamedColumns {
  /** Dotted, as the catalog has it. */
  readonly name: string;
  readonly alias: string;
  readonly columns: readonly string[];
}

const NO_COLUMN = [
  /^Referenced column "(?<column>[\s\S]*?)" (?:not found|was not found)/,
  /"(?<table>[^"]*)" does not have a column named "(?<column>[^"]*)"/,
  /^Column "(?<column>[^"]*)" (?:in (?:EXCLUDE|REPLACE|RENAME) list not found|does not exist on)/,
];
const NO_TABLE = /^Referenced table "(?<table>[\s\S]*?)" not found/;
const LISTED = 10;

/**
 * Why DuckDB would not bind a query, told of the SQL that the person wrote.
 *
 * @param sql the person's SQL; `spliced` is what was bound
 * @returns COLUMN_NOT_FOUND with `columnName` and `suggestions`, or SQL_BINDING; with a position where DuckDB has one
 */
export function bindingError(
  error: unknown,
  sql: string,
  spliced: SplicedSql,
  tables: readonly NamedColumns[],
): AppError {
  if (error instanceof AppError) return error;
  const failure = readDuckDbFailure(error);
  const position =
    failure.position === undefined ? null : spliced.toOriginal(utf16Offset(spliced.sql, failure.position));
  for (const pattern of NO_COLUMN) {
    const groups = pattern.exec(failure.message)?.groups;
    if (groups?.['column'] !== undefined)
      return columnNotFound(groups['column'], groups['table'], failure, sql, position, tables);
  }
  if (failure.type === 'Out of Memory')
    return new AppError(
      'OUT_OF_MEMORY',
      'The constants of the query need more memory than planning may take.',
      {
        cause: error,
      },
    );
  const missing = NO_TABLE.exec(failure.message)?.groups?.['table'];
  if (missing !== undefined) return notInSight(missing, failure, sql, position, tables);
  return sqlError(
    'SQL_BINDING',
    failureSentence(failure, spliced.sql),
    sql,
    position ?? quotedPlace(sql, failure),
  );
}

/** A column is asked of something that the query does not read, or calls otherwise. */
function notInSight(
  wanted: string,
  failure: DuckDbFailure,
  sql: string,
  position: number | null,
  tables: readonly NamedColumns[],
): AppError {
  const own = /\nCandidate tables: (.*)/.exec(failure.message)?.[1] ?? '';
  // What DuckDB lists may be a WITH or a subquery; it lists no more than those that are near.
  const listed = [...own.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  // A table that the query has elsewhere may be called so, inside of a subquery for one.
  const inSight = unique([...tables.map(({ alias }) => alias), ...listed]).filter(
    (name) => !isSame(name, wanted),
  );
  const filtered = filteredBy(sql, wanted);
  if (filtered !== null) {
    const message = `${displayIdentifier(wanted)} has no columns here. ${filtered}`;
    return sqlError('SQL_BINDING', message, sql, position, { table: wanted, suggestions: [] });
  }
  const renamed = tables.find(
    ({ name, alias }) => !isSame(alias, wanted) && isSame(name.split('.').at(-1) ?? name, wanted),
  );
  const suggestions = nearestNames(wanted, inSight);
  const hint =
    renamed !== undefined
      ? `${renamed.name} is called ${displayIdentifier(renamed.alias)} here.`
      : suggestions.length > 0
        ? `Did you mean ${suggestions.map(displayIdentifier).join(' or ')}?`
        : inSight.length > 0
          ? `It reads ${inSight.slice(0, LISTED).map(displayIdentifier).join(', ')}.`
          : 'It reads no table.';
  return sqlError(
    'SQL_BINDING',
    `This part of the query reads no table ${displayIdentifier(wanted)}. ${hint}`,
    sql,
    position,
    { table: wanted, suggestions: renamed === undefined ? suggestions : [renamed.alias] },
  );
}

function columnNotFound(
  column: string,
  table: string | undefined,
  failure: DuckDbFailure,
  sql: string,
  position: number | null,
  tables: readonly NamedColumns[],
): AppError {
  const named = tables.filter((candidate) => table !== undefined && isSame(candidate.alias, table));
  const asked = named.length > 0 ? named : tables;
  const known = unique([
    ...asked.flatMap((candidate) => candidate.columns),
    ...failure.candidates.map((candidate) => candidate.trim().replaceAll('"', '')),
  ]).filter((name) => !isSame(name, column));
  const filtered = asked
    .filter(({ columns }) => columns.some((name) => isSame(name, column)))
    .map(({ alias }) => filteredBy(sql, alias))
    .find((hint) => hint !== null);
  const suggestions = filtered === undefined ? nearestNames(column, known) : [];
  const subject =
    table === undefined
      ? `There is no column ${displayIdentifier(column)} here.`
      : `${displayIdentifier(table)} has no column ${displayIdentifier(column)}.`;
  const hint =
    filtered !== undefined
      ? ` ${filtered}`
      : suggestions.length > 0
        ? ` Did you mean ${suggestions.map(displayIdentifier).join(' or ')}?`
        : known.length > 0
          ? ` The columns are ${known.slice(0, LISTED).map(displayIdentifier).join(', ')}${known.length > LISTED ? ', …' : ''}.`
          : '';
  return sqlError('COLUMN_NOT_FOUND', subject + hint, sql, position, {
    columnName: column,
    suggestions,
    ...(table === undefined ? {} : { table }),
  });
}

/** Why a table of the query has no columns to give, though it is there; null where that is not so. */
function filteredBy(sql: string, alias: string): string | null {
  const join = filteringJoins(sql).find(({ right }) => isSame(right, alias));
  if (join === undefined) return null;
  const only = 'JOIN gives the columns of its left table only';
  return join.kind === 'ANTI'
    ? `An ANTI ${only}.`
    : `A SEMI ${only}; JOIN gives those of ${displayIdentifier(alias)} too.`;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function unique(names: readonly string[]): string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].filter((name) => name !== '');
}
