import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { csvChunks, type CsvMarks } from './csv-chunks.ts';
import { fileFault } from './ask-worker.ts';

/** What reading CSV needs of DuckDB. */
export interface CsvEngine {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Makes bytes readable by SQL under a path until `forget`. The bytes are given away. */
  give(path: string, bytes: Uint8Array): Promise<void>;
  forget(path: string): Promise<void>;
}

/** How a file is to be read. */
export interface CsvDialect extends CsvMarks {
  readonly skip: number;
  readonly header: boolean;
  readonly comment: string | null;
  readonly dateFormat: string | null;
  readonly timestampFormat: string | null;
  readonly columns: readonly ResultColumn[];
}

/** A file of CSV, as often as it has to be read. */
export interface CsvSource {
  readonly file: Pick<File, 'name'>;
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Where DuckDB may read; no other file may be at it. */
  readonly path: string;
}

/** Bytes that the kinds of columns are guessed from. */
const SAMPLE_BYTES = 1024 ** 2;
const CHUNK_BYTES = 4 * 1024 ** 2;
const NOT_SET = '(empty)';
/** The type that DuckDB guesses for whole numbers. */
const WHOLE = 'BIGINT';

/** @throws AppError CORRUPT_FILE */
export async function sniffCsv(engine: CsvEngine, { file, open, path }: CsvSource): Promise<CsvDialect> {
  const sample = await firstBytes(open());
  if (sample.length === 0) throw fileFault(file, 'it is empty.', null);
  const delimiter = likelyDelimiter(sample);
  await engine.give(path, sample);
  try {
    const guessed = await sniff(engine, path, '');
    // Where lines differ in their columns, DuckDB would rather take each for one value. A line that is broken is to be
    // named, and not to change what the others are.
    const row =
      texts(guessed['names']).length > 1 || delimiter === null
        ? guessed
        : await sniff(engine, path, `, delim = ${quoteLiteral(delimiter)}, ignore_errors = true`);
    const text = (key: string) => {
      const value = row[key];
      return typeof value === 'string' && value !== NOT_SET && value !== '' ? value : null;
    };
    const types = texts(row['types']);
    return {
      delimiter: text('Delimiter') ?? ',',
      quote: text('Quote'),
      escape: text('Escape'),
      skip: Number(row['SkipRows'] ?? 0),
      header: row['HasHeader'] === true,
      comment: text('Comment'),
      dateFormat: text('DateFormat'),
      timestampFormat: text('TimestampFormat'),
      columns: texts(row['names']).map((name, at) => ({ name, type: types[at] ?? 'VARCHAR' })),
    };
  } catch (error) {
    throw csvFault(file, error, 0);
  } finally {
    await engine.forget(path);
  }
}

async function sniff(engine: CsvEngine, path: string, options: string): Promise<Record<string, unknown>> {
  const parts = ['name', 'type'].map((part) => `list_transform("Columns", lambda c: c.${part}) AS ${part}s`);
  const [row = {}] = await engine.rows(
    `SELECT * EXCLUDE ("Columns"), ${parts.join(', ')} FROM sniff_csv(${quoteLiteral(path)}, sample_size = -1${options})`,
  );
  return row;
}

/** The character that splits the first line most; null where none does. */
function likelyDelimiter(sample: Uint8Array): string | null {
  const newline = sample.indexOf(0x0a);
  const line = new TextDecoder()
    .decode(newline < 0 ? sample : sample.subarray(0, newline))
    .replaceAll(/"[^"]*"/g, '');
  const counts = [',', '\t', ';', '|'].map((mark) => [mark, line.split(mark).length - 1] as const);
  const [most] = counts.toSorted(([, a], [, b]) => b - a);
  return most !== undefined && most[1] > 0 ? most[0] : null;
}

/** A value that does not fit the type that its column was guessed to have. */
export interface CsvMisfit {
  readonly column: string;
  readonly value: string;
  readonly line: number;
  readonly was: string;
  readonly now: string;
}

/**
 * Puts the rows into a table that has the columns as c0, c1… A value that does not fit its column makes the column a
 * wider one, and the file is read again.
 *
 * @returns the dialect with the columns as they came to be
 * @throws AppError CORRUPT_FILE with the file's line; the signal's reason
 */
export async function loadCsv(
  engine: CsvEngine,
  source: CsvSource,
  dialect: CsvDialect,
  table: string,
  signal: AbortSignal,
): Promise<{ readonly dialect: CsvDialect; readonly misfits: readonly CsvMisfit[] }> {
  const misfits: CsvMisfit[] = [];
  for (let now = dialect; ;) {
    const misfit = await loadOnce(engine, source, now, table, signal);
    if (misfit === null) return { dialect: now, misfits };
    misfits.push(misfit);
    const columns = now.columns.map((column) =>
      column.name === misfit.column ? { ...column, type: misfit.now } : column,
    );
    now = { ...now, columns };
  }
}

async function loadOnce(
  engine: CsvEngine,
  { file, open, path }: CsvSource,
  dialect: CsvDialect,
  table: string,
  signal: AbortSignal,
): Promise<CsvMisfit | null> {
  const columns = dialect.columns.map(({ type }, at) => `c${at} ${type}`).join(', ');
  await engine.run(`CREATE OR REPLACE TABLE ${table} (${columns})`);
  let first = true;
  for await (const { bytes, linesBefore } of csvChunks(open(), dialect, CHUNK_BYTES)) {
    signal.throwIfAborted();
    const kept = bytes.slice();
    await engine.give(path, bytes);
    try {
      await engine.run(`INSERT INTO ${table} ${selectRows(path, dialect, first)}`);
    } catch (error) {
      const misfit =
        (await wholeNumberMisfit(engine, { path, dialect, first, bytes: kept, linesBefore })) ??
        misfitOf(error, dialect, linesBefore);
      if (misfit === null) throw csvFault(file, error, linesBefore);
      return misfit;
    } finally {
      await engine.forget(path);
    }
    first = false;
  }
  return null;
}

/**
 * DuckDB rounds 1.5 where a whole number is wanted, without a word. So whole numbers are read as text, and what has a
 * point in it is refused.
 */
function selectRows(path: string, dialect: CsvDialect, first: boolean): string {
  const items = dialect.columns.map(({ type }, at) =>
    type === WHOLE
      ? `CASE WHEN contains(c${at}, '.') THEN error('no whole number') ELSE CAST(c${at} AS ${WHOLE}) END`
      : `c${at}`,
  );
  return `SELECT ${items.join(', ')} FROM ${readCsv(path, dialect, first)}`;
}

interface FailedChunk {
  readonly path: string;
  readonly dialect: CsvDialect;
  readonly first: boolean;
  readonly bytes: Uint8Array;
  readonly linesBefore: number;
}

/** The first value of a chunk that is no whole number where one is wanted; null where there is none, or the chunk is broken. */
async function wholeNumberMisfit(engine: CsvEngine, chunk: FailedChunk): Promise<CsvMisfit | null> {
  const { path, dialect, first, bytes, linesBefore } = chunk;
  for (const [at, { name, type }] of dialect.columns.entries()) {
    if (type !== WHOLE) continue;
    const rows = await engine
      .rows(
        `SELECT record, c${at} AS value FROM (SELECT row_number() OVER () AS record, c${at} FROM ${readCsv(path, dialect, first)}) WHERE contains(c${at}, '.') OR (c${at} IS NOT NULL AND TRY_CAST(c${at} AS ${WHOLE}) IS NULL) ORDER BY record LIMIT 1`,
      )
      .catch(() => []);
    const [row] = rows;
    if (row === undefined) continue;
    const value = String(row['value']);
    const record = Number(row['record']) + (first && dialect.header ? 1 : 0) + (first ? dialect.skip : 0);
    const line = linesBefore + (await lineOfRecord(bytes, dialect, record));
    return { column: name, value, line, was: type, now: isNumber(value) ? 'DOUBLE' : 'VARCHAR' };
  }
  return null;
}

/** The line of the chunk, from 1, that its `record`th record, from 1, begins in. */
async function lineOfRecord(bytes: Uint8Array, marks: CsvMarks, record: number): Promise<number> {
  let count = 0;
  for await (const { linesBefore } of csvChunks(linesOf(bytes), marks, 1)) {
    count += 1;
    if (count === record) return linesBefore + 1;
  }
  return record;
}

async function* linesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function readCsv(path: string, dialect: CsvDialect, first: boolean): string {
  const optional = (name: string, value: string | null) =>
    value === null ? [] : [`${name} = ${quoteLiteral(value)}`];
  const columns = dialect.columns.map(
    ({ type }, at) => `'c${at}': ${quoteLiteral(type === WHOLE ? 'VARCHAR' : type)}`,
  );
  const options = [
    quoteLiteral(path),
    'auto_detect = false',
    `delim = ${quoteLiteral(dialect.delimiter)}`,
    `quote = ${quoteLiteral(dialect.quote ?? '')}`,
    `escape = ${quoteLiteral(dialect.escape ?? '')}`,
    `header = ${first && dialect.header}`,
    `skip = ${first ? dialect.skip : 0}`,
    `columns = {${columns.join(', ')}}`,
    ...optional('comment', dialect.comment),
    ...optional('dateformat', dialect.dateFormat),
    ...optional('timestampformat', dialect.timestampFormat),
  ];
  return `read_csv(${options.join(', ')})`;
}

const MISFIT = /Error when converting column "c(\d+)"\. Could not convert string "([\s\S]*?)" to '/;
const LINE = /CSV Error on Line: (\d+)/;

function misfitOf(error: unknown, { columns }: CsvDialect, linesBefore: number): CsvMisfit | null {
  const { message } = readDuckDbFailure(error);
  const [, place = '', value = ''] = MISFIT.exec(message) ?? [];
  const column = place === '' ? undefined : columns[Number(place)];
  if (column === undefined || column.type === 'VARCHAR') return null;
  const line = linesBefore + Number(LINE.exec(message)?.[1] ?? 1);
  return { column: column.name, value, line, was: column.type, now: 'VARCHAR' };
}

function isNumber(value: string): boolean {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value);
}

function csvFault(file: Pick<File, 'name'>, error: unknown, linesBefore: number): AppError {
  if (error instanceof AppError) return error;
  const { message } = readDuckDbFailure(error);
  const at = LINE.exec(message)?.[1];
  const line = at === undefined ? null : linesBefore + Number(at);
  const said = message
    .split('\n')
    .find((part) => /^(Expected|Value with|Maximum line|Invalid unicode)/.test(part));
  if (/unicode|utf-?8/i.test(message))
    return fileFault(file, 'it is not UTF-8 there. Save the file as UTF-8.', line);
  if (said !== undefined) return fileFault(file, `${said.replace(/\.?$/, '.')} Mend the line.`, line);
  return fileFault(file, 'it can’t be read as CSV. Look whether every line has the same columns.', line);
}

async function firstBytes(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source) {
    pieces.push(piece);
    length += piece.length;
    if (length > SAMPLE_BYTES) break;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  if (length <= SAMPLE_BYTES) return bytes;
  // The line that the sample cuts would look like another kind of line.
  const end = bytes.subarray(0, SAMPLE_BYTES).lastIndexOf(0x0a);
  return end < 0 ? bytes : bytes.slice(0, end + 1);
}

function texts(value: unknown): string[] {
  return [...((value ?? []) as Iterable<unknown>)].map(String);
}
