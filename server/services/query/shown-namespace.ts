import type { TokenCursor } from '#server/engine/dml/token-cursor.ts';

/** What stands behind a list's name to the end of its statement: `FROM a` or `IN a`; no levels where nothing does. */
export function namespaceShown(cursor: TokenCursor): readonly string[] {
  const under = cursor.take('FROM') || cursor.take('IN') ? cursor.path("a schema's name") : [];
  cursor.finish();
  return under;
}

/** Whether a path begins with the levels of a namespace, in whatever case that is written. */
export function isUnder(path: readonly string[], namespace: readonly string[]): boolean {
  return namespace.every((level, index) => path[index]?.toLowerCase() === level.toLowerCase());
}
