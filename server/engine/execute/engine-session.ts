import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { prepareFiles } from './file-check.ts';
import { fillDeleted } from './fill-deleted.ts';
import { scanViewSql, type ExecutableScan } from './scan-view.ts';
import type { FooterCache } from '../files/parquet-footers.ts';

/** Several statements of ours on one connection. */
export interface SqlSession {
  /** The rows, as objects by column; 64-bit, decimal and temporal values are text. */
  run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** One of the sandbox, over the views of scans. */
export interface EngineSession extends SqlSession {
  /** Those that are open, with what their files' footers say. */
  readonly scans: readonly ExecutableScan[];
  /** Appends rows to a table of the engine's own, by its bare name, as they come, and says how many. */
  append(table: string, chunks: AsyncIterable<DuckDBDataChunk>): Promise<number>;
  /** Makes the views of more scans. */
  open(scans: readonly ExecutableScan[]): Promise<void>;
}

export class ConnectionSession implements EngineSession {
  readonly #connection: DuckDBConnection;
  readonly #footers: FooterCache;
  readonly #query: string;
  readonly #check: () => void;
  #scans: readonly ExecutableScan[] = [];
  #sql = '';

  /**
   * @param query what its statements are about
   * @param check throws where the session has been ended meanwhile
   */
  constructor(connection: DuckDBConnection, footers: FooterCache, query: string, check: () => void) {
    this.#connection = connection;
    this.#footers = footers;
    this.#query = query;
    this.#check = check;
  }

  get scans(): readonly ExecutableScan[] {
    return this.#scans;
  }

  /** What ran last. */
  get sql(): string {
    return this.#sql;
  }

  async open(scans: readonly ExecutableScan[]): Promise<void> {
    this.#scans = [...this.#scans, ...scans];
    const prepared = await prepareFiles(this.#connection, scans, this.#footers);
    this.#scans = [...this.#scans.slice(0, -scans.length || undefined), ...prepared];
    for (const scan of prepared) {
      await fillDeleted(this.#connection, scan, this.#check);
      await this.#connection.run(scanViewSql(scan, this.#query));
    }
  }

  async append(table: string, chunks: AsyncIterable<DuckDBDataChunk>): Promise<number> {
    const appender = await this.#connection.createAppender(table);
    let rows = 0;
    try {
      for await (const chunk of chunks) {
        this.#check();
        appender.appendDataChunk(chunk);
        rows += chunk.rowCount;
      }
    } finally {
      appender.closeSync();
    }
    return rows;
  }

  async run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    this.#check();
    this.#sql = sql;
    return (await this.#connection.run(sql)).getRowObjectsJson();
  }
}
