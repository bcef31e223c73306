import * as duckdb from '@duckdb/duckdb-wasm/blocking';
import type { Table } from 'apache-arrow';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ArrowRows, type BlockView } from '../engine/arrow-rows.ts';
import { NO_ROOM, type EngineExports, type EngineModule } from '../engine/engine-module.ts';
import { ENGINE_SETTINGS } from '../engine/settings.ts';
import type { FlatBatch } from '../parquet/flat-batch.ts';

/** The page's DuckDB-WASM in Node, for tests of what goes in and comes out of it. One a test file: it takes seconds. */
export interface NodeEngine {
  run(sql: string): void;
  rows(sql: string): Record<string, unknown>[];
  insert(table: string, ipc: Uint8Array): void;
  /** As EngineConnection.insertBatches. */
  insertBatches(table: string, batches: readonly FlatBatch[]): void;
  /** As Engine.keep, and its like. */
  keep(batches: readonly FlatBatch[]): readonly number[];
  free(blocks: readonly number[]): void;
  insertKept(table: string, blocks: readonly number[], columns: number): void;
  expose(views: readonly BlockView[]): void;
  hide(views: readonly string[]): void;
  /** Makes bytes readable by SQL under a path, until they are forgotten. */
  give(path: string, bytes: Uint8Array): void;
  forget(path: string): void;
  /** As EngineConnection.stream. */
  stream(sql: string): AsyncGenerator<Uint8Array, void, undefined>;
}

export async function openNodeEngine(): Promise<NodeEngine> {
  const dist = dirname(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm'));
  const bundle = (name: string) => ({ mainModule: join(dist, `duckdb-${name}.wasm`), mainWorker: '' });
  const bundles = { mvp: bundle('mvp'), eh: bundle('eh') };
  const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  const engine = await capturedModule(() => db.instantiate(() => undefined));
  db.open({ maximumThreads: 1 });
  const connection = db.connect();
  for (const setting of ENGINE_SETTINGS) connection.query(setting);
  connection.query('USE cache');
  /** Whose own schema is not the cache's. */
  const rows = db.connect();
  const arrow = new ArrowRows(engine);
  const id = (of: typeof connection) => of.useUnsafe((_, handle) => handle);
  const done = (failure: string | null) => {
    if (failure !== null) throw new Error(failure);
  };

  return {
    run: (sql) => {
      connection.query(sql);
    },
    rows: (sql) => {
      const table: Table = connection.query(sql);
      return table.toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
    },
    give: (path, bytes) => db.registerFileBuffer(path, bytes),
    forget: (path) => {
      db.dropFile(path);
    },
    insert: (table, ipc) => connection.insertArrowFromIPCStream(ipc, { name: table, create: false }),
    insertBatches: (table, batches) => done(arrow.insert(id(connection), table, batches)),
    keep: (batches) => {
      const blocks = arrow.keep(batches);
      if (blocks === null) throw new Error(NO_ROOM);
      return blocks;
    },
    free: (blocks) => arrow.free(blocks),
    insertKept: (table, blocks, columns) => done(arrow.insertKept(id(connection), table, blocks, columns)),
    expose: (views) => done(arrow.expose(id(rows), views)),
    hide: (views) => arrow.hide(id(rows), views),
    stream: async function* stream(sql) {
      const handle = id(connection);
      let header = db.startPendingQuery(handle, sql, true);
      while (header === null) header = db.pollPendingQuery(handle);
      yield header;
      for (;;) {
        const piece = db.fetchQueryResults(handle);
        if (piece?.length === 0) return;
        if (piece) yield piece;
        await Promise.resolve();
      }
    },
  };
}

/** The module that is instantiated meanwhile, as engine.worker.ts gets hold of the page's. */
async function capturedModule(start: () => Promise<unknown>): Promise<EngineModule> {
  const { instantiate } = WebAssembly;
  let engine: EngineModule | null = null;
  WebAssembly.instantiate = (async (source: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const result: unknown = await instantiate(source, imports);
    const instance =
      result instanceof WebAssembly.Instance
        ? result
        : (result as WebAssembly.WebAssemblyInstantiatedSource).instance;
    const exports = instance.exports as unknown as EngineExports & { readonly memory?: WebAssembly.Memory };
    const memory = exports.memory ?? imports?.['env']?.['memory'];
    if ('duckdb_query' in exports && memory instanceof WebAssembly.Memory) engine = { exports, memory };
    return result;
  }) as typeof instantiate;
  try {
    await start();
  } finally {
    WebAssembly.instantiate = instantiate;
  }
  if (engine === null) throw new Error('DuckDB’s module was not instantiated as expected.');
  return engine;
}
