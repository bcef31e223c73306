import { errorMessage } from '#shared/errors/app-error.ts';
import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { openSandbox } from '../duckdb/sandbox.ts';
import { notSigned, refused, type EngineIdentity } from './extension-footer.ts';

/** An engine to ask something, and to throw away. */
export const SMALL_ENGINE = { allowedDirectories: [], memoryLimit: '256MB', threads: 1 };

/** What the server's engine says that it is. */
export async function engineIdentity(): Promise<EngineIdentity> {
  const instance = await openSandbox(SMALL_ENGINE);
  try {
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll('SELECT version(), platform FROM pragma_platform()');
    const [version, platform] = answer.getRowsJS()[0] as [string, string];
    return { version, platform };
  } finally {
    instance.closeSync();
  }
}

/**
 * Loads an extension into an engine that is then thrown away. The engine checks the signature over all of its bytes.
 *
 * @throws INVALID_INPUT where the engine does not take it
 */
export async function tryExtension(path: string, shown = path): Promise<void> {
  try {
    (await openSandbox({ ...SMALL_ENGINE, extensions: [path] })).closeSync();
  } catch (error) {
    const said = readDuckDbFailure(error).message || errorMessage(error);
    if (/signature|unsigned/i.test(said)) throw notSigned(shown, error);
    throw refused(shown, `can't be loaded: ${said.split('\n')[0]?.replace(/[.!]$/, '') ?? ''}`, error);
  }
}
