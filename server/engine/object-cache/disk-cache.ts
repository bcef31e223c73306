import { createHash, randomUUID } from 'node:crypto';
import {
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
  statfs,
  utimes,
  type FileHandle,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { FileReader } from '../../storage/file-io.ts';
import { canonicalLocation } from '../../storage/location.ts';
import { storageError } from '../../storage/storage-error.ts';
import { SharedWork } from '../deletes/shared-work.ts';
import { Admission } from '../execute/admission.ts';

export interface DiskCacheOptions {
  /** A folder of its own. What an earlier process left there is used again. */
  readonly directory: string;
  /** What the files may take; more only where they have just been used. */
  readonly maxBytes: number;
  /** Tells this store from another whose objects have the same names. */
  readonly origin: string;
  /** Longer than any query runs: a file that is in use is not deleted. */
  readonly inUseMs: number;
  /** What is left free of the disk. */
  readonly reserveBytes?: number;
}

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  usedAt: number;
  /** When the file system was told last. */
  markedAt: number;
}

const MIB = 1024 * 1024;
/** Asked for at once; also what is held in memory for each. */
const PIECE_BYTES = 8 * MIB;
const PIECES_AT_ONCE = 8;
const FILES_AT_ONCE = 32;
const RESERVE_BYTES = 256 * MIB;
const MARK_EVERY_MS = 60_000;
/** Of a file's own name, which messages of the engine then have in them; characters. */
const NAME_LENGTH = 120;
const UNFINISHED = '.unfinished';

/**
 * Whole objects as local files, for an engine that reads nothing else. Objects never change, so a file is good for
 * as long as it is there. A file has its name only once it is whole and on the disk.
 */
export class DiskCache {
  readonly #options: DiskCacheOptions;
  /** By key, least recently used first. */
  readonly #files: Map<string, CachedFile>;
  readonly #fetching = new SharedWork<string>();
  readonly #downloads = new Admission(FILES_AT_ONCE);
  readonly #pieces = new Admission(PIECES_AT_ONCE);
  /** Of files that are being written. */
  #incoming = 0;

  private constructor(options: DiskCacheOptions, files: Map<string, CachedFile>) {
    this.#options = options;
    this.#files = files;
  }

  static async open(options: DiskCacheOptions): Promise<DiskCache> {
    try {
      await mkdir(options.directory, { recursive: true });
      const cache = new DiskCache(options, await findAgain(options.directory));
      await cache.#makeRoom();
      return cache;
    } catch (error) {
      throw storageError(error, options.directory);
    }
  }

  /** The local path of an object that is here; it stays for a query's time. */
  async find(location: string): Promise<string | null> {
    const key = this.#key(location);
    const file = this.#files.get(key);
    if (file === undefined) return null;
    const found = await stat(file.path).catch(() => null);
    if (found?.size !== file.bytes) {
      if (this.#files.get(key) === file) this.#files.delete(key);
      return null;
    }
    this.#use(key, file);
    return file.path;
  }

  /**
   * The local path of an object, which is fetched where it is not here; once for all who want it at a time.
   *
   * @throws what `io` throws; STORAGE_FULL, UNAVAILABLE naming the disk; AbortError
   */
  async fetch(
    io: Pick<FileReader, 'read' | 'stat'>,
    location: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const found = await this.find(location);
    if (found !== null) return found;
    return this.#fetching.run(this.#key(location), (either) => this.#download(io, location, either), signal);
  }

  /**
   * Runs `store`, which takes a local file over, and keeps the file here: what was just written is read next.
   */
  async keep(localPath: string, location: string, store: () => Promise<void>): Promise<void> {
    const unfinished = this.#unfinishedPath();
    // Another disk, or one that knows no links: then it is fetched when it is wanted.
    const linked = await link(localPath, unfinished).then(
      () => true,
      () => false,
    );
    try {
      await store();
      if (linked) await this.#finishKept(location, unfinished);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  /** What fails here costs a download later, and nothing else. */
  async #finishKept(location: string, unfinished: string): Promise<void> {
    try {
      await this.#finish(location, unfinished, (await stat(unfinished)).size);
      await this.#makeRoom();
    } catch {
      await this.forget(location);
    }
  }

  async forget(location: string): Promise<void> {
    const key = this.#key(location);
    const file = this.#files.get(key);
    this.#files.delete(key);
    if (file !== undefined) await rm(file.path, { force: true });
  }

  async #download(
    io: Pick<FileReader, 'read' | 'stat'>,
    location: string,
    signal: AbortSignal,
  ): Promise<string> {
    const leave = await this.#downloads.enter(signal);
    const unfinished = this.#unfinishedPath();
    let size = 0;
    try {
      ({ size } = await io.stat(location));
      this.#incoming += size;
      await this.#makeRoom();
      await this.#assertSpace(location, size);
      await this.#write(io, location, { path: unfinished, size }, signal);
      signal.throwIfAborted();
      return await this.#finish(location, unfinished, size);
    } catch (error) {
      throw storageError(error, location);
    } finally {
      this.#incoming -= size;
      await rm(unfinished, { force: true });
      leave();
    }
  }

  async #write(
    io: Pick<FileReader, 'read'>,
    location: string,
    { path, size }: { readonly path: string; readonly size: number },
    signal: AbortSignal,
  ): Promise<void> {
    const count = Math.ceil(size / PIECE_BYTES);
    const file = await open(path, 'wx');
    let next = 0;
    const lane = async () => {
      for (let at = next++; at < count; at = next++) {
        const start = at * PIECE_BYTES;
        const end = Math.min(size, start + PIECE_BYTES);
        const leave = await this.#pieces.enter(signal);
        try {
          const bytes = await io.read(location, { start, end }, signal);
          if (bytes.length !== end - start) throw shrunk(location);
          await writeAll(file, bytes, start);
        } catch (error) {
          next = count;
          throw error;
        } finally {
          leave();
        }
      }
    };
    try {
      // All of them write to one file, so none is left behind where another fails.
      const lanes = await Promise.allSettled(Array.from({ length: Math.min(count, PIECES_AT_ONCE) }, lane));
      const failed = lanes.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    } finally {
      await file.close();
    }
  }

  async #finish(location: string, unfinished: string, bytes: number): Promise<string> {
    const file = await open(unfinished, 'r+');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
    const key = this.#key(location);
    // DuckDB takes some characters for patterns.
    const name = basename(location)
      .replace(/[^\w.=-]/g, '_')
      .slice(-NAME_LENGTH);
    const path = join(this.#options.directory, `${key}.${bytes}.${randomUUID().slice(0, 8)}.${name}`);
    await rename(unfinished, path);
    const now = Date.now();
    const before = this.#files.get(key);
    this.#use(key, { path, bytes, usedAt: now, markedAt: now });
    if (before !== undefined) await rm(before.path, { force: true });
    return path;
  }

  #use(key: string, file: CachedFile): void {
    file.usedAt = Date.now();
    this.#files.delete(key);
    this.#files.set(key, file);
    if (file.usedAt - file.markedAt < MARK_EVERY_MS) return;
    file.markedAt = file.usedAt;
    const now = new Date(file.usedAt);
    // The order of use outlives the process by it; where that fails, the order is a little off.
    utimes(file.path, now, now).catch(() => undefined);
  }

  async #makeRoom(): Promise<void> {
    let total = this.#incoming;
    for (const { bytes } of this.#files.values()) total += bytes;
    for (const [key, { path, bytes, usedAt }] of this.#files) {
      if (total <= this.#options.maxBytes || Date.now() - usedAt < this.#options.inUseMs) return;
      this.#files.delete(key);
      total -= bytes;
      await rm(path, { force: true });
    }
  }

  async #assertSpace(location: string, size: number): Promise<void> {
    const { directory, reserveBytes = RESERVE_BYTES } = this.#options;
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize - size >= reserveBytes) return;
    throw new AppError(
      'STORAGE_FULL',
      `The disk of ${directory} is too full to read ${location}, of which a copy of ${size} bytes is needed there. Free some space, or query fewer files.`,
      { context: { location, directory } },
    );
  }

  #unfinishedPath(): string {
    return join(this.#options.directory, `${randomUUID()}${UNFINISHED}`);
  }

  #key(location: string): string {
    const text = JSON.stringify([this.#options.origin, canonicalLocation(location)]);
    return createHash('sha256').update(text).digest('hex').slice(0, 40);
  }
}

/** What an earlier process left: files of the size that their name says, by when they were used. The rest goes. */
async function findAgain(directory: string): Promise<Map<string, CachedFile>> {
  const found: (readonly [string, CachedFile])[] = [];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const [, key, size] = /^([0-9a-f]{40})\.(\d+)\.[0-9a-f]{8}\./.exec(name) ?? [];
    const info = await stat(path).catch(() => null);
    if (key === undefined || info === null || !info.isFile() || info.size !== Number(size)) {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    // Nobody uses them yet, so any may be the first to go.
    found.push([key, { path, bytes: info.size, usedAt: 0, markedAt: info.mtimeMs }]);
  }
  found.sort(([, a], [, b]) => a.markedAt - b.markedAt);
  return new Map(found);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, start + done);
    done += bytesWritten;
  }
}

function shrunk(location: string): AppError {
  return new AppError(
    'UNAVAILABLE',
    `The object ${location} changed its size while it was read. Try again.`,
    {
      context: { location },
    },
  );
}
