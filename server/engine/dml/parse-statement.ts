import type { WriteStatement } from './statement.ts';
import { parseAlterTable } from './parse-alter.ts';
import { parseCall } from './parse-call.ts';
import { parseCreateTable } from './parse-create.ts';
import { parseOptimize, parseVacuum } from './parse-maintenance.ts';
import { parseDelete, parseInsert, parseMerge, parseUpdate } from './parse-rows.ts';
import { TokenCursor, type Span } from './token-cursor.ts';

const SUPPORTED =
  'INSERT, UPDATE, DELETE, MERGE INTO, TRUNCATE, CREATE TABLE, ALTER TABLE, DROP TABLE, OPTIMIZE and VACUUM change tables; CREATE, REFRESH and DROP MATERIALIZED VIEW keep answers';

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
  if (cursor.is('CREATE')) return parseCreateTable(cursor);
  if (cursor.is('ALTER')) return parseAlterTable(cursor);
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
  if (cursor.take('DROP')) {
    const isView = cursor.take('MATERIALIZED', 'VIEW');
    if (!isView && !cursor.take('TABLE'))
      throw cursor.error('UNSUPPORTED', `DROP ${cursor.peek()} is not supported; ${SUPPORTED}.`);
    const ifExists = cursor.take('IF', 'EXISTS');
    const target = cursor.table();
    cursor.finish();
    return { kind: isView ? 'drop-materialized-view' : 'drop-table', sql, target, ifExists };
  }
  throw cursor.error('UNSUPPORTED', `${cursor.peek()} changes no table here; ${SUPPORTED}.`);
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
