import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { timed } from '../harness.ts';

/** Native DuckDB in this process. */
export class Native {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.instance = instance;
    this.connection = connection;
  }

  /** @param threads all there are where not given */
  static async open(threads?: number): Promise<Native> {
    const instance = await DuckDBInstance.create(
      ':memory:',
      threads === undefined ? {} : { threads: String(threads) },
    );
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Native(instance, connection);
  }

  async rows(sql: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  /** Milliseconds until every row is in this process. */
  time(sql: string): Promise<number> {
    return timed(() => this.connection.runAndReadAll(sql));
  }

  /** Reads a query's answer as the vectors that DuckDB gives it in, no value made of them. */
  async chunks(sql: string): Promise<void> {
    const result = await this.connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
    }
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

/** The query as SQL over Parquet files, or over a table, in place of the lakehouse's. */
export const over = (sql: string, source: string): string => sql.replace('bronze.flights', source);
