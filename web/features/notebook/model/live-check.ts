import type { ComposedSql } from '#shared/contract/notebook-relations.ts';
import { isAppError, type AppError } from '#shared/errors/app-error.ts';
import { splitStatements, type StatementSpan } from '#shared/sql/statements.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { errorPlace } from './error-place.ts';
import { placedInCell } from './prepared-run.ts';

export interface LiveCheckPorts {
  /** Throws what is wrong with a query. */
  readonly check: (sql: string, ref: string, signal: AbortSignal) => Promise<void>;
  /** Gives the statement that reads tables alone; null where that is the statement itself. */
  readonly compose: (sql: string, signal: AbortSignal) => Promise<ComposedSql> | null;
  readonly nameOf: (cellId: string) => string;
}

export interface CheckedCell {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
}

export interface CheckedText {
  readonly error: AppError;
  /** The text only stops too early, or in the middle of a word: whoever still writes it knows. */
  readonly unfinished: boolean;
}

/** Errors that a person can mend in the text. Any other may have passed when the cell runs. */
const OF_THE_TEXT: ReadonlySet<string> = new Set([
  'SQL_SYNTAX',
  'SQL_BINDING',
  'COLUMN_NOT_FOUND',
  'TABLE_NOT_FOUND',
]);
/** A text of more statements is a script, which is not checked at every pause. */
const MOST_STATEMENTS = 8;

/**
 * What is wrong with a cell's text, before it runs; null where nothing is, or nothing can be said. Statements that
 * change tables are not checked: they have no plan without being run.
 */
export async function checkCell(
  cell: CheckedCell,
  ports: LiveCheckPorts,
  signal: AbortSignal,
): Promise<CheckedText | null> {
  const statements = splitStatements(cell.source);
  if (statements.length > MOST_STATEMENTS) return null;
  for (const statement of statements) {
    if (isWriteStatement(statement.text)) continue;
    const error = await checkStatement(cell, statement, ports, signal);
    if (error !== null) return { error, unfinished: isUnfinished(error, cell.source, statement) };
  }
  return null;
}

async function checkStatement(
  cell: CheckedCell,
  { text, start }: StatementSpan,
  { check, compose, nameOf }: LiveCheckPorts,
  signal: AbortSignal,
): Promise<AppError | null> {
  let composed: ComposedSql | null = null;
  try {
    composed = await compose(text, signal);
    await check(composed?.sql ?? text, composed?.ref ?? cell.ref, signal);
    return null;
  } catch (error) {
    const pieces = composed === null ? {} : { pieces: composed.pieces };
    const placed = placedInCell(error, { cell, nameOf, step: { sql: text, offset: start }, ...pieces });
    return isAppError(placed) && OF_THE_TEXT.has(placed.code) ? placed : null;
  }
}

function isUnfinished(error: AppError, source: string, { start, end }: StatementSpan): boolean {
  if (error.code !== 'SQL_SYNTAX') return false;
  const { position } = error.context;
  const rest = source.slice(
    typeof position === 'number' ? position : (errorPlace(error, source)?.start ?? start),
    end,
  );
  return /^[\p{L}\p{N}_]*$/u.test(rest.trim());
}
