import { takeNamespaceWord } from './parse-namespace.ts';
import type { CommentStatement } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `COMMENT ON TABLE | COLUMN | VIEW | SCHEMA name IS '…' | NULL`. */
export function parseComment(cursor: TokenCursor): CommentStatement {
  cursor.expect('COMMENT', 'ON');
  const on = whatOf(cursor);
  const start = cursor.position;
  const parts = cursor.path('a name');
  const target = { parts, span: { start, end: cursor.lastEnd } };
  cursor.expect('IS');
  const text = cursor.take('NULL') ? null : cursor.text('a comment in quotes, or NULL');
  cursor.finish();
  return { kind: 'comment', sql: cursor.sql, target, on, text };
}

function whatOf(cursor: TokenCursor): CommentStatement['on'] {
  if (cursor.take('TABLE')) return 'table';
  if (cursor.take('COLUMN')) return 'column';
  if (cursor.take('MATERIALIZED', 'VIEW')) return 'table';
  if (cursor.take('VIEW')) return 'view';
  if (takeNamespaceWord(cursor)) return 'namespace';
  throw cursor.unexpected('TABLE, COLUMN, VIEW or SCHEMA');
}
