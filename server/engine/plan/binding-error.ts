import { distance } from 'fastest-levenshtein';
import { AppError } from '#shared/errors/app-error.ts';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { utf16Offset } from '#shared/sql/positions.ts';
import { sqlError } from '../analyze/parse.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { readDuckDbFailure, type DuckDbFailure } from '../duckdb/duckdb-error.ts';

/** A table in sight of a query, by what the query calls it. */
export interface NamedColumns {
  readonly alias: string;
  readonly columns: readonly string[];
}

const NO_COLUMN = [
  /^Referenced column "(?<column>[\s\S]*?)" (?:not found|was not found)/,
  /"(?<table>[^"]*)" does not have a column named "(?<column>[^"]*)"/,
  /^Column "(?<column>[^"]*)" (?:in (?:EXCLUDE|REPLACE|RENAME) list not found|does not exist on)/,
];
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
  const lines = failure.message.split('\n').filter((line) => line.trim() !== '');
  const message = (lines[0] ?? '').replaceAll(/"?__timestream_\w+"?/g, 'the table').replace(/[.!]$/, '');
  const hint = lines.find((line) => line.startsWith('Did you mean'));
  return sqlError('SQL_BINDING', `${message}.${hint === undefined ? '' : ` ${hint}`}`, sql, position);
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
  const suggestions = near(column, known);
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

function near(wanted: string, names: readonly string[]): string[] {
  const folded = wanted.toLowerCase();
  const limit = Math.max(2, Math.floor(folded.length / 2));
  return names
    .map((name) => ({ name, score: distance(folded, name.toLowerCase()) }))
    .filter(({ name, score }) => score <= limit || name.toLowerCase().includes(folded))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, 3)
    .map(({ name }) => name);
}

function unique(names: readonly string[]): string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].filter((name) => name !== '');
}
