import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { currentSchema } from '../iceberg/metadata/lookup.ts';
import { beginRows, type RowFiles, type WriteRowsInput } from './dml/write-rows.ts';
import { memoryLimit } from './duckdb/memory-limit.ts';
import { Mutex } from './duckdb/mutex.ts';
import { runtimeError } from './duckdb/runtime-error.ts';

export interface SourceColumn {
  readonly name: string;
  /** DuckDB type, as DESCRIBE prints it. */
  readonly sqlType: string;
}

export interface WriteParquetInput extends Omit<WriteRowsInput, 'session' | 'query' | 'lineage'> {
  /** Trusted SQL: it may read any file of this machine. Columns are matched to the schema's by name. */
  readonly query: string;
  /** As `describe` says of the query, where that is known. */
  readonly columns?: readonly SourceColumn[];
}

/** Writes rows of trusted SQL as data files of tables. */
export interface ParquetWriter {
  /** The columns that trusted SQL gives, without running it. */
  describe(query: string): Promise<readonly SourceColumn[]>;

  /** How many rows trusted SQL gives. */
  count(query: string): Promise<number>;

  /**
   * Runs trusted SQL and writes its rows as beginRows does, each column cast to the type of the schema's. Columns of
   * the schema that the query does not give are NULL. Rows stay in their order where the table is neither partitioned
   * nor sorted.
   *
   * @throws SCHEMA_MISMATCH (a column too many, or NULL in a required one), SQL_RUNTIME (a value that does not
   *   fit its column), STORAGE_FULL, OUT_OF_MEMORY, UNSUPPORTED
   */
  write(input: WriteParquetInput): Promise<RowFiles>;

  close(): void;
}

export interface ParquetWriterOptions {
  /** As in SandboxOptions. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** It spills into a folder of its own in here. */
  readonly tempDirectory: string;
}

export async function createParquetWriter(options: ParquetWriterOptions): Promise<ParquetWriter> {
  const spill = join(options.tempDirectory, 'writer');
  await mkdir(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: memoryLimit(options.memoryLimit),
    temp_directory: spill,
    errors_as_json: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  // Of all its connections.
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  return new DuckDbParquetWriter(instance, connection);
}

class DuckDbParquetWriter implements ParquetWriter {
  readonly #instance: DuckDBInstance;
  readonly #describing: DuckDBConnection;
  readonly #mutex = new Mutex();

  constructor(instance: DuckDBInstance, describing: DuckDBConnection) {
    this.#instance = instance;
    this.#describing = describing;
  }

  async describe(query: string): Promise<readonly SourceColumn[]> {
    const rows = await run(this.#describing, `DESCRIBE SELECT * FROM (${query}\n)`);
    return rows.map((row) => ({ name: String(row['column_name']), sqlType: String(row['column_type']) }));
  }

  async count(query: string): Promise<number> {
    const [row] = await run(this.#describing, `SELECT count(*)::DOUBLE AS rows FROM (${query}\n)`);
    return Number(row?.['rows'] ?? 0);
  }

  async write(input: WriteParquetInput): Promise<RowFiles> {
    const { metadata, query } = input;
    const columns = input.columns ?? (await this.describe(query));
    const items = projection(currentSchema(metadata), columns);
    // One at a time, so that each has the whole memory; what one that failed has left there goes with its connection.
    return this.#mutex.run(async () => {
      const connection = await this.#instance.connect();
      try {
        return await beginRows({
          ...input,
          query: `SELECT ${items.join(', ')} FROM (${query}\n)`,
          session: { run: async (sql) => run(connection, sql) },
        });
      } finally {
        connection.closeSync();
      }
    });
  }

  close(): void {
    this.#describing.closeSync();
    this.#instance.closeSync();
  }
}

async function run(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  try {
    return await (await connection.run(sql)).getRowObjectsJson();
  } catch (error) {
    throw runtimeError(error, sql);
  }
}

/** One expression per column of the schema, in its order. */
function projection(schema: Schema, columns: readonly SourceColumn[]): string[] {
  const given = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const known = new Set(schema.fields.map((field) => field.name.toLowerCase()));
  const extra = columns.filter((column) => !known.has(column.name.toLowerCase()));
  if (extra.length > 0)
    throw new AppError(
      'SCHEMA_MISMATCH',
      `The table has no column ${extra.map((column) => column.name).join(', ')}; its columns are ${schema.fields.map((field) => field.name).join(', ')}.`,
      { context: { columns: extra.map((column) => column.name) } },
    );
  return schema.fields.map((field) => {
    const type = duckDbTypeOf(field.type);
    const source = given.get(field.name.toLowerCase());
    const name = quoteIdentifier(field.name);
    if (source === undefined) return `CAST(NULL AS ${type}) AS ${name}`;
    const value = quoteIdentifier(source.name);
    return source.sqlType === type ? `${value} AS ${name}` : `CAST(${value} AS ${type}) AS ${name}`;
  });
}
