import type { SqlFunction } from '#shared/contract/functions.ts';
import { listFunctions as read } from '#server/engine/functions/list-functions.ts';

let known: Promise<{ version: string; functions: SqlFunction[] }> | null = null;

/** Every function that SQL here may call. Read once: they change with the engine alone, and what it loads at its start. */
export function listFunctions(
  extensions: readonly string[] = [],
): Promise<{ version: string; functions: SqlFunction[] }> {
  known ??= read(extensions).catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}
