import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { AppError } from '#shared/errors/app-error.ts';
import { errno } from '../../storage/storage-error.ts';
import {
  assertFits,
  readFooter,
  refused,
  type EngineIdentity,
  type ExtensionFooter,
} from './extension-footer.ts';

export interface ExtensionFile {
  readonly name: string;
  readonly footer: ExtensionFooter;
  readonly bytes: Uint8Array;
}

/** The largest that DuckDB distributes has some 100 MB. */
const MAX_BYTES = 512 * 1024 ** 2;
const FILE_NAME = /^([a-z][a-z0-9_]*)\.duckdb_extension(?:\.wasm)?(?:\.gz)?$/;
/**
 * Those that only compute, and that were tried in the sandbox. Of the others, most reach for files, networks or other
 * databases by ways of their own, which the sandbox does not see.
 */
const COMPUTING: ReadonlySet<string> = new Set(['excel', 'fts', 'inet']);
const BUILT_IN: ReadonlySet<string> = new Set(['autocomplete', 'core_functions', 'icu', 'json', 'parquet']);

/**
 * Reads an extension, packed as DuckDB distributes it (.gz) or not, and makes sure that it is for this engine. Its
 * signature is for the engine itself to check.
 *
 * @throws INVALID_INPUT with what is wrong about the file, NOT_FOUND where there is none
 */
export async function readExtension(path: string, engine: EngineIdentity): Promise<ExtensionFile> {
  const name = FILE_NAME.exec(basename(path))?.[1];
  if (name === undefined)
    throw refused(
      path,
      'is not called as DuckDB calls an extension: NAME.duckdb_extension, for tabs NAME.duckdb_extension.wasm, either also with .gz',
    );
  if (BUILT_IN.has(name))
    throw refused(path, `is not needed: ${name} is part of this server's engine, where queries with it run`);
  if (!COMPUTING.has(name))
    throw refused(
      path,
      `can't be added: ${name} may reach for files, networks or other databases beside the lakehouse, which the engine may not. Those that only compute can: ${[...COMPUTING].join(', ')}`,
    );
  const bytes = await unpacked(path);
  const footer = readFooter(bytes);
  if (footer === null)
    throw refused(path, 'is no DuckDB extension: it does not end as one does. Download it again');
  assertFits(path, footer, engine);
  return { name, footer, bytes };
}

async function unpacked(path: string): Promise<Uint8Array> {
  const bytes = await read(path);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!packed) return bytes;
  return promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES }).catch((error: unknown) => {
    throw refused(path, 'is damaged: it can’t be unpacked. Download it again', error);
  });
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const info = await file.stat();
      if (!info.isFile()) throw refused(path, 'is no file');
      if (info.size > MAX_BYTES)
        throw refused(path, `is too large for an extension: it has ${info.size} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = errno(error);
    if (code === 'ENOENT')
      throw new AppError('NOT_FOUND', `There is no file ${path}.`, { context: { path }, cause: error });
    throw refused(path, `can't be read (${code ?? 'unknown'})`, error);
  }
}
