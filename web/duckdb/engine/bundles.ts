import * as duckdb from '@duckdb/duckdb-wasm';
import coiPthread from '@duckdb/duckdb-wasm/dist/duckdb-browser-coi.pthread.worker.js?url';
import coiScript from '@duckdb/duckdb-wasm/dist/duckdb-browser-coi.worker.js?url';
import ehScript from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import mvpScript from '@duckdb/duckdb-wasm/dist/duckdb-browser-mvp.worker.js?url';
import coiModule from '@duckdb/duckdb-wasm/dist/duckdb-coi.wasm?url';
import ehModule from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import mvpModule from '@duckdb/duckdb-wasm/dist/duckdb-mvp.wasm?url';

/** One build of DuckDB-WASM; every address is on this page's origin. */
export interface EngineBundle {
  readonly name: 'coi' | 'eh' | 'mvp';
  readonly module: string;
  readonly script: string;
  readonly pthread: string | null;
  readonly threads: number;
  /** What DuckDB calls the build, and its extensions are made for. */
  readonly platform: string;
}

const MAX_THREADS = 4;
const PLATFORMS = { coi: 'wasm_threads', eh: 'wasm_eh', mvp: 'wasm_mvp' } as const;

/** The fastest build that this browser and this page's isolation allow. */
export async function pickBundle(): Promise<EngineBundle> {
  const features = await duckdb.getPlatformFeatures();
  if (!features.wasmExceptions || !features.wasmSIMD) return bundle('mvp', mvpModule, mvpScript);
  if (!features.crossOriginIsolated || !features.wasmThreads) return bundle('eh', ehModule, ehScript);
  const threads = Math.max(1, Math.min(navigator.hardwareConcurrency, MAX_THREADS));
  return bundle('coi', coiModule, coiScript, coiPthread, threads);
}

function bundle(
  name: EngineBundle['name'],
  module: string,
  script: string,
  pthread: string | null = null,
  threads = 1,
): EngineBundle {
  return {
    name,
    module: absolute(module),
    script: absolute(script),
    pthread: pthread === null ? null : absolute(pthread),
    threads,
    platform: PLATFORMS[name],
  };
}

/** A worker resolves addresses against itself, so it gets whole ones. */
function absolute(url: string): string {
  return new URL(url, location.href).href;
}
