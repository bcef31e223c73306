import { DuckDBDataChunk, JsonDuckDBValueConverter } from '@duckdb/node-api';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseDuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { ArrowEncoder } from '../arrow/arrow-stream.ts';
import { coalesce } from '../arrow/coalesce.ts';
import { abortError } from '../execute/abort.ts';
import { Admission } from '../execute/admission.ts';
import type { JsonRows } from '../execute/server-engine.ts';
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
const ARROW_PIECES = { bytes: 1024 * 1024, milliseconds: 5 };

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
  async *arrow(input: ClusterInput): AsyncGenerator<Uint8Array> {
    const stop = new AbortController();
    const signals = input.signal === undefined ? [] : [input.signal];
    const signal = AbortSignal.any([stop.signal, ...signals]);
    const decoders = decodersOf(input.columns);
    const encoder = new ArrowEncoder(
      input.columns.map(({ name }) => name),
      decoders.map(({ type }) => type),
    );
    const gathering = {
      steps: this.#arrowSteps({ ...input, signal }, encoder, decoders),
      size: () => encoder.size,
      take: () => encoder.take(),
      stop: () => stop.abort(),
    };
    yield* coalesce(gathering, ARROW_PIECES);
    yield encoder.finish();
  }

  async *#arrowSteps(
    input: ClusterInput,
    encoder: ArrowEncoder,
    decoders: readonly Decoder[],
  ): AsyncGenerator<void> {
    let isEmpty = true;
    for await (const chunk of this.chunks(input)) {
      isEmpty = false;
      encoder.add(chunk, chunk.rowCount);
      yield;
    }
    // The schema comes with a batch.
    if (isEmpty) encoder.add(chunkOf(decoders, []), 0);
  }

  /** 64-bit, decimal and temporal values are text. @throws PAYLOAD_TOO_LARGE */
  async json({
    maxCharacters,
    limit,
    ...input
  }: ClusterInput & { readonly maxCharacters?: number }): Promise<JsonRows> {
    const rows: unknown[][] = [];
    let left = maxCharacters ?? Number.POSITIVE_INFINITY;
    // One more says that there are more.
    for await (const chunk of this.chunks({ ...input, ...(limit === undefined ? {} : { limit: limit + 1 }) }))
      for (const row of chunk.convertRows(JsonDuckDBValueConverter)) {
        if (rows.length >= (limit ?? Number.POSITIVE_INFINITY)) return { rows, truncated: true };
        if (maxCharacters !== undefined) left -= JSON.stringify(row).length + 1;
        if (left < 0)
          throw new AppError(
            'PAYLOAD_TOO_LARGE',
            `The first ${rows.length} rows of the answer are too much for JSON. Ask for fewer rows or columns, for Arrow, or for pages (POST /api/v1/results).`,
            { context: { rows: rows.length } },
          );
        rows.push(row);
      }
    return { rows, truncated: false };
  }

  /** Some rows at a time, in DuckDB's form; of types that transfer-sql.ts has. */
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
