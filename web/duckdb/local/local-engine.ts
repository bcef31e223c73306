import { isTypeText } from '#shared/sql/type-text.ts';
import type { EngineConnection } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import type { CsvEngine } from './read-csv.ts';

/** What reading files needs of the tab's engine. */
export interface LocalEngine extends CsvEngine {
  /** Appends an Arrow IPC stream to a table of `files.main`, or makes that of it. */
  insert(table: string, ipc: Uint8Array, create: boolean): Promise<void>;
}

const opened = new WeakMap<Engine, Promise<LocalEngine>>();

/** One connection for all files of an engine. */
export function localEngine(engine: Engine): Promise<LocalEngine> {
  const known = opened.get(engine);
  if (known !== undefined) return known;
  const opening = open(engine);
  opened.set(engine, opening);
  return opening;
}

async function open(engine: Engine): Promise<LocalEngine> {
  const connection: EngineConnection = await engine.connect();
  // Arrow is inserted into tables of the connection's own database.
  await connection.run('USE files');
  return {
    run: async (sql) => connection.run(sql),
    rows: async (sql) => connection.rows(sql),
    insert: async (table, ipc, create) => connection.insert(table, ipc, create),
    give: async (path, bytes) => engine.guard(engine.db.registerFileBuffer(path, bytes)),
    forget: async (path) => {
      await engine.guard(engine.db.dropFile(path));
    },
  };
}

/** A column as it lies in its table, where it is called by its place. */
export interface StoredColumn {
  readonly name: string;
  readonly type: string;
  /** Of the type, over the column as it is stored. */
  readonly sql: string;
}

/** The types of a table's columns. One that can't be said in a plan is read as text. */
export async function storedColumns(
  engine: CsvEngine,
  table: string,
  names: readonly string[],
): Promise<readonly StoredColumn[]> {
  const described = await engine.rows(`DESCRIBE ${table}`);
  const unique = uniqueNames(names);
  return described.map((row, at) => {
    const type = String(row['column_type']);
    const known = isTypeText(type);
    return {
      name: unique[at] ?? `column_${at + 1}`,
      type: known ? type : 'VARCHAR',
      sql: known ? `c${at}` : `CAST(c${at} AS VARCHAR)`,
    };
  });
}

/** Names of columns of which none is empty, and none another's in other letters, as DuckDB makes them unique. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((given, at) => {
    const base = given === '' ? `column_${at + 1}` : given;
    let name = base;
    for (let count = 1; taken.has(name.toLowerCase()); count += 1) name = `${base}_${count}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
