import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { DuckDbFileStats } from '../iceberg/transaction/duckdb-stats.ts';
import { copyParquet, type CopiedFile } from './copy-parquet.ts';
import { memoryLimit } from './duckdb/memory-limit.ts';
import { Mutex } from './duckdb/mutex.ts';
import { runtimeError } from './duckdb/runtime-error.ts';

export interface SourceColumn {
  readonly name: string;
  /** DuckDB type, as DESCRIBE prints it. */
  readonly sqlType: string;
}

export interface WriteParquetInput {
  /** Trusted SQL: it may read any file of this machine. Columns are matched to the schema's by name. */
  readonly query: string;
  readonly schema: Schema;
  /** As `describe` says of the query, where that is known. */
  readonly columns?: readonly SourceColumn[];
  /** An existing local folder. */
  readonly directory: string;
  /** Rows; 122,880 where not given, DuckDB's own default. */
  readonly rowGroupSize?: number;
  readonly compression?: 'zstd' | 'snappy' | 'uncompressed' | 'gzip' | 'lz4';
}

/** Writes Parquet that carries Iceberg's field ids, by DuckDB's COPY. */
export interface ParquetWriter {
  /** The columns that trusted SQL gives, without running it. */
  describe(query: string): Promise<readonly SourceColumn[]>;

  /**
   * Runs trusted SQL and writes its rows, in their order, each column cast to the type of the schema's.
   * Columns of the schema that the query does not give are NULL. No row: no file.
   *
   * @throws SCHEMA_MISMATCH (a column too many, or NULL in a required one), SQL_RUNTIME (a value that does not
   *   fit its column), STORAGE_FULL, OUT_OF_MEMORY
   */
  write(input: WriteParquetInput): Promise<readonly CopiedFile[]>;

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
  await connection.run("SET TimeZone = 'UTC'");
  return new DuckDbParquetWriter(instance, connection);
}

class DuckDbParquetWriter implements ParquetWriter {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #mutex = new Mutex();
  #files = 0;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  async describe(query: string): Promise<readonly SourceColumn[]> {
    const rows = await this.#run(`DESCRIBE SELECT * FROM (${query}\n)`);
    return rows.map((row) => ({ name: String(row['column_name']), sqlType: String(row['column_type']) }));
  }

  async write(input: WriteParquetInput): Promise<readonly CopiedFile[]> {
    const { schema, query } = input;
    const columns = input.columns ?? (await this.describe(query));
    const path = join(input.directory, `part-${this.#files++}.parquet`);
    const files = await copyParquet({
      run: (sql) => this.#run(sql),
      fields: schema.fields,
      from: `(SELECT ${projection(schema, columns).join(', ')} FROM (${query}\n))`,
      path,
      options: [
        `COMPRESSION ${input.compression ?? 'zstd'}`,
        `ROW_GROUP_SIZE ${Math.max(1, Math.trunc(input.rowGroupSize ?? 122_880))}`,
      ],
    });
    for (const { stats } of files) assertRequired(schema.fields, stats);
    return files;
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #run(sql: string): Promise<Record<string, unknown>[]> {
    return this.#mutex.run(async () => {
      try {
        return await (await this.#connection.run(sql)).getRowObjectsJson();
      } catch (error) {
        throw runtimeError(error);
      }
    });
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

/** @throws SCHEMA_MISMATCH where a required column has no value in a row */
export function assertRequired(fields: readonly NestedField[], stats: DuckDbFileStats): void {
  for (const field of fields) {
    if (!field.required) continue;
    const column = stats.columns.get(quoteIdentifier(field.name));
    if (column?.nullCount === undefined || column.nullCount === 0n) continue;
    throw new AppError(
      'SCHEMA_MISMATCH',
      `The column ${field.name} is required, but ${column.nullCount} rows have no value there.`,
      { context: { column: field.name } },
    );
  }
}
