import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RecordBatchFileWriter, RecordBatchReader } from 'apache-arrow';
import type { ExportFormat } from '#shared/contract/exports.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { asRelation } from '#shared/sql/as-relation.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import {
  workbook,
  workbookNotes,
  type WorkbookOutcome,
  type WorkbookRow,
} from '#shared/workbook/workbook.ts';
import { workbookSql } from '#shared/workbook/workbook-sql.ts';
import { writeZip, type ZipSink } from '#shared/workbook/zip.ts';
import type { ExecuteInput, ServerEngine } from '#server/engine/execute/server-engine.ts';
import { withSchema } from '#shared/util/with-schema.ts';
import { makeStrict } from './strict-json.ts';

export interface WrittenExport {
  readonly rows: number;
  readonly notes: readonly string[];
}

const FLOATS = /\b(?:DOUBLE|FLOAT)\b/;

/** What DuckDB itself writes: as many threads as it has, and as little memory. */
const COPY_OPTIONS: Readonly<Partial<Record<ExportFormat, string>>> = {
  csv: 'FORMAT csv, HEADER true',
  json: 'FORMAT json, ARRAY true',
  ndjson: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
};

/**
 * Writes every row of a query to a local file, a piece at a time.
 *
 * @throws UNSUPPORTED where the format can't have such a result; as ServerEngine; STORAGE_FULL
 */
export async function writeExport(
  engine: ServerEngine,
  input: ExecuteInput,
  format: ExportFormat,
  path: string,
): Promise<WrittenExport> {
  const options = COPY_OPTIONS[format];
  if (options !== undefined) return copyTo(engine, input, { format, options }, path);
  return format === 'arrow' ? writeArrow(engine, input, path) : writeWorkbook(engine, input, path);
}

async function copyTo(
  engine: ServerEngine,
  input: ExecuteInput,
  { format, options }: { readonly format: ExportFormat; readonly options: string },
  path: string,
): Promise<WrittenExport> {
  const { names, renamed } = distinctNames(input.columns);
  const casts = input.columns.map(({ type }) => (format === 'parquet' ? withoutHugeIntegers(type) : type));
  const exact = casts.filter((type, at) => type !== input.columns[at]?.type).length;
  const items = names.map((name, at) => {
    const type = casts[at] ?? '';
    const value = type === input.columns[at]?.type ? `c${at}` : `CAST(c${at} AS ${type})`;
    return `${value} AS ${quoteIdentifier(name)}`;
  });
  const sql = `COPY (SELECT ${items.join(', ')} FROM ${asRelation(input.sql, input.columns.length)}) TO ${quoteLiteral(path)} (${options})`;
  const { columns: _, limit: __, ...session } = input;
  const [count] = await engine
    .session(session, (connection) => connection.run(sql))
    .catch((error: unknown) => {
      throw tooWide(error, names);
    });
  if (format !== 'parquet' && format !== 'csv' && input.columns.some(({ type }) => FLOATS.test(type)))
    await makeStrict(path);
  return {
    rows: Number(Object.values(count ?? {})[0] ?? 0),
    notes: [
      ...(renamed === 0 ? [] : [`Columns of one name were told apart by a number: ${renamed} of them.`]),
      ...(exact === 0
        ? []
        : [`Parquet has no HUGEINT: such columns are DECIMAL(38,0) in the file (${exact} of them).`]),
    ],
  };
}

/** DuckDB names columns as they are called in what it copies. */
function tooWide(error: unknown, names: readonly string[]): unknown {
  const [, at] = /to DECIMAL\(38,0\)[\s\S]* source column c(\d+)\b/.exec(errorMessage(error)) ?? [];
  if (at === undefined) return error;
  return new AppError(
    'SQL_RUNTIME',
    `The column ${names[Number(at)] ?? ''} has a value of more than 38 digits, which Parquet has no exact type for. Cast the column to DOUBLE or VARCHAR, or export to another format.`,
    { cause: error },
  );
}

/** The type with DECIMAL(38,0), which a Parquet file keeps as it is, for HUGEINT, which DuckDB would write as DOUBLE. */
function withoutHugeIntegers(type: string): string {
  return type.replaceAll(/"(?:[^"]|"")*"|\bU?HUGEINT\b/g, (part) =>
    part.startsWith('"') ? part : 'DECIMAL(38,0)',
  );
}

/** The IPC file format: the stream's batches with an index behind them. */
async function writeArrow(engine: ServerEngine, input: ExecuteInput, path: string): Promise<WrittenExport> {
  let rows = 0;
  const pieces: AsyncIterable<Uint8Array> = engine.arrow(input);
  // oxlint-disable-next-line typescript/await-thenable -- of a source in time, which the package's types leave out
  const reader = await RecordBatchReader.from(pieces);
  // oxlint-disable-next-line typescript/await-thenable -- the same
  await reader.open();
  const batches = async function* () {
    for await (const batch of reader) {
      rows += batch.numRows;
      yield batch;
    }
  };
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, reader.schema);
  const writing = (async () => {
    for await (const batch of batches()) writer.write(withSchema(batch, reader.schema));
    writer.finish();
  })().catch((error: unknown) => writer.abort(error));
  await pipeline(Readable.from(writer), createWriteStream(path));
  await writing;
  return { rows, notes: [] };
}

async function writeWorkbook(
  engine: ServerEngine,
  input: ExecuteInput,
  path: string,
): Promise<WrittenExport> {
  const { columns } = input;
  const outcome: WorkbookOutcome = { rows: 0, sheets: 0, cut: 0 };
  // All of its columns are text.
  const batches = engine.rows({ ...input, sql: workbookSql(columns, input.sql) }) as AsyncIterable<
    readonly WorkbookRow[]
  >;
  const file = await open(path, 'w');
  try {
    await writeZip(fileSink(file), workbook(columns, batches, outcome));
  } finally {
    await file.close();
  }
  return { rows: outcome.rows, notes: workbookNotes(outcome) };
}

function fileSink(file: FileHandle): ZipSink {
  return {
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.length;)
        done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    },
  };
}

/** Files of columns need a name for each, whatever its case. */
function distinctNames(columns: readonly ResultColumn[]): { names: readonly string[]; renamed: number } {
  const taken = new Set<string>();
  let renamed = 0;
  const names = columns.map(({ name }) => {
    const wanted = name === '' ? 'column' : name;
    let free = wanted;
    for (let n = 1; taken.has(free.toLowerCase()); n++) free = `${wanted}_${n}`;
    taken.add(free.toLowerCase());
    if (free !== name) renamed += 1;
    return free;
  });
  return { names, renamed };
}
