import { setImmediate } from 'node:timers/promises';

/** One pass over the tree of a text of this length takes tens of milliseconds. */
const LONG_CHARACTERS = 100_000;

export function isLong(sql: string): boolean {
  return sql.length >= LONG_CHARACTERS;
}

/** Lets what else waits have its turn between two passes over a long text. */
export async function takeTurns(sql: string): Promise<void> {
  if (isLong(sql)) await setImmediate();
}
