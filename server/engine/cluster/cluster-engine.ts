import { DuckDBDataChunk } from '@duckdb/node-api';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { arrowPieces, type EncoderOf } from '../arrow/arrow-pieces.ts';
import { abortError } from '../execute/abort.ts';
import { Admission } from '../execute/admission.ts';
import { gatherJson, type JsonLimits, type JsonRows } from '../execute/json-rows.ts';
import { decoderOf, type Decoder } from './decode.ts';
import { TrinoClient, type TrinoOptions } from './trino-client.ts';

export interface ClusterEngineOptions extends TrinoOptions {
  /** Queries at once; the others wait here. */
  readonly maxConcurrent: number;
}

export interface ClusterInput {
  /** Of translatePlan. */
  readonly sql: string;
  readonly columns: readonly ResultColumn[];
  /** Rows at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const CHUNK_ROWS = 2048;

/**
 * Runs translated queries on a Trino. Rows have the form that the server's engine gives them. All ways of running throw as
 * TrinoClient.rows.
 */
export class ClusterEngine {
  readonly #client: TrinoClient;
  readonly #admission: Admission;
  readonly #timeoutMs: number;

  constructor(options: ClusterEngineOptions) {
    this.#client = new TrinoClient(options);
    this.#admission = new Admission(options.maxConcurrent);
    this.#timeoutMs = options.timeoutMs;
  }

  /** An Arrow IPC stream, read from the cluster as it is taken. */
  arrow(input: ClusterInput): AsyncGenerator<Uint8Array> {
    const names = input.columns.map(({ name }) => name);
    return arrowPieces(names, input.signal, (signal, encoderOf) =>
      this.#arrowSteps({ ...input, signal }, encoderOf),
    );
  }

  async *#arrowSteps(input: ClusterInput, encoderOf: EncoderOf): AsyncGenerator<void> {
    const encoder = encoderOf(decodersOf(input.columns).map(({ type }) => type));
    for await (const chunk of this.chunks(input)) {
      encoder.add(chunk, chunk.rowCount);
      yield;
    }
  }

  /** 64-bit, decimal and temporal values are text. @throws PAYLOAD_TOO_LARGE */
  async json(input: ClusterInput & JsonLimits): Promise<JsonRows> {
    // One more says that there are more.
    const limit = (input.limit ?? Number.POSITIVE_INFINITY) + 1;
    return gatherJson(this.chunks({ ...input, limit }), input);
  }

  /**
   * Some rows at a time, in DuckDB's form; of types that transfer-sql.ts has. Whoever takes some and does not come back for
   * the next by the query's time keeps no place that others wait for.
   */
  async *chunks({
    sql,
    columns,
    limit = Number.POSITIVE_INFINITY,
    signal,
  }: ClusterInput): AsyncGenerator<DuckDBDataChunk> {
    const decoders = decodersOf(columns);
    const timeout = new AbortController();
    const leave = await this.#admission.enter(signal);
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    const all = AbortSignal.any([timeout.signal, ...(signal === undefined ? [] : [signal])]);
    all.addEventListener('abort', leave, { once: true });
    let left = limit;
    try {
      for await (const page of this.#client.rows(sql, all))
        for (let at = 0; at < page.length && left > 0; at += CHUNK_ROWS) {
          const rows = page.slice(at, Math.min(at + CHUNK_ROWS, at + left));
          left -= rows.length;
          yield chunkOf(decoders, rows);
          all.throwIfAborted();
          if (left <= 0) return;
        }
    } catch (error) {
      if (timeout.signal.aborted && signal?.aborted !== true) throw this.#timeout();
      throw signal?.aborted === true ? abortError() : error;
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  #timeout(): AppError {
    const seconds = Math.round(this.#timeoutMs / 1000);
    return new AppError(
      'TIMEOUT',
      `The query ran longer than ${seconds} s on the cluster and was stopped. Read less, or raise QUERY_TIMEOUT_SECONDS.`,
    );
  }
}

function decodersOf(columns: readonly ResultColumn[]): readonly Decoder[] {
  return columns.map(({ type }) => decoderOf(parseDuckDbType(type)));
}

function chunkOf(decoders: readonly Decoder[], rows: readonly (readonly unknown[])[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    decoders.map(({ type }) => type),
    rows.length,
  );
  for (const [at, { decode }] of decoders.entries())
    chunk.setColumnValues(
      at,
      rows.map((row) => decode(row[at])),
    );
  return chunk;
}
