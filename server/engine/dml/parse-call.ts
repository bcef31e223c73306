import type { CallStatement } from './statement.ts';
import type { NamedTable, TokenCursor } from './token-cursor.ts';

type Procedure = CallStatement['call'];

/** The arguments of each procedure behind the table, in their order; all are needed. */
const PROCEDURES: Readonly<Record<Procedure['name'], readonly string[]>> = {
  rollback_to_snapshot: ['snapshot_id'],
  rollback_to_timestamp: ['timestamp'],
  set_current_snapshot: ['snapshot_id'],
  cherrypick_snapshot: ['snapshot_id'],
  publish_changes: ['wap_id'],
  fast_forward: ['branch', 'to'],
};

/** `CALL system.cherrypick_snapshot('ns.t', 123)`: procedures as Iceberg names them, arguments by place or by name (`=>`). */
export function parseCall(cursor: TokenCursor): CallStatement {
  cursor.expect('CALL');
  const start = cursor.position;
  const path = cursor.path('a procedure').map((part) => part.toLowerCase());
  const name = path.at(-1) ?? '';
  if (!isProcedure(name) || (path.length > 1 && path.at(-2) !== 'system'))
    throw cursor.error(
      'UNSUPPORTED',
      `There is no procedure ${path.join('.')}; there are ${Object.keys(PROCEDURES).join(', ')}, each in system.`,
      start,
    );
  const names = ['table', ...PROCEDURES[name]];
  const given = new Map<string, { readonly text: string; readonly start: number }>();
  const argument = () => {
    const named = cursor.isIdentifier() && (cursor.peek(1) === '=>' || cursor.peek(1) === '=');
    const at = cursor.position;
    const key = named ? cursor.identifier('an argument').toLowerCase() : (names[given.size] ?? '');
    // Written as one token or as two.
    if (named && !cursor.take('=>')) cursor.expect('=', '>');
    if (!names.includes(key) || given.has(key))
      throw cursor.error('INVALID_INPUT', `${name} takes ${names.join(', ')}, each once.`, at);
    const valueAt = cursor.position;
    given.set(key, { text: literal(cursor), start: valueAt });
  };
  cursor.expect('(');
  if (!cursor.is(')')) argument();
  while (cursor.take(',')) argument();
  cursor.expect(')');
  cursor.finish();
  const missing = names.filter((key) => !given.has(key));
  if (missing.length > 0)
    throw cursor.error(
      'INVALID_INPUT',
      `${name} takes ${names.join(', ')}; ${missing.join(', ')} is missing.`,
      start,
    );
  const value = (key: string) => given.get(key)?.text ?? '';
  const target: NamedTable = {
    parts: value('table')
      .split('.')
      .map((part) => part.replaceAll(/^["`]|["`]$/g, '')),
    span: { start: given.get('table')?.start ?? start, end: cursor.lastEnd },
  };
  return {
    kind: 'call',
    sql: cursor.sql,
    target,
    call: { name, arguments: PROCEDURES[name].map(value) },
  };
}

function isProcedure(name: string): name is Procedure['name'] {
  return Object.hasOwn(PROCEDURES, name);
}

/** A string, or digits. A timestamp may say that it is one: `TIMESTAMP '2024-01-01'`. */
function literal(cursor: TokenCursor): string {
  if (cursor.is('TIMESTAMP')) cursor.skip();
  if (cursor.kind() !== 'number') return cursor.text('a string or a number');
  const digits = cursor.peek();
  cursor.skip();
  return digits;
}
