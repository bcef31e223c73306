import type { RestoreStatement, UndropStatement } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `RESTORE [TABLE | VIEW] t TO VERSION [AS OF] v` or `… TO TIMESTAMP [AS OF] '…'`. */
export function parseRestore(cursor: TokenCursor): RestoreStatement {
  cursor.expect('RESTORE');
  if (!cursor.take('TABLE')) cursor.take('VIEW');
  const target = cursor.table();
  cursor.expect('TO');
  const isTime = cursor.take('TIMESTAMP');
  if (!isTime && !cursor.take('VERSION')) throw cursor.unexpected('VERSION or TIMESTAMP');
  cursor.take('AS', 'OF');
  const start = cursor.position;
  let version: string;
  if (!isTime && cursor.kind() === 'number') {
    version = cursor.peek();
    cursor.skip();
  } else version = cursor.text(isTime ? 'a time in quotes' : 'a branch, tag, commit or snapshot in quotes');
  const span = { start, end: cursor.lastEnd };
  cursor.finish();
  return { kind: 'restore', sql: cursor.sql, target, to: isTime ? 'time' : 'version', version, span };
}

/** `UNDROP TABLE | VIEW t`. */
export function parseUndrop(cursor: TokenCursor): UndropStatement {
  cursor.expect('UNDROP');
  cursor.take('MATERIALIZED');
  if (!cursor.take('TABLE') && !cursor.take('VIEW')) throw cursor.unexpected('TABLE or VIEW');
  const target = cursor.table();
  cursor.finish();
  return { kind: 'undrop', sql: cursor.sql, target };
}
