import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { migrateSchema } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';

/** Any fixed number: servers that start at once on one PostgreSQL migrate in turn. */
const MIGRATION_LOCK = 0x7453;
const CONNECT_TIMEOUT_MS = 10_000;

/** @throws AppError UNAVAILABLE with what to check; UNSUPPORTED */
export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'timestream',
  });
  // Without a listener an idle connection that breaks would end the process; the next query opens a new one.
  pool.on('error', () => {});
  try {
    const connection = await pool.connect();
    try {
      await connection.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      await migrateSchema(drizzle({ client: connection }));
    } finally {
      await connection.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {});
      connection.release();
    }
  } catch (error) {
    await pool.end();
    if (error instanceof AppError) throw error;
    throw new AppError(
      'UNAVAILABLE',
      `The database of DATABASE_URL can't be used: ${reason(error)}. Check that it runs and that the user may create tables.`,
      { cause: error },
    );
  }
  return { db: drizzle({ client: pool }), dump: null, close: () => pool.end() };
}

/** Drizzle's own message is the statement; what PostgreSQL says is its cause. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorMessage).join('; ');
  return errorMessage(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
