import type { FileIO } from '#server/storage/file-io.ts';
import { AppError } from '#shared/errors/app-error.ts';

const AT_ONCE = 16;

/** What only this server itself reads, by way of the FileIO. */
const DEFERRED = /\.(?:metadata\.json|avro)$/;

/**
 * Writes metadata files in the background, several at once, for who makes many and needs them only when all are done:
 * making one durable takes some milliseconds, in which little else happens. Whoever reads one waits for it.
 */
export class WriteBehind {
  /** As the one that it is made from, but that metadata files may not be there before `settled`. */
  readonly io: FileIO;
  readonly #pending = new Map<string, Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  constructor(io: FileIO) {
    const fetch = io.fetch?.bind(io);
    this.io = {
      root: io.root,
      putIfAbsent: async (location, bytes) => this.#put(io, location, bytes),
      adopt: (localPath, location) => io.adopt(localPath, location),
      localPath: (location) => io.localPath(location),
      read: async (location, range, signal) => {
        await this.#pending.get(location);
        return io.read(location, range, signal);
      },
      stat: async (location) => {
        await this.#pending.get(location);
        return io.stat(location);
      },
      exists: async (location) => {
        await this.#pending.get(location);
        return io.exists(location);
      },
      delete: async (location) => {
        await this.#pending.get(location);
        return io.delete(location);
      },
      list: (prefix) => this.#list(io, prefix),
      ...(fetch === undefined ? {} : { fetch }),
    };
  }

  /** Once everything is written. @throws what a write failed with */
  async settled(): Promise<void> {
    await this.ended();
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Once nothing is being written any more, however it went. */
  async ended(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending.values());
  }

  async #put(io: FileIO, location: string, bytes: Uint8Array): Promise<void> {
    if (!DEFERRED.test(location)) {
      await io.putIfAbsent(location, bytes);
      return;
    }
    if (this.#pending.has(location))
      throw new AppError('ALREADY_EXISTS', `There is a file ${location} already.`, { context: { location } });
    while (this.#pending.size >= AT_ONCE) await Promise.race(this.#pending.values());
    const written = io
      .putIfAbsent(location, bytes)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#pending.delete(location));
    this.#pending.set(location, written);
  }

  async *#list(io: FileIO, prefix: string) {
    await this.ended();
    yield* io.list(prefix);
  }
}
