import { AppError } from '#shared/errors/app-error.ts';
import type { EngineConnection } from '../engine/connection.ts';
import type { Chunk } from '../parquet/decode-protocol.ts';
import { tabError } from '../tab-error.ts';
import { columnName, type Segment } from './column-cache.ts';

/** Where a load puts its rows, in the file's order. */
export interface RowsTarget {
  add(content: Chunk): Promise<void>;
  /** To be called after the last. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  drop(): Promise<void>;
}

export function bytesOf(content: Chunk): number {
  return content instanceof Uint8Array
    ? content.length
    : content.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

export type TargetConnection = Pick<EngineConnection, 'run' | 'insert' | 'insertBatches' | 'insertKept'>;

/** A table of the cache. */
export class TableTarget implements RowsTarget {
  readonly table: string;
  readonly #columns: Segment['columns'];
  readonly #url: string;
  readonly #connection: TargetConnection;

  /** @param url of the file, for people */
  constructor(table: string, columns: Segment['columns'], url: string, connection: TargetConnection) {
    this.table = table;
    this.#columns = columns;
    this.#url = url;
    this.#connection = connection;
  }

  async create(): Promise<void> {
    const list = [...this.#columns].flatMap(([id, column]) =>
      column === null ? [] : [`${columnName(id)} ${column.sqlType}`],
    );
    await this.#connection.run(`CREATE TABLE cache.main.${this.table} (${list.join(', ')})`);
  }

  /** What does not fit the table's types is the file's fault, and no query's. @throws CORRUPT_FILE */
  async add(content: Chunk): Promise<void> {
    await this.#inserting(
      content instanceof Uint8Array
        ? this.#connection.insert(this.table, content)
        : this.#connection.insertBatches(`cache.main.${this.table}`, content),
    );
  }

  /** As add, of rows that the engine keeps. */
  async addKept(blocks: readonly number[]): Promise<void> {
    const columns = [...this.#columns.values()].filter((column) => column !== null).length;
    await this.#inserting(this.#connection.insertKept(`cache.main.${this.table}`, blocks, columns));
  }

  async finish(): Promise<void> {
    // Its rows are in it.
  }

  async drop(): Promise<void> {
    await this.#connection.run(`DROP TABLE IF EXISTS cache.main.${this.table}`);
  }

  async #inserting(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (cause) {
      const error = tabError(cause);
      if (error.code !== 'SQL_RUNTIME') throw error;
      const said = error.message.replace(/^.*into table '\w+': /, '');
      throw new AppError('CORRUPT_FILE', `The file ${this.#url} does not fit its table: ${said}`, {
        context: { path: this.#url },
        cause,
      });
    }
  }
}
