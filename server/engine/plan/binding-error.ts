import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure, type DuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { quotedPlace } from '#shared/sql/failure-place.ts';
import { failureSentence } from '#shared/sql/failure-sentence.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { utf16Offset } from '#shared/sql/positions.ts';
import { nearestNames } from '#shared/util/nearest-names.ts';
import { sqlError } from '../analyze/parse.ts';
import type { SplicedSql } from '../analyze/splices.ts';

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
  return sqlError('SQL_BINDING', failureSentence(failure), sql, position ?? quotedPlace(sql, failure));
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
  const inSight = unique([...tables.map(({ alias }) => alias), ...listed]);
  const renamed = tables.find(
    ({ name, alias }) =>
      alias !== wanted && (name.split('.').at(-1) ?? name).toLowerCase() === wanted.toLowerCase(),
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
  const named = tables.filter((candidate) => candidate.alias.toLowerCase() === table?.toLowerCase());
  const known = unique([
    ...(named.length > 0 ? named : tables).flatMap((candidate) => candidate.columns),
    ...failure.candidates.map((candidate) => candidate.trim().replaceAll('"', '')),
  ]);
  const suggestions = nearestNames(column, known);
  const subject =
    table === undefined
      ? `There is no column ${displayIdentifier(column)} here.`
      : `${displayIdentifier(table)} has no column ${displayIdentifier(column)}.`;
  const hint =
    suggestions.length > 0
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

function unique(names: readonly string[]): string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].filter((name) => name !== '');
}
