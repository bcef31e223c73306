import {
  JsonDuckDBValueConverter,
  ResultReturnType,
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBInstance,
} from '@duckdb/node-api';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { arrowPieces, type EncoderOf } from '../arrow/arrow-pieces.ts';
import type { ArrowEncoder } from '../arrow/arrow-stream.ts';
import { integerColumns } from '../arrow/integer-columns.ts';
import { transferSql } from '../arrow/transfer-sql.ts';
import { openSandbox, type SandboxOptions } from '../duckdb/sandbox.ts';
import { FooterCache } from '../files/parquet-footers.ts';
import { Admission, type EngineLoad } from './admission.ts';
import type { EnginePlace } from './engine-place.ts';
import { ConnectionSession, type EngineSession } from './engine-session.ts';
import { blameFile, prepareFiles } from './file-check.ts';
import { fillDeleted } from './fill-deleted.ts';
import { gatherJson, type JsonLimits, type JsonRows } from './json-rows.ts';
import { Lease, type LeaseOptions } from './lease.ts';
import { withNamedFields } from './named-fields.ts';
import { nameSources } from './name-sources.ts';
import { placedError } from './placed-error.ts';
import { scanViewSql, type ExecutableScan } from './scan-view.ts';
import { withoutTrailingLimit } from './trailing-limit.ts';

export interface ServerEngineOptions extends SandboxOptions {
  /** A query that runs longer ends with TIMEOUT. */
  readonly timeoutMs: number;
  /** Queries at once; the others wait. */
  readonly maxConcurrent: number;
  /** Places beside for queries that read little, and all that ever run at once; see Admission. */
  readonly forLight?: number;
  readonly most?: number;
}

export interface ExecuteInput {
  /** SQL over the views of the scans. */
  readonly sql: string;
  readonly scans: readonly ExecutableScan[];
  readonly columns: readonly ResultColumn[];
  /** How many rows at most it makes of each that it reads, where it is not our own: whether it is light; see Lease. */
  readonly multiplies?: number;
  /** Rows at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** Hears where the query stands while it waits for a place among those that run. */
  readonly place?: EnginePlace;
  /** The SQL that the person wrote, and where a place in `sql` is in it: for positions of errors. */
  readonly source?: { readonly sql: string; toOriginal(offset: number): number };
}

export type JsonInput = ExecuteInput & JsonLimits;

/** SQL of our own, whose columns are all BIGINT and never NULL. */
export type IntegerQuery = Pick<ExecuteInput, 'sql' | 'scans' | 'signal' | 'place'>;

/** `sql` is the part of the session's statements that a person wrote. */
export type SessionInput = Pick<ExecuteInput, 'sql' | 'scans' | 'multiplies' | 'signal' | 'source' | 'place'>;

/**
 * Native DuckDB in a sandbox: the same SQL over the same files as the tab, so the same answer.
 *
 * All ways of running throw SQL_RUNTIME, CORRUPT_FILE, FILE_NOT_FOUND, OUT_OF_MEMORY, STORAGE_FULL, TIMEOUT, and
 * AbortError after the signal.
 */
export interface ServerEngine {
  /** As DuckDB says it, e.g. v1.5.6. */
  readonly version: string;
  load(): EngineLoad;
  /** An Arrow IPC stream, read from the engine as it is taken. */
  arrow(input: ExecuteInput): AsyncGenerator<Uint8Array>;
  /** 64-bit, decimal and temporal values are text. @throws PAYLOAD_TOO_LARGE */
  json(input: JsonInput): Promise<JsonRows>;
  /** Some rows at a time, 64-bit, decimal and temporal values as text. */
  rows(input: ExecuteInput): AsyncGenerator<readonly (readonly unknown[])[]>;
  /** The columns of some rows at a time. */
  integers(input: IntegerQuery): AsyncGenerator<readonly BigInt64Array[]>;
  /** Statements of ours, one after the other, on a connection of its own. */
  session<T>(input: SessionInput, work: (session: EngineSession) => Promise<T>): Promise<T>;
  close(): void;
}

export async function createServerEngine(options: ServerEngineOptions): Promise<ServerEngine> {
  const instance = await openSandbox(options);
  const connection = await instance.connect();
  const [version] = (await connection.runAndReadAll('SELECT version()')).getColumnsJS();
  connection.closeSync();
  return new DuckDbServerEngine(instance, version?.[0] as string, options);
}

class DuckDbServerEngine implements ServerEngine {
  readonly version: string;
  readonly #instance: DuckDBInstance;
  readonly #lease: LeaseOptions;
  readonly #footers = new FooterCache();

  constructor(instance: DuckDBInstance, version: string, options: ServerEngineOptions) {
    this.version = version;
    this.#instance = instance;
    const { timeoutMs, maxConcurrent: places, forLight = 0, most = places + forLight } = options;
    this.#lease = { instance, timeoutMs, admission: new Admission({ places, forLight, most }) };
  }

  load(): EngineLoad {
    return this.#lease.admission.load;
  }

  arrow(input: ExecuteInput): AsyncGenerator<Uint8Array> {
    const names = input.columns.map(({ name }) => name);
    return arrowPieces(names, input.signal, (signal, encoderOf) =>
      this.#arrowSteps({ ...input, signal }, encoderOf),
    );
  }

  async *#arrowSteps(asked: ExecuteInput, encoderOf: EncoderOf): AsyncGenerator<void> {
    const { limit = Number.POSITIVE_INFINITY, columns } = asked;
    const unlimited = withoutTrailingLimit(asked.sql);
    const input = { ...asked, sql: unlimited?.sql ?? asked.sql };
    let left = Math.min(limit, unlimited?.rows ?? limit);
    let encoder: ArrowEncoder | undefined;
    for await (const { result, chunk } of this.#run(input, transferSql(input.sql, columns))) {
      encoder ??= encoderOf(result.columnTypes());
      if (chunk === null) break;
      const rows = Math.min(chunk.rowCount, left);
      left -= rows;
      encoder.add(chunk, rows);
      yield;
      if (left <= 0) break;
    }
  }

  async json(input: JsonInput): Promise<JsonRows> {
    return gatherJson(this.#chunks(input, withNamedFields(input.sql, input.columns)), input);
  }

  async *rows(input: ExecuteInput): AsyncGenerator<readonly (readonly unknown[])[]> {
    const sql = withNamedFields(input.sql, input.columns);
    for await (const chunk of this.#chunks(input, sql)) yield chunk.convertRows(JsonDuckDBValueConverter);
  }

  async *integers(input: IntegerQuery): AsyncGenerator<readonly BigInt64Array[]> {
    for await (const chunk of this.#chunks({ ...input, columns: [] })) yield integerColumns(chunk);
  }

  close(): void {
    this.#instance.closeSync();
  }

  async session<T>(input: SessionInput, work: (session: EngineSession) => Promise<T>): Promise<T> {
    const lease = await Lease.take(this.#lease, input);
    let session: ConnectionSession | undefined;
    try {
      session = new ConnectionSession(await lease.connect(), this.#footers, input.sql, () => lease.check());
      await session.open(input.scans);
      return await work(session);
    } catch (error) {
      const { connection } = lease;
      if (connection === null || session === undefined) throw lease.explain(error);
      const found = error instanceof AppError ? null : await blameFile(connection, error, session.scans);
      throw nameSources(
        found ?? placedError(lease.explain(error, session.sql), session.sql, { ...input, columns: [] }),
        session.scans,
      );
    } finally {
      lease.giveBack();
    }
  }

  async *#chunks(input: ExecuteInput, sql = input.sql): AsyncGenerator<DuckDBDataChunk> {
    for await (const { chunk } of this.#run(input, sql)) if (chunk !== null) yield chunk;
  }

  /**
   * The chunks of a query, then null; each is fetched while whoever asked works on the one before. Whoever stops taking
   * them early interrupts it; whoever takes one and does not come back for the next by the query's time keeps no place that
   * others wait for.
   */
  async *#run(input: ExecuteInput, sql = input.sql) {
    let { scans } = input;
    const lease = await Lease.take(this.#lease, input);
    let ahead: Promise<DuckDBDataChunk | null> | null = null;
    try {
      const connection = await lease.connect();
      scans = await prepareFiles(connection, scans, this.#footers);
      for (const scan of scans) {
        await fillDeleted(connection, scan, () => lease.check());
        await connection.run(scanViewSql(scan, sql));
      }
      const result = await connection.stream(sql);
      let next = result.fetchChunk();
      for (;;) {
        const chunk = await next;
        ahead = null;
        const last = chunk === null || chunk.rowCount === 0;
        if (last && result.returnType === ResultReturnType.INVALID) {
          lease.check();
          await failAgain(connection, sql);
        }
        if (!last) ahead = next = result.fetchChunk();
        lease.rest(next);
        yield { result, chunk: last ? null : chunk };
        if (last) return;
        lease.resume();
      }
    } catch (error) {
      const { connection } = lease;
      if (connection === null) throw lease.explain(error);
      const found = await blameFile(connection, error, scans);
      throw nameSources(found ?? placedError(lease.explain(error, sql), sql, input), scans);
    } finally {
      if (ahead !== null) await lease.stop(ahead);
      lease.giveBack();
    }
  }
}

/**
 * Of a stream that failed after its first rows the interface says that it did and not why, and it looks like one that has
 * ended: the query is run anew for its error. @throws it
 */
async function failAgain(connection: DuckDBConnection, sql: string): Promise<never> {
  await connection.run(sql);
  throw new AppError(
    'SQL_RUNTIME',
    'The query failed after its first rows, and not when it was run again. Run it once more.',
  );
}
