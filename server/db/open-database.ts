import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzleNode } from 'drizzle-orm/node-postgres';
import { migrate as migrateNode } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';

/** One dialect over both: the embedded database and a PostgreSQL server. */
export type Database = PgDatabase<PgQueryResultHKT>;

export type DatabaseSource =
  /** In a folder of its own, or in memory where that is 'memory'; `dump` starts it from a dumped data directory instead of initdb. */
  | { readonly kind: 'pglite'; readonly directory: string; readonly dump?: Blob }
  | { readonly kind: 'postgres'; readonly url: string };

export interface OpenDatabase {
  readonly db: Database;
  /** Of the embedded database: its data directory as a tar file. */
  readonly dump: (() => Promise<Blob>) | null;
  close(): Promise<void>;
}

/** Beside this file in the sources, and beside the bundle in dist/, where the build copies it. */
const MIGRATIONS = join(dirname(fileURLToPath(import.meta.url)), 'migrations');
/** Any fixed number: servers that start at once on one PostgreSQL migrate in turn. */
const MIGRATION_LOCK = 0x7453;

/** Opens the metadata database and brings its schema up to date. @throws UNAVAILABLE with what to check */
export async function openDatabase(source: DatabaseSource): Promise<OpenDatabase> {
  return source.kind === 'pglite' ? openPglite(source.directory, source.dump) : openPostgres(source.url);
}

async function openPglite(directory: string, dump: Blob | undefined): Promise<OpenDatabase> {
  const client = await PGlite.create({
    ...(directory === 'memory' ? {} : { dataDir: directory }),
    ...(dump === undefined ? {} : { loadDataDir: dump }),
  });
  const db = drizzlePglite({ client });
  await migratePglite(db, { migrationsFolder: MIGRATIONS });
  return { db, dump: () => client.dumpDataDir('none'), close: () => client.close() };
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // Without a listener an idle connection that breaks would end the process; the next query opens a new one.
  pool.on('error', () => {});
  const db = drizzleNode({ client: pool });
  try {
    const connection = await pool.connect();
    try {
      await connection.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await migrateNode(drizzleNode({ client: connection }), { migrationsFolder: MIGRATIONS });
    } finally {
      await connection.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {});
      connection.release();
    }
  } catch (error) {
    await pool.end();
    throw new AppError(
      'UNAVAILABLE',
      `The database of DATABASE_URL can't be used: ${errorMessage(error)}. Check that it runs and that the user may create tables.`,
      {
        cause: error,
      },
    );
  }
  return { db, dump: null, close: () => pool.end() };
}
