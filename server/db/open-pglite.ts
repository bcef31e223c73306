import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PGlite, type Results, type QueryOptions, type Transaction } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { AppError } from '#shared/errors/app-error.ts';
import { aloneInProcess } from './alone.ts';
import { checkSpace } from './disk-space.ts';
import { migrateSchema } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';
import { syncedFolder, syncPath, syncTree } from './synced-files.ts';

/**
 * Opens the embedded database; makes it where there is none.
 *
 * @param dump starts a new one from a dumped data directory instead of initdb
 * @throws AppError STORAGE_FULL, CORRUPT_METADATA, UNSUPPORTED
 */
export async function openPglite(directory: string | null, dump: Blob | undefined): Promise<OpenDatabase> {
  if (directory !== null) await makeDataDirectory(directory, dump);
  const client = await start(directory, directory === null ? dump : undefined);
  try {
    const db = drizzle({ client });
    await migrateSchema(db);
    const dump = () => client.dumpDataDir('none');
    return { db, dump, alone: aloneInProcess(), close: () => client.close() };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A WITH may lead to a change too. */
const READS = /^\s*(?:select\b|with\b(?!.*\b(?:insert|update|delete|merge)\b))/is;

/**
 * PGlite that refuses to write on an almost full disk. PostgreSQL panics when the write-ahead log can't grow,
 * and in one process with us a panic is an endless loop of the whole server.
 */
class GuardedPGlite extends PGlite {
  private directory: string | null = null;

  guard(directory: string | null): void {
    this.directory = directory;
  }

  override async query<T>(sql: string, params?: unknown[], options?: QueryOptions): Promise<Results<T>> {
    if (this.directory !== null && !READS.test(sql)) await checkSpace(this.directory);
    return super.query<T>(sql, params, options);
  }

  override async transaction<T>(action: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.directory !== null) await checkSpace(this.directory);
    return super.transaction(action);
  }
}

async function start(directory: string | null, dump: Blob | undefined): Promise<GuardedPGlite> {
  if (directory !== null) await checkSpace(dirname(directory));
  const client = new GuardedPGlite({
    ...(directory === null ? {} : syncedFolder(directory)),
    ...(dump === undefined ? {} : { loadDataDir: dump }),
  });
  try {
    await client.waitReady;
  } catch (error) {
    throw new AppError(
      'CORRUPT_METADATA',
      `The metadata database in ${directory ?? 'memory'} does not start. Put back a copy of that folder, or move it away to start with an empty catalog; the tables' files are not in it.`,
      { context: { directory }, cause: error },
    );
  }
  client.guard(directory);
  return client;
}

/** initdb takes seconds and may be killed in the middle, so it works beside the folder that it will become. */
async function makeDataDirectory(directory: string, dump: Blob | undefined): Promise<void> {
  if (await exists(join(directory, 'PG_VERSION'))) return;
  if (await exists(directory)) {
    if ((await readdir(directory)).length > 0) throw notADatabase(directory);
    await rm(directory, { recursive: true });
  }
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  const unfinished = `${basename(directory)}.new-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(unfinished)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const fresh = join(parent, `${unfinished}${randomUUID()}`);
  try {
    await (await start(fresh, dump)).close();
    if (process.platform !== 'win32') await syncTree(fresh);
    await rename(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  if (process.platform !== 'win32') await syncPath(parent);
}

function notADatabase(directory: string): AppError {
  return new AppError(
    'CORRUPT_METADATA',
    `The folder ${directory} should hold the metadata database but holds something else. Move it away, or choose another lakehouse folder.`,
    { context: { directory } },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
