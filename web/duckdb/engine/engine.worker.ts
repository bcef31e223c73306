/**
 * Runs DuckDB's own worker script, unchanged, with three things that it lacks:
 *
 * - Shared memory is set aside in full at the start. The script keeps views of it that go stale when another thread
 *   grows it; it then takes a result beyond the old end for an empty one, and the answer is wrong without an error.
 *   Pages that are never written cost nothing.
 * - Rows that are read where they lie: see ArrowRows.
 * - An interrupt. The script's own cancel leaves tasks behind, and the next statement of that connection, or closing
 *   it, first runs these to their end, however long that takes.
 */
import { holdLife } from '../worker-life.ts';
import type {
  BootReply,
  BootRequest,
  InterruptRequest,
  RowsReply,
  RowsRequest,
  RowsTask,
} from './engine-protocol.ts';
import { ArrowRows } from './arrow-rows.ts';
import { duckdbConnection, NO_ROOM, type EngineExports, type EngineModule } from './engine-module.ts';

const PAGE = 65_536;
/** The first of these that the browser grants, from all that 32-bit addresses reach (whose size has to fit them too). */
const MEMORY_PAGES = [65_535, 32_768, 16_384];
let engine: EngineModule | null = null;
let rows: ArrowRows | null = null;

function setAsideMemory(): number | null {
  for (const pages of MEMORY_PAGES) {
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
      WebAssembly.Memory = new Proxy(WebAssembly.Memory, { construct: () => memory });
      return pages * PAGE;
    } catch {
      // Less may be granted; with none of these the engine still runs, with memory that grows.
    }
  }
  return null;
}

function captureModule(): void {
  const streaming = WebAssembly.instantiateStreaming.bind(WebAssembly);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    const result = await streaming(source, imports);
    const exports = result.instance.exports as unknown as EngineExports & {
      readonly memory?: WebAssembly.Memory;
    };
    const memory = exports.memory ?? imports?.['env']?.['memory'];
    if (memory instanceof WebAssembly.Memory) {
      engine = { exports, memory };
      rows = new ArrowRows(engine);
    }
    return result;
  };
}

async function boot({ script, sharedMemory }: BootRequest): Promise<BootReply> {
  // The script logs every failed query; who asked is told anyway.
  console.log = () => undefined;
  console.warn = () => undefined;
  // Where it can, the script pipes the module through a stream to count its bytes. The browser then does not know the
  // response for its own, and compiles 35 MB on every visit instead of keeping the machine code.
  Reflect.deleteProperty(self, 'TransformStream');
  captureModule();
  const memoryBytes = sharedMemory ? setAsideMemory() : null;
  await import(/* @vite-ignore */ script);
  return { kind: 'timestream-booted', memoryBytes, life: await holdLife() };
}

function work(task: RowsTask): RowsReply {
  if (rows === null) return { failure: 'INTERNAL Error: the engine has not started.' };
  try {
    return workOn(rows, task);
  } catch (error) {
    return { failure: String(error), broken: true };
  }
}

function workOn(all: ArrowRows, task: RowsTask): RowsReply {
  switch (task.do) {
    case 'insert':
      return { failure: all.insert(task.connection, task.table, task.batches) };
    case 'keep': {
      const blocks = all.keep(task.batches);
      return blocks === null ? { failure: NO_ROOM } : { failure: null, blocks };
    }
    case 'insert-kept':
      return { failure: all.insertKept(task.connection, task.table, task.blocks, task.columns) };
    case 'expose':
      return { failure: all.expose(task.connection, task.views) };
    case 'hide':
      all.hide(task.connection, task.views);
      return { failure: null };
    case 'free':
      all.free(task.blocks);
      return { failure: null };
  }
}

// Heard before DuckDB's own listener, which is set by its script.
self.addEventListener('message', (event: MessageEvent<BootRequest | InterruptRequest | RowsRequest>) => {
  const { data } = event;
  if (data.kind === 'timestream-interrupt') {
    event.stopImmediatePropagation();
    engine?.exports.duckdb_interrupt(duckdbConnection(data.connection));
  } else if (data.kind === 'timestream-rows') {
    event.stopImmediatePropagation();
    data.answer.postMessage(work(data.task));
  } else if (data.kind === 'timestream-boot') {
    event.stopImmediatePropagation();
    boot(data)
      .catch((error: unknown): BootReply => ({ kind: 'timestream-failed', message: String(error) }))
      .then((reply) => self.postMessage(reply))
      // A message that can't be sent ends the worker, which the page hears.
      .catch(reportError);
  }
});
