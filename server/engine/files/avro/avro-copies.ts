import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import { memoryLimit } from '../../duckdb/memory-limit.ts';
import { Mutex } from '../../duckdb/mutex.ts';
import { convertAvro } from './convert-avro.ts';

export interface AvroCopiesOptions {
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

const AVRO_MAGIC = Buffer.from('Obj\u0001', 'latin1');
/** Longer than any query runs: a copy that is in use is not deleted. */
const IN_USE_MS = 30 * 60_000;

/**
 * Parquet copies of Avro data files, which both engines read in place of these. Data files never change, so a copy
 * is good for as long as it is there.
 */
export class AvroCopies {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #memoryLimit: string;
  readonly #mutex = new Mutex();
  /** Least recently used first. */
  readonly #copies = new Map<string, Copy>();
  /** Files of other names that are no Avro. */
  readonly #others = new LRUCache<string, true>({ max: 100_000 });
  readonly #underWay = new Map<string, Promise<Copy>>();
  /** Most lakehouses have no Avro files. */
  #writer: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection } | null = null;
  #tables = 0;

  private constructor(options: AvroCopiesOptions) {
    this.#directory = options.directory;
    this.#maxBytes = options.maxBytes;
    this.#memoryLimit = options.memoryLimit;
  }

  static async open(options: AvroCopiesOptions): Promise<AvroCopies> {
    await rm(options.directory, { recursive: true, force: true });
    await mkdir(options.directory, { recursive: true });
    return new AvroCopies(options);
  }

  /**
   * The local path of a data file's rows as Parquet, in their order: its own where it is no Avro file.
   *
   * @param path local
   * @throws as convertAvro
   */
  async parquetOf(path: string): Promise<string> {
    const known = this.#copies.get(path);
    if (known !== undefined) return this.#use(path, known);
    if (!(await this.#isAvro(path))) return path;
    let underWay = this.#underWay.get(path);
    if (underWay === undefined) {
      underWay = this.#make(path).finally(() => this.#underWay.delete(path));
      this.#underWay.set(path, underWay);
    }
    return this.#use(path, await underWay);
  }

  close(): void {
    this.#writer?.connection.closeSync();
    this.#writer?.instance.closeSync();
  }

  async #openWriter(): Promise<DuckDBConnection> {
    if (this.#writer === null) {
      const instance = await DuckDBInstance.create(':memory:', {
        threads: '1',
        memory_limit: memoryLimit(this.#memoryLimit),
        temp_directory: join(this.#directory, 'spill'),
        errors_as_json: 'true',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      this.#writer = { instance, connection: await instance.connect() };
    }
    return this.#writer.connection;
  }

  /** By its first bytes; whoever writes Parquet says so in the name, nearly always. */
  async #isAvro(path: string): Promise<boolean> {
    if (path.endsWith('.parquet') || this.#others.has(path)) return false;
    if (await beginsWith(path, AVRO_MAGIC)) return true;
    this.#others.set(path, true);
    return false;
  }

  #use(path: string, copy: Copy): string {
    copy.usedAt = Date.now();
    this.#copies.delete(path);
    this.#copies.set(path, copy);
    return copy.path;
  }

  async #make(path: string): Promise<Copy> {
    const name = createHash('sha256').update(path).digest('hex');
    const unfinished = join(this.#directory, `${name}.unfinished`);
    const finished = join(this.#directory, `${name}.parquet`);
    try {
      await this.#mutex.run(async () =>
        convertAvro(await this.#openWriter(), `avro_${this.#tables++}`, { from: path, to: unfinished }),
      );
      await rename(unfinished, finished);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
    const copy = { path: finished, bytes: (await stat(finished)).size, usedAt: Date.now() };
    await this.#makeRoom(copy.bytes);
    return copy;
  }

  async #makeRoom(incoming: number): Promise<void> {
    let total = incoming;
    for (const { bytes } of this.#copies.values()) total += bytes;
    for (const [path, copy] of this.#copies) {
      if (total <= this.#maxBytes || Date.now() - copy.usedAt < IN_USE_MS) return;
      this.#copies.delete(path);
      total -= copy.bytes;
      await rm(copy.path, { force: true });
    }
  }
}

/** False for a file that can't be opened: whoever reads it says why. */
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
