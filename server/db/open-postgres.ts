import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { aloneOnPostgres } from './alone.ts';
import { isBrokenConnection } from './database-error.ts';
import { migrateSchema } from './migrate.ts';
import type { Database, OpenDatabase } from './open-database.ts';

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
  // Without a listener a connection that breaks, idle or in use, would end the process. Whoever uses it gets the
  // error anyway, and the next query opens a new one.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
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
      `The database of DATABASE_URL${place(url)} can't be used: ${reason(error)}. Check that it runs and that the user may create tables.`,
      { cause: error },
    );
  }
  return { db: pooledDatabase(pool), dump: null, alone: aloneOnPostgres(pool), close: () => pool.end() };
}

/**
 * Drizzle over a pool, but for its transactions: its own never give back a connection on which BEGIN fails, so
 * that a restart of PostgreSQL could use up the pool.
 */
function pooledDatabase(pool: pg.Pool): Database {
  const db = drizzle({ client: pool });
  db.transaction = async (action, config) => {
    const client = await pool.connect();
    let broken = false;
    try {
      return await drizzle({ client }).transaction(action, config);
    } catch (error) {
      broken = isBrokenConnection(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return db;
}

/** Without its user and password. */
function place(url: string): string {
  try {
    const { hostname, port } = new URL(url);
    return ` (${hostname}:${port === '' ? '5432' : port})`;
  } catch {
    return '';
  }
}

/** Drizzle's own message is the statement; what PostgreSQL says is its cause. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(errorMessage).join('; ');
  const isDrizzle = error instanceof DrizzleQueryError && error.cause !== undefined;
  return errorMessage(isDrizzle ? error.cause : error);
}
