import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { storageError } from '../../storage/storage-error.ts';
import { readFooter, type EngineIdentity } from './extension-footer.ts';
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
      await mkdir(trial, { recursive: true });
      const file = join(trial, `${name}${SUFFIX}`);
      await writeDurably(file, bytes);
      // What the lakehouse keeps is what was tried.
      await tryExtension(file, path);
      await rename(file, join(this.#own, `${name}${SUFFIX}`));
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
    for (const madeFor of await names(this.#folder))
      for (const platform of await names(join(this.#folder, madeFor))) {
        const folder = join(this.#folder, madeFor, platform);
        for (const name of await extensionsIn(folder)) {
          const footer = readFooter(await readFile(join(folder, `${name}${SUFFIX}`)));
          const fits = madeFor === this.#engine.version && platform === this.#engine.platform;
          found.push({ name, version: footer?.version ?? '', madeFor, platform, fits });
        }
      }
    return found.toSorted((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  }

  /** Of every engine that it was added for. @throws NOT_FOUND */
  async remove(name: string): Promise<void> {
    const kept = (await this.list()).filter((each) => each.name === name);
    if (kept.length === 0)
      throw new AppError('NOT_FOUND', `The lakehouse has no extension ${name}.`, {
        context: { extension: name },
      });
    for (const { madeFor, platform } of kept)
      await rm(join(this.#folder, madeFor, platform, `${name}${SUFFIX}`), { force: true });
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
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw storageError(error, folder);
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
