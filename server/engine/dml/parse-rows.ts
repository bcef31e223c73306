import type {
  Assignment,
  DeleteStatement,
  InsertStatement,
  MergeAction,
  MergeClause,
  MergeStatement,
  NamedColumn,
  UpdateStatement,
  Value,
} from './statement.ts';
import type { Span, TokenCursor } from './token-cursor.ts';

/** Words that may follow a table and are no alias of it. */
const NOT_ALIAS = new Set(['SET', 'USING', 'WHERE', 'ON', 'WHEN', 'FROM', 'RETURNING', 'VALUES', 'SELECT']);

export function parseInsert(cursor: TokenCursor, withSpan: Span | null): InsertStatement {
  cursor.expect('INSERT');
  const overwrite = cursor.take('OVERWRITE');
  if (overwrite) cursor.take('INTO');
  else {
    if (cursor.is('OR'))
      throw cursor.error(
        'UNSUPPORTED',
        'Tables have no keys that rows could conflict by; use MERGE INTO to update or insert.',
      );
    cursor.expect('INTO');
  }
  cursor.take('TABLE');
  const target = cursor.table();
  if (cursor.take('AS')) cursor.identifier('an alias');
  const columns = cursor.is('(') && !startsQueryInside(cursor) ? cursor.list(() => column(cursor)) : null;
  const byName = cursor.take('BY', 'NAME');
  if (!byName) cursor.take('BY', 'POSITION');
  const base = {
    kind: 'insert',
    sql: cursor.sql,
    with: withSpan,
    target,
    overwrite,
    columns,
    byName,
  } as const;
  if (cursor.take('DEFAULT', 'VALUES')) return finish(cursor, { ...base, source: { kind: 'defaults' } });
  if (cursor.is('VALUES')) {
    const { position } = cursor;
    cursor.skip();
    const rows = [cursor.list(() => value(cursor))];
    while (cursor.take(',')) rows.push(cursor.list(() => value(cursor)));
    if (cursor.done) return { ...base, source: { kind: 'values', rows, position } };
    throw cursor.unexpected('the end of the statement');
  }
  const query = cursor.until('a query', (at) => at.is('ON', 'CONFLICT') || at.is('RETURNING'));
  if (cursor.is('ON'))
    throw cursor.error(
      'UNSUPPORTED',
      'Tables have no keys that rows could conflict by; use MERGE INTO to update or insert.',
    );
  return finish(cursor, { ...base, source: { kind: 'query', query } });
}

export function parseDelete(cursor: TokenCursor, withSpan: Span | null): DeleteStatement {
  cursor.expect('DELETE', 'FROM');
  const target = cursor.table();
  const alias = optionalAlias(cursor);
  const using = cursor.take('USING')
    ? cursor.until('a table', (at) => at.is('WHERE') || at.is('RETURNING'))
    : null;
  const where = optionalWhere(cursor);
  return finish(cursor, { kind: 'delete', sql: cursor.sql, with: withSpan, target, alias, using, where });
}

export function parseUpdate(cursor: TokenCursor, withSpan: Span | null): UpdateStatement {
  cursor.expect('UPDATE');
  const target = cursor.table();
  const alias = optionalAlias(cursor);
  cursor.expect('SET');
  const ends = (at: TokenCursor) => at.is('FROM') || at.is('WHERE') || at.is('RETURNING');
  const assignments = assignmentList(cursor, target.parts, alias, ends);
  const from = cursor.take('FROM')
    ? cursor.until('a table', (at) => at.is('WHERE') || at.is('RETURNING'))
    : null;
  const where = optionalWhere(cursor);
  return finish(cursor, {
    kind: 'update',
    sql: cursor.sql,
    with: withSpan,
    target,
    alias,
    assignments,
    from,
    where,
  });
}

export function parseMerge(cursor: TokenCursor, withSpan: Span | null): MergeStatement {
  cursor.expect('MERGE', 'INTO');
  const target = cursor.table();
  const alias = optionalAlias(cursor);
  cursor.expect('USING');
  const start = cursor.position;
  let name = 'source';
  if (cursor.is('(')) cursor.parenthesized();
  else name = cursor.path('a table or a query in parentheses').at(-1) ?? name;
  if (cursor.is('(')) cursor.parenthesized();
  let end = cursor.lastEnd;
  if (cursor.is('AT', '(')) {
    cursor.skip();
    cursor.parenthesized();
    end = cursor.lastEnd;
  }
  const { position } = cursor;
  const written = optionalAlias(cursor);
  const sourceColumns = written !== null && cursor.is('(') ? cursor.parenthesized() : null;
  const sourceNamed = written === null ? null : { start: position, end: cursor.lastEnd };
  let on: MergeStatement['on'];
  if (cursor.take('USING')) on = { using: cursor.list(() => column(cursor)) };
  else {
    cursor.expect('ON');
    on = cursor.until('a condition', (at) => at.is('WHEN'));
  }
  const clauses: MergeClause[] = [];
  while (cursor.is('WHEN')) clauses.push(mergeClause(cursor, target.parts, alias));
  if (clauses.length === 0) throw cursor.unexpected('WHEN MATCHED or WHEN NOT MATCHED');
  return finish(cursor, {
    kind: 'merge',
    sql: cursor.sql,
    with: withSpan,
    target,
    alias,
    source: { start, end },
    sourceAlias: written ?? name,
    sourceColumns,
    sourceNamed,
    on,
    clauses,
  });
}

function mergeClause(cursor: TokenCursor, target: readonly string[], alias: string | null): MergeClause {
  const { position } = cursor;
  cursor.expect('WHEN');
  let when: MergeClause['when'] = 'matched';
  if (cursor.take('NOT', 'MATCHED')) {
    when = cursor.take('BY', 'SOURCE') ? 'not-matched-by-source' : 'not-matched';
    if (when === 'not-matched') cursor.take('BY', 'TARGET');
  } else cursor.expect('MATCHED');
  const condition = cursor.take('AND') ? cursor.until('a condition', (at) => at.is('THEN')) : null;
  cursor.expect('THEN');
  const actionAt = cursor.position;
  const action = mergeAction(cursor, target, alias);
  const inserts = action.kind === 'insert' || action.kind === 'insert-all';
  if (action.kind !== 'nothing' && inserts !== (when === 'not-matched'))
    throw cursor.error(
      'SQL_SYNTAX',
      when === 'not-matched'
        ? 'WHEN NOT MATCHED there is no row of the table: it can only INSERT.'
        : 'INSERT belongs to WHEN NOT MATCHED; a row that is there takes UPDATE or DELETE.',
      actionAt,
    );
  if (action.kind === 'update-all' && when === 'not-matched-by-source')
    throw cursor.error(
      'SQL_SYNTAX',
      'WHEN NOT MATCHED BY SOURCE there is no row to take all columns from; name them with SET.',
      actionAt,
    );
  return { when, condition, action, position };
}

function mergeAction(cursor: TokenCursor, target: readonly string[], alias: string | null): MergeAction {
  if (cursor.take('DO', 'NOTHING')) return { kind: 'nothing' };
  if (cursor.take('DELETE')) return { kind: 'delete' };
  if (cursor.take('UPDATE')) {
    if (cursor.take('SET', '*') || cursor.take('*') || cursor.take('BY', 'NAME'))
      return { kind: 'update-all' };
    if (cursor.done || cursor.is('WHEN')) return { kind: 'update-all' };
    cursor.expect('SET');
    return { kind: 'update', assignments: assignmentList(cursor, target, alias, (at) => at.is('WHEN')) };
  }
  const { position } = cursor;
  cursor.expect('INSERT');
  if (cursor.take('*') || cursor.take('BY', 'NAME')) return { kind: 'insert-all' };
  if (cursor.done || cursor.is('WHEN')) return { kind: 'insert-all' };
  const columns = cursor.is('(') ? cursor.list(() => column(cursor)) : null;
  cursor.expect('VALUES');
  return { kind: 'insert', columns, values: cursor.list(() => value(cursor)), position };
}

function assignmentList(
  cursor: TokenCursor,
  target: readonly string[],
  alias: string | null,
  ends: (cursor: TokenCursor) => boolean,
): Assignment[] {
  const assignments: Assignment[] = [];
  do {
    if (cursor.is('(')) throw cursor.error('UNSUPPORTED', 'Assign columns one by one: SET a = …, b = ….');
    const { position } = cursor;
    const path = cursor.path('a column');
    const qualified =
      path.length > 1 &&
      [alias, target.at(-1)].some((name) => name?.toLowerCase() === path.at(-2)?.toLowerCase());
    const name = path.at(-1) ?? '';
    if (path.length > 1 && !qualified)
      throw cursor.error(
        'UNSUPPORTED',
        `${path.join('.')} is a field inside a column; assign the whole column, e.g. SET ${path[0]} = struct_update(…).`,
        position,
      );
    cursor.expect('=');
    assignments.push({
      column: { name, position },
      value: cursor.take('DEFAULT') ? 'default' : cursor.until('a value', (at) => at.is(',') || ends(at)),
    });
  } while (cursor.take(','));
  return assignments;
}

function column(cursor: TokenCursor): NamedColumn {
  const { position } = cursor;
  return { name: cursor.identifier('a column'), position };
}

function value(cursor: TokenCursor): Value {
  return cursor.take('DEFAULT') ? 'default' : cursor.until('a value', (at) => at.is(','));
}

function optionalAlias(cursor: TokenCursor): string | null {
  if (cursor.take('AS')) return cursor.identifier('an alias');
  return cursor.isIdentifier() && !(cursor.kind() === 'word' && NOT_ALIAS.has(cursor.peek()))
    ? cursor.identifier('an alias')
    : null;
}

function optionalWhere(cursor: TokenCursor): Span | null {
  return cursor.take('WHERE') ? cursor.until('a condition', (at) => at.is('RETURNING')) : null;
}

/** A parenthesis that a query stands in, and no list of columns. */
function startsQueryInside(cursor: TokenCursor): boolean {
  const next = cursor.peek(1);
  return (
    next === '(' ||
    ((next === 'SELECT' || next === 'WITH' || next === 'VALUES' || next === 'FROM') &&
      cursor.kind(1) === 'word')
  );
}

function finish<T>(cursor: TokenCursor, statement: T): T {
  cursor.finish();
  return statement;
}
