import { readFileSync } from 'node:fs';
import { ParquetFile, wasmMemory } from 'parquet-wasm/node';
import type { Plan, ResultColumn, Scan } from '#shared/contract/plan.ts';
import { ColumnCache } from '../cache/column-cache.ts';
import { ColumnLoader } from '../cache/column-loader.ts';
import { fileNeeds } from '../cache/needs.ts';
import { openScans } from '../cache/open-scans.ts';
import { mayReadOnce } from '../cache/reads-once.ts';
import type { Engine } from '../engine/engine.ts';
import { exactSql } from '../exact-sql.ts';
import { decodeFile } from '../parquet/decode-file.ts';
import type { DecodePool } from '../parquet/decode-pool.ts';
import { fetchPositions } from '../parquet/fetch-positions.ts';
import type { Tail } from '../parquet/tail.ts';
import type { FlatBatch } from '../parquet/flat-batch.ts';
import type { BlockView } from '../engine/arrow-rows.ts';
import { openNodeEngine, type NodeEngine } from './node-engine.ts';

/**
 * The page's way from a plan's scans to rows in Node: its decoder, cache and engine. Files are at file:// addresses,
 * positions of deleted rows at data: ones.
 */
export interface NodeTab {
  readonly engine: NodeEngine;
  readonly cache: ColumnCache;
  readonly loader: ColumnLoader;
  rows(scans: readonly Scan[], sql: string): Promise<Record<string, unknown>[]>;
  /** A plan's answer as the page gets it, and the columns that its SQL has in the tab's engine. */
  stream(plan: Pick<Plan, 'scans' | 'sql' | 'columns'>): Promise<TabStream>;
}

export interface TabStream {
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly columns: readonly ResultColumn[];
}

const BUDGET = 256 * 1024 ** 2;

/** Decodes as a worker does: one file at a time. */
function openDecoder(): Pick<DecodePool, 'decode' | 'size'> {
  let last: Promise<void> = Promise.resolve();
  const decodeOne: DecodePool['decode'] = async (request, sink, signal) => {
    if (request.positions) {
      const { column, ipc, rows } = await fetchPositions(request.url, request.columns[0]?.id ?? 0, fetch);
      sink.opened({ columns: [column], rows, groups: [rows] });
      if (rows > 0) sink.chunk(ipc, rows);
      return;
    }
    const bytes = new Uint8Array(readFileSync(new URL(request.url)));
    const source = {
      tail: { url: request.url, size: bytes.length, bytes },
      open: (tail: Tail) => ParquetFile.fromFile(new Blob([tail.bytes])),
      memory: wasmMemory,
    };
    for await (const piece of decodeFile(source, request)) {
      signal.throwIfAborted();
      if (piece.kind === 'opened') sink.opened(piece);
      else sink.chunk(piece.content, piece.rows);
    }
    // As the pool does, which hears at once of what the tab could not take.
    await new Promise(setImmediate);
    signal.throwIfAborted();
  };
  return {
    size: 2,
    decode(...job) {
      const done = last.then(() => decodeOne(...job));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

export interface NodeTabOptions {
  /** Bytes of rows that may be read before they are in a table; none where not given. */
  readonly loose?: number;
}

export async function openNodeTab({ loose = 0 }: NodeTabOptions = {}): Promise<NodeTab> {
  const engine = await openNodeEngine();
  const connection = {
    run: async (sql: string) => engine.run(sql),
    rows: async (sql: string) => engine.rows(sql),
    insert: async (table: string, ipc: Uint8Array) => engine.insert(table, ipc),
    insertBatches: async (table: string, batches: readonly FlatBatch[]) =>
      engine.insertBatches(table, batches),
    insertKept: async (table: string, blocks: readonly number[], columns: number) =>
      engine.insertKept(table, blocks, columns),
    expose: async (views: readonly BlockView[]) => engine.expose(views),
    hide: async (views: readonly string[]) => engine.hide(views),
  };
  const host = {
    connect: async () => connection,
    keep: async (batches: readonly FlatBatch[]) => engine.keep(batches),
    free: async (blocks: readonly number[]) => engine.free(blocks),
    keptLimit: loose,
  };
  const cache = new ColumnCache(BUDGET);
  const loader = await ColumnLoader.open(
    host as unknown as Engine,
    openDecoder() as DecodePool,
    cache,
    'http://host/',
    () => undefined,
  );
  // Checkpoints would come between the rows of a test.
  loader.beginRun();
  const withScans = async <T>(plan: ReadPlan, work: () => T | Promise<T>): Promise<T> => {
    const { signal } = new AbortController();
    const pin = await loader.acquire(fileNeeds(plan.scans), {
      signal,
      priority: 0,
      loose: loose > 0 && mayReadOnce(plan),
      onProgress: () => undefined,
    });
    try {
      const close = await openScans({
        connection,
        plan,
        loose: true,
        segments: pin.segments,
        loader,
        signal,
      });
      try {
        return await work();
      } finally {
        await close();
      }
    } finally {
      pin.release();
    }
  };
  return {
    engine,
    cache,
    loader,
    rows: async (scans, sql) => withScans({ scans: [...scans], sql, columns: [] }, () => engine.rows(sql)),
    stream: async (plan) =>
      withScans(plan, async () => {
        const columns = engine.rows(`DESCRIBE ${plan.sql}`).map((row) => ({
          name: String(row['column_name']),
          type: String(row['column_type']),
        }));
        const pieces: Uint8Array[] = [];
        for await (const piece of engine.stream(exactSql(plan))) pieces.push(piece.slice());
        return { columns, pieces: inPieces(pieces) };
      }),
  };
}

type ReadPlan = Pick<Plan, 'scans' | 'sql' | 'columns'>;

async function* inPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
