import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import { SharedWork } from '../deletes/shared-work.ts';
import { memoryLimit } from '../duckdb/memory-limit.ts';
import { Admission } from '../execute/admission.ts';
import { convertAvro } from './avro/convert-avro.ts';
import { copyWithoutUtc } from './parquet-utc.ts';

export interface FileCopiesOptions {
  /** A folder of its own, emptied at the start. */
  readonly directory: string;
  /** What the copies may take on disk; more only where they have just been used. */
  readonly maxBytes: number;
  /** As DuckDB writes sizes. */
  readonly memoryLimit: string;
}

interface Copy {
  readonly path: string;
  readonly bytes: number;
  usedAt: number;
}

/** Writes a copy to a path; false where the file needs none. */
type Make = (to: string, signal: AbortSignal) => Promise<boolean>;

const AVRO_MAGIC = Buffer.from('Obj\u0001', 'latin1');
/** Longer than any query runs: a copy that is in use is not deleted. */
const IN_USE_MS = 30 * 60_000;
/** Copies that are made at once. */
const AT_ONCE = 2;

/**
 * Copies of data files as what DuckDB can read, which both engines read in place of these. Data files never change,
 * so a copy is good for as long as it is there.
 */
export class FileCopies {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #memoryLimit: string;
  readonly #admission = new Admission(AT_ONCE);
  /** Least recently used first. */
  readonly #copies = new Map<string, Copy>();
  /** Keys of files that need no copy. */
  readonly #fine = new LRUCache<string, true>({ max: 100_000 });
  readonly #making = new SharedWork<string | null>();
  /** Most lakehouses have no Avro files. */
  #instance: Promise<DuckDBInstance> | null = null;
  #tables = 0;

  private constructor(options: FileCopiesOptions) {
    this.#directory = options.directory;
    this.#maxBytes = options.maxBytes;
    this.#memoryLimit = options.memoryLimit;
  }

  static async open(options: FileCopiesOptions): Promise<FileCopies> {
    await rm(options.directory, { recursive: true, force: true });
    await mkdir(options.directory, { recursive: true });
    return new FileCopies(options);
  }

  /**
   * The local path of a data file's rows as Parquet, in their order: its own where it is no Avro file.
   *
   * @param path local
   * @throws as convertAvro; AbortError after the signal
   */
  async parquetOf(path: string, signal?: AbortSignal): Promise<string> {
    // Whoever writes Parquet says so in the name, nearly always.
    if (path.endsWith('.parquet')) return path;
    return this.#copyOf(`rows ${path}`, path, (to, either) => this.#convert(path, to, either), signal);
  }

  /**
   * The local path of a Parquet file whose nanoseconds are without a time zone: its own where they are.
   *
   * @throws as copyWithoutUtc; AbortError after the signal
   */
  async withoutUtc(path: string, signal?: AbortSignal): Promise<string> {
    return this.#copyOf(`no zone ${path}`, path, (to) => copyWithoutUtc(path, to), signal);
  }

  close(): void {
    this.#instance?.then(
      (instance) => instance.closeSync(),
      () => undefined,
    );
  }

  async #convert(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    // A file that can't be opened is no Avro: whoever reads it says why.
    if (!(await beginsWith(from, AVRO_MAGIC))) return false;
    this.#instance ??= this.#openInstance();
    const connection = await (await this.#instance).connect();
    try {
      await convertAvro(connection, `avro_${this.#tables++}`, { from, to, signal });
      return true;
    } finally {
      connection.closeSync();
    }
  }

  #openInstance(): Promise<DuckDBInstance> {
    return DuckDBInstance.create(':memory:', {
      threads: String(AT_ONCE),
      memory_limit: memoryLimit(this.#memoryLimit),
      temp_directory: join(this.#directory, 'spill'),
      errors_as_json: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
  }

  async #copyOf(key: string, path: string, make: Make, signal?: AbortSignal): Promise<string> {
    const known = this.#copies.get(key);
    if (known !== undefined) return this.#use(key, known);
    if (this.#fine.has(key)) return path;
    const made = await this.#making.run(key, (either) => this.#make(key, make, either), signal);
    if (made === null) this.#fine.set(key, true);
    return made ?? path;
  }

  #use(key: string, copy: Copy): string {
    copy.usedAt = Date.now();
    this.#copies.delete(key);
    this.#copies.set(key, copy);
    return copy.path;
  }

  /** Null where no copy is needed. */
  async #make(key: string, make: Make, signal: AbortSignal): Promise<string | null> {
    const name = createHash('sha256').update(key).digest('hex');
    // What is given up may still be writing when another begins.
    const unfinished = join(this.#directory, `${name}.${this.#tables++}.unfinished`);
    const finished = join(this.#directory, `${name}.parquet`);
    const leave = await this.#admission.enter(signal);
    try {
      if (!(await make(unfinished, signal))) return null;
      await rename(unfinished, finished);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    } finally {
      leave();
    }
    const copy = { path: finished, bytes: (await stat(finished)).size, usedAt: Date.now() };
    await this.#makeRoom(copy.bytes);
    return this.#use(key, copy);
  }

  async #makeRoom(incoming: number): Promise<void> {
    let total = incoming;
    for (const { bytes } of this.#copies.values()) total += bytes;
    for (const [key, copy] of this.#copies) {
      if (total <= this.#maxBytes || Date.now() - copy.usedAt < IN_USE_MS) return;
      this.#copies.delete(key);
      total -= copy.bytes;
      await rm(copy.path, { force: true });
    }
  }
}

async function beginsWith(path: string, magic: Buffer): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return bytesRead === magic.length && buffer.equals(magic);
  } finally {
    await file.close();
  }
}
