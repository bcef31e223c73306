import type { SqlFunction } from '#shared/contract/functions.ts';
import { listFunctions as read } from '#server/engine/functions/list-functions.ts';

let known: Promise<{ version: string; functions: SqlFunction[] }> | null = null;

/** Every function that SQL here may call. Read once: they change with the engine alone. */
export function listFunctions(): Promise<{ version: string; functions: SqlFunction[] }> {
  known ??= read().catch((error: unknown) => {
    known = null;
    throw error;
  });
  return known;
}
