import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryLimit } from '../duckdb/memory-limit.ts';
import { runtimeError } from '../duckdb/runtime-error.ts';
import { abortError } from '../execute/abort.ts';
import { ConnectionSession, type EngineSession } from '../execute/engine-session.ts';
import { blameFile } from '../execute/file-check.ts';
import type { ExecutableScan } from '../execute/scan-view.ts';
import { FooterCache } from '../files/parquet-footers.ts';

export interface RewriteEngineOptions {
  /** As in SandboxOptions. What does not fit is on disk meanwhile. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** It spills into a folder of its own in here. */
  readonly tempDirectory: string;
}

/** A DuckDB for work that takes as long as it takes, and that nobody's query waits for. */
export class RewriteEngine {
  readonly #options: RewriteEngineOptions;

  constructor(options: RewriteEngineOptions) {
    this.#options = options;
  }

  /**
   * Does work over the views of scans, with an engine that is gone afterwards.
   *
   * @throws as ServerEngine, but for TIMEOUT
   */
  async session<T>(
    scans: readonly ExecutableScan[],
    signal: AbortSignal | undefined,
    work: (session: EngineSession) => Promise<T>,
  ): Promise<T> {
    const spill = join(this.#options.tempDirectory, 'rewrite');
    await mkdir(spill, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(this.#options.threads),
      memory_limit: memoryLimit(this.#options.memoryLimit),
      temp_directory: spill,
      errors_as_json: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const check = () => {
      if (signal?.aborted === true) throw abortError();
    };
    const abort = () => connection.interrupt();
    signal?.addEventListener('abort', abort, { once: true });
    const session = new ConnectionSession(connection, new FooterCache(), '', check);
    try {
      await connection.run("SET TimeZone = 'UTC'");
      await session.open(scans);
      return await work(session);
    } catch (error) {
      check();
      throw (await blameFile(connection, error, session.scans)) ?? runtimeError(error);
    } finally {
      signal?.removeEventListener('abort', abort);
      connection.closeSync();
      instance.closeSync();
    }
  }
}
