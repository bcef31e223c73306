import type pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import { databaseError } from './database-error.ts';

/**
 * Work of a name that at most one server of the lakehouse does at a time. `lost` aborts where that can't be promised any
 * more, because the connection that it hangs on broke.
 *
 * @throws ALREADY_RUNNING where it is being done; UNAVAILABLE
 */
export type Alone = <T>(name: string, work: (lost: AbortSignal) => Promise<T>) => Promise<T>;

/** Where one process has the database to itself. */
export function aloneInProcess(): Alone {
  const running = new Set<string>();
  return async (name, work) => {
    if (running.has(name)) throw alreadyRunning(name);
    running.add(name);
    try {
      return await work(new AbortController().signal);
    } finally {
      running.delete(name);
    }
  };
}

/** Any fixed number: the locks of names are none of other programs' on that PostgreSQL. */
const LOCKS = 0x7454;

/** A lock of a connection, which the server lets go of when the process ends, however it does. */
export function aloneOnPostgres(pool: pg.Pool): Alone {
  return async (name, work) => {
    const connection = await pool.connect().catch((error: unknown) => {
      throw databaseError(error);
    });
    const lost = new AbortController();
    const lose = (cause: Error) =>
      lost.abort(
        new AppError(
          'UNAVAILABLE',
          `The connection to the metadata database broke, and another server may begin with ${name} now. What was done stays done; try again.`,
          { cause },
        ),
      );
    connection.on('error', lose);
    try {
      const { rows } = await connection.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock($1, hashtext($2)) AS held',
        [LOCKS, name],
      );
      if (rows[0]?.held !== true) throw alreadyRunning(name);
      return await work(lost.signal);
    } catch (error) {
      throw databaseError(error);
    } finally {
      connection.off('error', lose);
      const unlocked = await connection
        .query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCKS, name])
        .then(() => true)
        .catch(() => false);
      // A connection that still has the lock would keep it in the pool.
      connection.release(!unlocked);
    }
  };
}

function alreadyRunning(name: string): AppError {
  return new AppError(
    'ALREADY_RUNNING',
    `The ${name} of this lakehouse is running already, here or on another server of it. Wait until that is done.`,
    { context: { work: name } },
  );
}
