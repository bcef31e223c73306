import { propertyList } from './parse-create.ts';
import type { CreateNamespaceStatement, DropNamespaceStatement } from './statement.ts';
import type { NamedTable, TokenCursor } from './token-cursor.ts';

const WORDS = ['SCHEMA', 'NAMESPACE', 'DATABASE'];

/** Takes the word that engines have for a namespace. */
export function takeNamespaceWord(cursor: TokenCursor): boolean {
  return WORDS.some((word) => cursor.take(word));
}

export function isNamespaceWord(word: string): boolean {
  return WORDS.includes(word);
}

/** `CREATE SCHEMA [IF NOT EXISTS] a.b [COMMENT '…'] [WITH [DBPROPERTIES] (…)]`. */
export function parseCreateNamespace(cursor: TokenCursor): CreateNamespaceStatement {
  cursor.expect('CREATE');
  takeNamespaceWord(cursor);
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const target = namespaceName(cursor);
  let properties: Record<string, string> = {};
  for (;;) {
    if (cursor.take('COMMENT')) properties['comment'] = cursor.text('a comment in quotes');
    else if (cursor.is('WITH') || cursor.is('DBPROPERTIES') || cursor.is('PROPERTIES')) {
      cursor.take('WITH');
      if (!cursor.take('DBPROPERTIES')) cursor.take('PROPERTIES');
      properties = { ...properties, ...propertyList(cursor) };
    } else break;
  }
  cursor.finish();
  return { kind: 'create-namespace', sql: cursor.sql, target, ifNotExists, properties };
}

/** `DROP SCHEMA [IF EXISTS] a.b [CASCADE | RESTRICT]`, behind its DROP. */
export function parseDropNamespace(cursor: TokenCursor): DropNamespaceStatement {
  takeNamespaceWord(cursor);
  const ifExists = cursor.take('IF', 'EXISTS');
  const target = namespaceName(cursor);
  const cascade = cursor.take('CASCADE');
  if (!cascade) cursor.take('RESTRICT');
  cursor.finish();
  return { kind: 'drop-namespace', sql: cursor.sql, target, ifExists, cascade };
}

function namespaceName(cursor: TokenCursor): NamedTable {
  const start = cursor.position;
  const parts = cursor.path("a schema's name");
  return { parts, span: { start, end: cursor.lastEnd } };
}
