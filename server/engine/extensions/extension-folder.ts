import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { DurableFolders, syncDirectory, writeDurably } from '../../storage/durable-write.ts';
import { errno, storageError } from '../../storage/storage-error.ts';
import {
  FOOTER_BYTES,
  isForTabs,
  notSigned,
  readFooter,
  refused,
  type EngineIdentity,
  type ExtensionFooter,
} from './extension-footer.ts';
import { readExtension } from './read-extension.ts';
import { isSignedByDuckDb } from './signed-by-duckdb.ts';
import { tryExtension } from './try-extensions.ts';

/** An extension that the lakehouse keeps. */
export interface KeptExtension {
  readonly name: string;
  /** Its own, as whoever made it counts. */
  readonly version: string;
  /** DuckDB's. */
  readonly madeFor: string;
  readonly platform: string;
  /** False where the server's engine, or the tabs', is another than it was made for. */
  readonly fits: boolean;
}

/** A file that tabs load into their engine. */
export interface TabExtension {
  readonly name: string;
  /** The build of DuckDB-WASM that it is for: wasm_mvp, wasm_eh, wasm_threads. */
  readonly platform: string;
  readonly path: string;
}

const SUFFIX = '.duckdb_extension';
const TAB_SUFFIX = `${SUFFIX}.wasm`;

/** The extensions of a lakehouse, in folders by DuckDB's version and platform, as DuckDB itself keeps them. */
export class ExtensionFolder {
  readonly #folder: string;
  readonly #engine: EngineIdentity;

  constructor(folder: string, engine: EngineIdentity) {
    this.#folder = folder;
    this.#engine = engine;
  }

  get #own(): string {
    return this.#folderOf(this.#engine.platform);
  }

  #folderOf(platform: string): string {
    return join(this.#folder, this.#engine.version, platform);
  }

  /**
   * Takes a file in, whole or not at all; in the place of one of the same name.
   *
   * @throws INVALID_INPUT, NOT_FOUND as readExtension and tryExtension; UNAVAILABLE, STORAGE_FULL
   */
  async add(path: string): Promise<KeptExtension> {
    const { name, footer, bytes } = await readExtension(path, this.#engine);
    const forTabs = isForTabs(footer.platform);
    if (forTabs) await this.#assertForTabs(path, name, bytes);
    const place = this.#folderOf(footer.platform);
    const trial = join(place, `.${randomUUID()}`);
    try {
      await new DurableFolders(dirname(this.#folder)).ensure(place);
      await mkdir(trial);
      // DuckDB takes an extension for what its file is called.
      const file = join(trial, `${name}${forTabs ? TAB_SUFFIX : SUFFIX}`);
      await writeDurably(file, bytes);
      // What the lakehouse keeps is what was tried.
      if (!forTabs) await tryExtension(file, path);
      await rename(file, join(place, basename(file)));
      await syncDirectory(place);
    } catch (error) {
      throw error instanceof AppError ? error : storageError(error, place);
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

  /** @throws INVALID_INPUT */
  async #assertForTabs(path: string, name: string, bytes: Uint8Array): Promise<void> {
    if (!(await isSignedByDuckDb(bytes))) throw notSigned(path);
    if (!(await extensionsIn(this.#own)).includes(name))
      throw refused(
        path,
        `is for tabs, and the server's engine, which plans every query, has no ${name} yet. Add the file for ${this.#engine.platform} first`,
      );
  }

  /** All of them, by name; also those that were added for another engine than this one. */
  async list(): Promise<readonly KeptExtension[]> {
    const found: KeptExtension[] = [];
    for await (const { name, madeFor, platform, path } of this.#kept()) {
      const version = (await footerOf(path))?.version ?? '';
      const fits =
        madeFor === this.#engine.version && (platform === this.#engine.platform || isForTabs(platform));
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
        const suffix = isForTabs(platform) ? TAB_SUFFIX : SUFFIX;
        for (const name of await extensionsIn(folder, suffix))
          yield { name, madeFor, platform, path: join(folder, `${name}${suffix}`) };
      }
  }

  /** Those for the tabs' engines. These check the signature when they load one. */
  async forTabs(): Promise<readonly TabExtension[]> {
    const found: TabExtension[] = [];
    for await (const { name, madeFor, platform, path } of this.#kept())
      if (madeFor === this.#engine.version && isForTabs(platform)) found.push({ name, platform, path });
    return found;
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

async function extensionsIn(folder: string, suffix = SUFFIX): Promise<string[]> {
  const files = await names(folder);
  return files.flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []));
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
