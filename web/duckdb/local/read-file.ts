import { LOCAL_FOLDER } from '../engine/settings.ts';
import { askWorker } from './ask-worker.ts';
import { fileBytes } from './file-bytes.ts';
import type { FileKind } from './file-kind.ts';
import { storedColumns, type LocalEngine, type StoredColumn } from './local-engine.ts';
import type { LocalRequest } from './local-protocol.ts';
import { loadCsv, sniffCsv, type CsvMisfit } from './read-csv.ts';

/** A file as one engine holds it. */
export interface HeldFile {
  readonly columns: readonly StoredColumn[];
  readonly rows: number;
  readonly notes: readonly string[];
  /** What stands behind FROM for these of its columns, which are then called c0, c1… by their places; it loads what is missing. */
  source(places: readonly number[], signal: AbortSignal): Promise<string>;
  /** Drops what it holds. */
  drop(): Promise<void>;
}

export interface ReadFile {
  readonly engine: LocalEngine;
  readonly file: File;
  readonly kind: FileKind;
  /** A name for its tables that no other has. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** Reads a file into the engine; of Parquet, only what there is to read. @throws AppError CORRUPT_FILE; the signal's reason */
export function readFile(read: ReadFile): Promise<HeldFile> {
  if (read.kind.format === 'parquet') return openParquet(read);
  return read.kind.format === 'csv' ? readCsvFile(read) : readArrowRows(read);
}

async function readCsvFile({ engine, file, kind, key, signal, onProgress }: ReadFile): Promise<HeldFile> {
  let reading = false;
  const open = () => fileBytes(file, kind.gzipped, (done) => reading && onProgress(done));
  const source = { file, open, path: `${LOCAL_FOLDER}${key}` };
  const sniffed = await sniffCsv(engine, source);
  reading = true;
  const { dialect, misfits } = await loadCsv(engine, source, sniffed, tableOf(key), signal);
  return wholeTable(
    engine,
    key,
    dialect.columns.map(({ name }) => name),
    misfits.map(noteOf),
  );
}

function noteOf({ column, value, line, was, now }: CsvMisfit): string {
  const shown = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  return `${column} is ${now}: line ${line.toLocaleString('en')} has “${shown}”, which is no ${was}.`;
}

async function readArrowRows({ engine, file, kind, key, signal, onProgress }: ReadFile): Promise<HeldFile> {
  let names: readonly string[] = [];
  const format = kind.format === 'json' ? 'json' : 'arrow';
  const request: LocalRequest = { kind: 'rows', file, format, gzipped: kind.gzipped };
  const onColumns = (found: readonly string[]) => {
    names = found;
  };
  await insertRows({ engine, key, request, signal, onProgress, onColumns });
  return wholeTable(engine, key, names, []);
}

async function wholeTable(
  engine: LocalEngine,
  key: string,
  names: readonly string[],
  notes: readonly string[],
): Promise<HeldFile> {
  const table = tableOf(key);
  const [row] = await engine.rows(`SELECT count(*)::DOUBLE AS rows FROM ${table}`);
  // Compresses what was read. It waits for nobody: where a query reads a file just now, the next file's will do.
  await engine.run('CHECKPOINT files').catch(() => undefined);
  return {
    columns: await storedColumns(engine, table, names),
    rows: Number(row?.['rows'] ?? 0),
    notes,
    source: () => Promise.resolve(table),
    drop: () => engine.run(`DROP TABLE IF EXISTS ${table}`),
  };
}

/** Columns of Parquet come into the engine when a query first asks for them. */
async function openParquet({ engine, file, key, signal }: ReadFile): Promise<HeldFile> {
  let names: readonly string[] = [];
  let rows = 0;
  const opened = (found: readonly string[], count: number | null) => {
    names = found;
    rows = count ?? 0;
  };
  // Holds no rows, but has the columns.
  const shape = tableOf(key);
  const request: LocalRequest = { kind: 'parquet-schema', file };
  await insertRows({ engine, key, request, signal, onColumns: opened });

  const tableAt = new Map<number, string>();
  let loads: Promise<void> = Promise.resolve();
  const load = async (places: readonly number[], cancel: AbortSignal) => {
    const columns = places.filter((place) => !tableAt.has(place));
    if (columns.length === 0) return;
    const part = `${key}_${columns[0]}`;
    // Tables of one file stand side by side, so each calls its columns by their places in the file.
    const items = columns.map((place) => `c${place} AS p${place}`).join(', ');
    const make = `CREATE TABLE ${tableOf(part)} AS SELECT ${items} FROM ${shape}`;
    await insertRows({
      engine,
      key: part,
      make,
      request: { kind: 'parquet-columns', file, columns },
      signal: cancel,
    });
    await engine.run('CHECKPOINT files').catch(() => undefined);
    for (const place of columns) tableAt.set(place, tableOf(part));
  };
  return {
    columns: await storedColumns(engine, shape, names),
    rows,
    notes: [],
    source: async (places, cancel) => {
      loads = loads.catch(() => undefined).then(() => load(places, AbortSignal.any([cancel, signal])));
      await loads;
      if (places.length === 0) return `range(${rows})`;
      const items = places.map((place) => `p${place} AS c${place}`);
      const tables = new Set(places.map((place) => tableAt.get(place) ?? shape));
      return `(SELECT ${items.join(', ')} FROM ${[...tables].join(' POSITIONAL JOIN ')})`;
    },
    drop: async () => {
      for (const table of new Set([shape, ...tableAt.values()]))
        await engine.run(`DROP TABLE IF EXISTS ${table}`);
    },
  };
}

interface InsertRows extends Pick<ReadFile, 'engine' | 'key' | 'signal'> {
  readonly request: LocalRequest;
  /** Makes the table; without it the columns that the worker tells of do. */
  readonly make?: string;
  readonly onProgress?: (done: number) => void;
  readonly onColumns?: (names: readonly string[], rows: number | null) => void;
}

/** Makes a table of what a worker reads; its columns are c0, c1… where `make` does not say otherwise. */
async function insertRows(options: InsertRows): Promise<void> {
  const { engine, key, request, signal, make, onProgress, onColumns } = options;
  const stop = new AbortController();
  let inserted: Promise<void> = Promise.resolve();
  const then = (work: () => Promise<void>) => {
    inserted = inserted.then(() => (stop.signal.aborted ? undefined : work()));
    // Nothing more is read for a table that can't take it.
    inserted.catch((error: unknown) => stop.abort(error));
  };
  const table = tableOf(key);
  await engine.run(`DROP TABLE IF EXISTS ${table}`);
  if (make !== undefined) await engine.run(make);
  try {
    await askWorker(
      request,
      {
        columns: ({ names, types, schema, rows }) => {
          onColumns?.(names, rows);
          const list = (types ?? []).map((type, at) => `c${at} ${type}`);
          then(() =>
            schema === null
              ? engine.run(`CREATE TABLE ${table} (${list.join(', ')})`)
              : engine.insert(key, schema, true),
          );
        },
        chunk: (ipc) => then(() => engine.insert(key, ipc, false)),
        progress: (done) => onProgress?.(done),
      },
      AbortSignal.any([signal, stop.signal]),
    );
    await inserted;
  } catch (error) {
    await inserted.catch(() => undefined);
    await engine.run(`DROP TABLE IF EXISTS ${table}`);
    throw error;
  }
}

function tableOf(key: string): string {
  return `files.main.${key}`;
}
