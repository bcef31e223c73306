import type { WriteStatement } from './statement.ts';
import { parseAlter } from './parse-alter.ts';
import { parseCall } from './parse-call.ts';
import { parseComment } from './parse-comment.ts';
import { parseCreateTable } from './parse-create.ts';
import { parseOptimize, parseVacuum } from './parse-maintenance.ts';
import { isNamespaceWord, parseCreateNamespace, parseDropNamespace } from './parse-namespace.ts';
import { parseRestore, parseUndrop } from './parse-restore.ts';
import { parseDelete, parseInsert, parseMerge, parseUpdate } from './parse-rows.ts';
import { parseCreateView } from './parse-view.ts';
import { TokenCursor, type Span } from './token-cursor.ts';

const SUPPORTED =
  'INSERT, UPDATE, DELETE, MERGE INTO, TRUNCATE, OPTIMIZE, VACUUM and RESTORE change tables; CREATE, ALTER and DROP are there for TABLE, VIEW, SCHEMA and MATERIALIZED VIEW; COMMENT ON and UNDROP too';

/**
 * Takes a statement that writes apart. Its queries and expressions stay text, which DuckDB's parser reads as a part
 * of a SELECT.
 *
 * @throws SQL_SYNTAX, UNSUPPORTED, INVALID_INPUT, each with its place
 */
export function parseWriteStatement(sql: string): WriteStatement {
  const cursor = new TokenCursor(sql);
  const withSpan = cursor.is('WITH') ? withList(cursor) : null;
  if (cursor.is('INSERT')) return parseInsert(cursor, withSpan);
  if (cursor.is('DELETE')) return parseDelete(cursor, withSpan);
  if (cursor.is('UPDATE')) return parseUpdate(cursor, withSpan);
  if (cursor.is('MERGE')) return parseMerge(cursor, withSpan);
  if (withSpan !== null) throw cursor.unexpected('INSERT, UPDATE, DELETE or MERGE');
  if (cursor.is('CREATE')) return parseCreate(cursor);
  if (cursor.is('ALTER')) return parseAlter(cursor);
  if (cursor.is('COMMENT')) return parseComment(cursor);
  if (cursor.is('RESTORE')) return parseRestore(cursor);
  if (cursor.is('UNDROP')) return parseUndrop(cursor);
  if (cursor.is('CALL')) return parseCall(cursor);
  if (cursor.is('OPTIMIZE')) return parseOptimize(cursor);
  if (cursor.is('VACUUM')) return parseVacuum(cursor);
  if (cursor.take('TRUNCATE')) {
    cursor.take('TABLE');
    const target = cursor.table();
    cursor.finish();
    return { kind: 'truncate', sql, target };
  }
  if (cursor.take('REFRESH')) {
    cursor.expect('MATERIALIZED', 'VIEW');
    const target = cursor.table();
    const full = cursor.take('FULL');
    cursor.finish();
    return { kind: 'refresh-materialized-view', sql, target, full };
  }
  if (cursor.take('DROP')) return parseDrop(cursor);
  throw cursor.error('UNSUPPORTED', `${cursor.peek()} changes no table here; ${SUPPORTED}.`);
}

function parseCreate(cursor: TokenCursor): WriteStatement {
  if (isNamespaceWord(cursor.peek(1))) return parseCreateNamespace(cursor);
  const isView = cursor.peek(1) === 'VIEW' || cursor.is('CREATE', 'OR', 'REPLACE', 'VIEW');
  return isView ? parseCreateView(cursor) : parseCreateTable(cursor);
}

function parseDrop(cursor: TokenCursor): WriteStatement {
  if (isNamespaceWord(cursor.peek())) return parseDropNamespace(cursor);
  const kind = cursor.take('MATERIALIZED', 'VIEW')
    ? 'drop-materialized-view'
    : cursor.take('VIEW')
      ? 'drop-view'
      : cursor.take('TABLE')
        ? 'drop-table'
        : null;
  if (kind === null)
    throw cursor.error('UNSUPPORTED', `DROP ${cursor.peek()} is not supported; ${SUPPORTED}.`);
  const ifExists = cursor.take('IF', 'EXISTS');
  const target = cursor.table();
  cursor.finish();
  return { kind, sql: cursor.sql, target, ifExists };
}

/** WITH and its entries, up to the statement that they are for. */
function withList(cursor: TokenCursor): Span {
  const start = cursor.position;
  cursor.skip();
  return {
    start,
    end: cursor.until('a common table expression', (at) =>
      ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].some((word) => at.is(word)),
    ).end,
  };
}
