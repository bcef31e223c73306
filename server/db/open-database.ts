import type { Alone } from './alone.ts';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { openPglite } from './open-pglite.ts';
import { openPostgres } from './open-postgres.ts';

/** One dialect over both: the embedded database and a PostgreSQL server. */
export type Database = PgDatabase<PgQueryResultHKT>;

export type DatabaseSource =
  /** In a folder of its own, or in none where that is 'memory'; `dump` starts it from a dumped data directory instead of initdb. */
  | { readonly kind: 'pglite'; readonly directory: string; readonly dump?: Blob }
  | { readonly kind: 'postgres'; readonly url: string };

export interface OpenDatabase {
  readonly db: Database;
  /** Of the embedded database: its data directory as a tar file. */
  readonly dump: (() => Promise<Blob>) | null;
  /** For work that two servers of the database must not do at the same time. */
  readonly alone: Alone;
  close(): Promise<void>;
}

/**
 * Opens the metadata database and brings its schema up to date.
 *
 * @throws AppError UNAVAILABLE with what to check, STORAGE_FULL, CORRUPT_METADATA, UNSUPPORTED (a newer schema)
 */
export async function openDatabase(source: DatabaseSource): Promise<OpenDatabase> {
  if (source.kind === 'postgres') return openPostgres(source.url);
  return openPglite(source.directory === 'memory' ? null : source.directory, source.dump);
}
