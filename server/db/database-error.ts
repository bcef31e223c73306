import { AppError, errorMessage, isAbortError } from '#shared/errors/app-error.ts';

/**
 * What a failed statement means. Errors that already say so pass unchanged; what the database refused because
 * of the statement itself is a fault of ours, and stays as it is.
 */
export function databaseError(error: unknown): unknown {
  const own = causes(error).find((link) => link instanceof AppError || isAbortError(link));
  if (own !== undefined) return own;
  if (isBrokenConnection(error)) {
    return new AppError(
      'UNAVAILABLE',
      `The metadata database can't be reached: ${errorMessage(rootOf(error))}. Check that it runs; nothing was changed.`,
      { cause: error },
    );
  }
  // 53100 is disk_full, 53 the class of insufficient resources; 40 of transactions that lost against others.
  const code = sqlState(error);
  if (code === '53100') {
    return new AppError(
      'STORAGE_FULL',
      'The disk of the metadata database is full. Nothing was changed; free some space and try again.',
      { cause: error },
    );
  }
  if (code?.startsWith('53') === true || code?.startsWith('40') === true) {
    return new AppError(
      'UNAVAILABLE',
      `The metadata database is too busy: ${errorMessage(rootOf(error))}. Nothing was changed; try again.`,
      { cause: error },
    );
  }
  // Texts that come from outside may hold it, and no text of the database can.
  if (code === '22021' || code === '22P05') {
    return new AppError('INVALID_INPUT', 'The request has a NUL character (U+0000) in a text; take it out.', {
      cause: error,
    });
  }
  return error;
}

/** The same port, whose methods fail with what `databaseError` makes of the database's errors. */
export function withDatabaseErrors<T extends object>(port: T): T {
  const wrapped = Object.entries(port).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    const call = async (...args: unknown[]): Promise<unknown> => {
      try {
        return await (member.apply(port, args) as Promise<unknown>);
      } catch (error) {
        throw databaseError(error);
      }
    };
    return [name, call];
  });
  return Object.fromEntries(wrapped) as T;
}

/** Class 08 is "connection exception", 57P is "the server is going down"; the rest are the socket's own. */
export function isBrokenConnection(error: unknown): boolean {
  for (const link of causes(error)) {
    const code = codeOf(link);
    if (code !== undefined && BROKEN.test(code)) return true;
    if (/Connection terminated|not queryable|timeout exceeded when trying to connect/.test(link.message)) {
      return true;
    }
  }
  return false;
}

const BROKEN = /^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;

function sqlState(error: unknown): string | undefined {
  return causes(error)
    .map(codeOf)
    .find((code) => code !== undefined && /^[0-9A-Z]{5}$/.test(code));
}

/** An error and what caused it: drizzle wraps the driver's, and Node those of several addresses of a host. */
function causes(error: unknown): readonly Error[] {
  const found: Error[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    found.push(at);
    if (at instanceof AggregateError) found.push(...at.errors.filter((inner) => inner instanceof Error));
  }
  return found;
}

function rootOf(error: unknown): unknown {
  return causes(error).findLast((link) => link.message !== '') ?? error;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
