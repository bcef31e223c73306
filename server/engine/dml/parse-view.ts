import { propertyList } from './parse-create.ts';
import type { CreateViewStatement } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/** `CREATE [OR REPLACE] VIEW [IF NOT EXISTS] v [(a [COMMENT '…'], …)] [COMMENT '…'] [WITH (…)] AS query`. */
export function parseCreateView(cursor: TokenCursor): CreateViewStatement {
  cursor.expect('CREATE');
  const orReplace = cursor.take('OR', 'REPLACE');
  cursor.expect('VIEW');
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const target = cursor.table();
  const columns = cursor.is('(')
    ? cursor.list(() => {
        const name = cursor.identifier('a column');
        const doc = cursor.take('COMMENT') ? cursor.text('a comment in quotes') : undefined;
        return { name, ...(doc === undefined ? {} : { doc }) };
      })
    : null;
  let properties: Record<string, string> = {};
  for (;;) {
    if (cursor.take('COMMENT')) properties['comment'] = cursor.text('a comment in quotes');
    else if (cursor.take('WITH') || cursor.take('TBLPROPERTIES'))
      properties = { ...properties, ...propertyList(cursor) };
    else break;
  }
  cursor.expect('AS');
  const query = cursor.until('a query', () => false);
  cursor.finish();
  return {
    kind: 'create-view',
    sql: cursor.sql,
    target,
    orReplace,
    ifNotExists,
    columns,
    properties,
    query,
  };
}
