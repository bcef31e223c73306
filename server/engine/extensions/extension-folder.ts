import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { DurableFolders, syncDirectory, writeDurably } from '../../storage/durable-write.ts';
import { errno, storageError } from '../../storage/storage-error.ts';
import { FOOTER_BYTES, readFooter, type EngineIdentity, type ExtensionFooter } from './extension-footer.ts';
import { readExtension } from './read-extension.ts';
import { tryExtension } from './try-extensions.ts';

/** An extension that the lakehouse keeps. */
export interface KeptExtension {
  readonly name: string;
  /** Its own, as whoever made it counts. */
  readonly version: string;
  /** DuckDB's. */
  readonly madeFor: string;
  readonly platform: string;
  /** False where the server's engine is another than it was made for. */
  readonly fits: boolean;
}

const SUFFIX = '.duckdb_extension';

/** The extensions of a lakehouse, in folders by DuckDB's version and platform, as DuckDB itself keeps them. */
export class ExtensionFolder {
  readonly #folder: string;
  readonly #engine: EngineIdentity;

  constructor(folder: string, engine: EngineIdentity) {
    this.#folder = folder;
    this.#engine = engine;
  }

  get #own(): string {
    return join(this.#folder, this.#engine.version, this.#engine.platform);
  }

  /**
   * Takes a file in, whole or not at all; in the place of one of the same name.
   *
   * @throws INVALID_INPUT, NOT_FOUND as readExtension and tryExtension; UNAVAILABLE, STORAGE_FULL
   */
  async add(path: string): Promise<KeptExtension> {
    const { name, footer, bytes } = await readExtension(path, this.#engine);
    const trial = join(this.#own, `.${randomUUID()}`);
    try {
      await new DurableFolders(dirname(this.#folder)).ensure(this.#own);
      await mkdir(trial);
      const file = join(trial, `${name}${SUFFIX}`);
      await writeDurably(file, bytes);
      // What the lakehouse keeps is what was tried.
      await tryExtension(file, path);
      await rename(file, join(this.#own, `${name}${SUFFIX}`));
      await syncDirectory(this.#own);
    } catch (error) {
      throw error instanceof AppError ? error : storageError(error, this.#own);
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
    return {
      name,
      version: footer.version,
      madeFor: this.#engine.version,
      platform: footer.platform,
      fits: true,
    };
  }

  /** All of them, by name; also those that were added for another engine than this one. */
  async list(): Promise<readonly KeptExtension[]> {
    const found: KeptExtension[] = [];
    for await (const { name, madeFor, platform, path } of this.#kept()) {
      const version = (await footerOf(path))?.version ?? '';
      const fits = madeFor === this.#engine.version && platform === this.#engine.platform;
      found.push({ name, version, madeFor, platform, fits });
    }
    return found.toSorted((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  }

  /** Of every engine that it was added for. @throws NOT_FOUND */
  async remove(name: string): Promise<void> {
    let isKept = false;
    for await (const { name: found, path } of this.#kept()) {
      if (found !== name) continue;
      isKept = true;
      await rm(path, { force: true });
      await syncDirectory(dirname(path));
    }
    if (!isKept)
      throw new AppError('NOT_FOUND', `The lakehouse has no extension ${name}.`, {
        context: { extension: name },
      });
  }

  async *#kept(): AsyncGenerator<
    Pick<KeptExtension, 'name' | 'madeFor' | 'platform'> & { readonly path: string }
  > {
    for (const madeFor of await names(this.#folder))
      for (const platform of await names(join(this.#folder, madeFor))) {
        const folder = join(this.#folder, madeFor, platform);
        for (const name of await extensionsIn(folder))
          yield { name, madeFor, platform, path: join(folder, `${name}${SUFFIX}`) };
      }
  }

  /**
   * Those for this engine that it takes; the others are told to `onRefused`, and keep nobody from working.
   *
   * @returns their paths
   */
  async loadable(onRefused: (error: unknown) => void): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const name of await extensionsIn(this.#own)) {
      const path = join(this.#own, `${name}${SUFFIX}`);
      try {
        await tryExtension(path);
        paths.push(path);
      } catch (error) {
        onRefused(error);
      }
    }
    return paths;
  }
}

async function extensionsIn(folder: string): Promise<string[]> {
  const files = await names(folder);
  return files.flatMap((file) => (file.endsWith(SUFFIX) ? [file.slice(0, -SUFFIX.length)] : []));
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return [];
    throw storageError(error, folder);
  }
}

/** Of the file's end alone: some have a hundred megabytes. */
async function footerOf(path: string): Promise<ExtensionFooter | null> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(FOOTER_BYTES);
    const { bytesRead } = await file.read(end, 0, FOOTER_BYTES, Math.max(0, size - FOOTER_BYTES));
    return readFooter(end.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
