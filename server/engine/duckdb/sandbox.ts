import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { memoryLimit } from './memory-limit.ts';

export interface SandboxOptions {
  /** Folders that the engine may read; nothing else on disk, and no network. Empty: none at all. */
  readonly allowedDirectories: readonly string[];
  /** As DuckDB writes sizes, e.g. 512MB, 4GiB; or a share of the memory there is, e.g. 50%. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** In a folder of its own in here it spills what does not fit in memory; without one it does not spill. */
  readonly tempDirectory?: string;
  /** Optimizer passes to leave out, by DuckDB's names. */
  readonly disabledOptimizers?: readonly string[];
  /** Which plans EXPLAIN gives; the physical one where not given. */
  readonly explainOutput?: 'all';
  /** Files of signed extensions; see ExtensionFolder. */
  readonly extensions?: readonly string[];
}

/**
 * An in-memory DuckDB that reads only the given folders, downloads nothing, and whose settings no SQL can
 * change any more.
 *
 * Settings that change answers are pinned to what the browser's engine has: it has no ICU, so its sessions are
 * in UTC, and every other such setting is at its default in both.
 */
export async function openSandbox(options: SandboxOptions): Promise<DuckDBInstance> {
  const spill = options.tempDirectory === undefined ? '' : join(options.tempDirectory, 'engine');
  if (spill !== '') await mkdir(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: memoryLimit(options.memoryLimit),
    errors_as_json: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const directories = options.allowedDirectories.map((path) =>
    quoteLiteral(path.endsWith('/') ? path : `${path}/`),
  );
  const connection = await instance.connect();
  try {
    // While it may still open them. It takes none that DuckDB has not signed.
    for (const path of options.extensions ?? []) await connection.run(`LOAD ${quoteLiteral(path)}`);
    for (const setting of [
      "TimeZone = 'UTC'",
      "Calendar = 'gregorian'",
      `disabled_optimizers = ${quoteLiteral((options.disabledOptimizers ?? []).join(','))}`,
      ...(options.explainOutput === undefined
        ? []
        : [`explain_output = ${quoteLiteral(options.explainOutput)}`]),
      `temp_directory = ${quoteLiteral(spill)}`,
      `allowed_directories = [${directories.join(', ')}]`,
      'enable_external_access = false',
      'lock_configuration = true',
    ])
      await connection.run(`SET GLOBAL ${setting}`);
    connection.closeSync();
    return instance;
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}
