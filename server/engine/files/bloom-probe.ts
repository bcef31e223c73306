import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { FileReader } from '../../storage/file-io.ts';
import { Mutex } from '../duckdb/mutex.ts';
import { openSandbox } from '../duckdb/sandbox.ts';

const MEMORY = '128MB';
/** Answers that are remembered: a file never changes. */
const REMEMBERED = 50_000;

/**
 * Asks Parquet files on this machine whether their Bloom filters rule a value out, on an engine of its own: queries that
 * run do not hold it up. DuckDB writes such filters for columns with dictionaries, Spark and others where asked to.
 */
export class BloomProbe {
  readonly #io: Pick<FileReader, 'localPath'>;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #mutex = new Mutex();
  readonly #known = new LRUCache<string, boolean>({ max: REMEMBERED });

  private constructor(
    io: Pick<FileReader, 'localPath'>,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
  ) {
    this.#io = io;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(
    io: Pick<FileReader, 'localPath'>,
    allowedDirectories: readonly string[],
  ): Promise<BloomProbe> {
    const instance = await openSandbox({ allowedDirectories, memoryLimit: MEMORY, threads: 1 });
    return new BloomProbe(io, instance, await instance.connect());
  }

  /**
   * Whether no row group of a file has any of the values; false where that is not known, as of a file elsewhere.
   *
   * @param column its name in the file
   * @param values SQL constants
   */
  async excludes(location: string, column: string, values: readonly string[]): Promise<boolean> {
    const path = this.#io.localPath(location);
    if (path === null) return false;
    for (const value of values) {
      const key = `${path}\0${column}\0${value}`;
      const excluded = this.#known.get(key) ?? (await this.#ask(path, column, value));
      this.#known.set(key, excluded);
      if (!excluded) return false;
    }
    return true;
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #ask(path: string, column: string, value: string): Promise<boolean> {
    const of = `${quoteLiteral(path)}, ${quoteLiteral(column)}, ${value}`;
    return this.#mutex.run(async () => {
      try {
        const result = await this.#connection.run(
          `SELECT bool_and(bloom_filter_excludes) FROM parquet_bloom_probe(${of})`,
        );
        return (await result.getRows())[0]?.[0] === true;
      } catch {
        // What is wrong with the file, or that it lacks the column, is found where it is read.
        return false;
      }
    });
  }
}
