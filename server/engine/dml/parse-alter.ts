import type { TableAlteration } from '#shared/contract/table-changes.ts';
import { columnTypeText, partitionField, propertyList, propertyName, sortField } from './parse-create.ts';
import type { AlterTableStatement, RenameStatement } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * `ALTER TABLE [IF EXISTS] t` and one change, or several with commas between: all of them are one commit. Or
 * `ALTER TABLE | [MATERIALIZED] VIEW [IF EXISTS] t RENAME TO u`.
 */
export function parseAlter(cursor: TokenCursor): AlterTableStatement | RenameStatement {
  cursor.expect('ALTER');
  const isView = cursor.take('VIEW');
  const isMaterialized = cursor.take('MATERIALIZED', 'VIEW');
  if (!isView && !isMaterialized && !cursor.take('TABLE'))
    throw cursor.error(
      'UNSUPPORTED',
      `ALTER ${cursor.peek()} is not supported here; ALTER TABLE and ALTER VIEW … RENAME TO are.`,
    );
  const ifExists = cursor.take('IF', 'EXISTS');
  const target = cursor.table();
  if (cursor.take('RENAME', 'TO')) {
    const to = cursor.table();
    cursor.finish();
    return { kind: 'rename', of: isView ? 'view' : 'table', sql: cursor.sql, target, ifExists, to };
  }
  if (isView || isMaterialized)
    throw cursor.error(
      'UNSUPPORTED',
      'Of a view only its name is altered; CREATE OR REPLACE VIEW gives it another query.',
    );
  const changes: TableAlteration[] = [];
  do changes.push(...change(cursor));
  while (cursor.take(','));
  cursor.finish();
  return { kind: 'alter-table', sql: cursor.sql, target, ifExists, changes };
}

function change(cursor: TokenCursor): TableAlteration[] {
  if (cursor.take('ADD')) return add(cursor);
  if (cursor.take('DROP')) {
    if (cursor.take('PARTITION', 'FIELD'))
      return [{ action: 'remove-partition-field', name: cursor.identifier('a partition field') }];
    cursor.take('COLUMN');
    return [{ action: 'drop-column', column: column(cursor) }];
  }
  if (cursor.take('RENAME')) {
    if (cursor.is('TO'))
      throw cursor.error('UNSUPPORTED', 'A new name is a statement of its own: ALTER TABLE … RENAME TO ….');
    const partition = cursor.take('PARTITION', 'FIELD');
    if (!partition) cursor.take('COLUMN');
    const from = column(cursor);
    cursor.expect('TO');
    const to = cursor.identifier('a new name');
    return partition
      ? [{ action: 'rename-partition-field', name: [from].flat().join('.'), to }]
      : [{ action: 'rename-column', column: from, to }];
  }
  if (cursor.take('ALTER')) {
    cursor.take('COLUMN');
    return [alterColumn(cursor, column(cursor))];
  }
  if (cursor.take('SET')) {
    if (cursor.take('SORTED', 'BY'))
      return [{ action: 'set-sort-order', fields: cursor.list(() => sortField(cursor)) }];
    cursor.take('TBLPROPERTIES');
    return properties(propertyList(cursor));
  }
  if (cursor.take('WRITE', 'ORDERED', 'BY')) {
    if (cursor.is('(')) return [{ action: 'set-sort-order', fields: cursor.list(() => sortField(cursor)) }];
    return [{ action: 'set-sort-order', fields: [sortField(cursor)] }];
  }
  if (cursor.take('RESET', 'SORTED', 'BY') || cursor.take('WRITE', 'UNORDERED'))
    return [{ action: 'set-sort-order', fields: [] }];
  if (cursor.take('UNSET') || cursor.take('RESET')) {
    cursor.take('TBLPROPERTIES');
    return [{ action: 'remove-properties', names: cursor.list(() => propertyName(cursor)) }];
  }
  throw cursor.unexpected('ADD, DROP, RENAME, ALTER, SET or UNSET');
}

function add(cursor: TokenCursor): TableAlteration[] {
  if (cursor.take('PARTITION', 'FIELD')) {
    const field = partitionField(cursor);
    const name = cursor.take('AS') ? { name: cursor.identifier('a name') } : {};
    return [{ action: 'add-partition-field', ...field, ...name }];
  }
  if (cursor.take('COLUMNS')) return cursor.list(() => addColumn(cursor));
  cursor.take('COLUMN');
  return [addColumn(cursor)];
}

function addColumn(cursor: TokenCursor): TableAlteration {
  const path = cursor.path('a column');
  const name = path.at(-1) ?? '';
  const type = columnTypeText(cursor);
  const more: { required?: boolean; default?: unknown; doc?: string; position?: Position } = {};
  for (;;) {
    if (cursor.take('NOT', 'NULL')) more.required = true;
    else if (cursor.take('DEFAULT')) more.default = literal(cursor);
    else if (cursor.take('COMMENT')) more.doc = cursor.text('a comment in quotes');
    else if (cursor.is('FIRST') || cursor.is('AFTER')) more.position = place(cursor);
    else break;
  }
  return {
    action: 'add-column',
    name,
    type,
    ...(path.length > 1 ? { parent: path.slice(0, -1) } : {}),
    ...more,
  };
}

function alterColumn(cursor: TokenCursor, name: string | string[]): TableAlteration {
  if (cursor.take('SET', 'DATA', 'TYPE') || cursor.take('SET', 'TYPE') || cursor.take('TYPE'))
    return { action: 'update-type', column: name, type: columnTypeText(cursor) };
  if (cursor.take('SET', 'NOT', 'NULL')) return { action: 'set-required', column: name, required: true };
  if (cursor.take('DROP', 'NOT', 'NULL')) return { action: 'set-required', column: name, required: false };
  if (cursor.take('SET', 'DEFAULT')) return { action: 'set-default', column: name, default: literal(cursor) };
  if (cursor.take('DROP', 'DEFAULT')) return { action: 'set-default', column: name, default: null };
  if (cursor.take('COMMENT'))
    return { action: 'set-doc', column: name, doc: cursor.text('a comment in quotes') };
  if (cursor.is('FIRST') || cursor.is('AFTER'))
    return { action: 'move-column', column: name, position: place(cursor) };
  throw cursor.unexpected('TYPE, SET, DROP, COMMENT, FIRST or AFTER');
}

type Position = Extract<TableAlteration, { action: 'move-column' }>['position'];

function place(cursor: TokenCursor): Position {
  if (cursor.take('FIRST')) return 'first';
  cursor.expect('AFTER');
  return { after: cursor.identifier('a column') };
}

/** `format-version` is the table's, and no property. */
function properties(given: Record<string, string>): TableAlteration[] {
  const { 'format-version': version, ...others } = given;
  const changes: TableAlteration[] = [];
  const formatVersion = Number(version);
  if (formatVersion === 1 || formatVersion === 2 || formatVersion === 3)
    changes.push({ action: 'upgrade-format-version', formatVersion });
  else if (version !== undefined) others['format-version'] = version;
  if (Object.keys(others).length > 0) changes.push({ action: 'set-properties', properties: others });
  return changes;
}

function column(cursor: TokenCursor): string | string[] {
  const path = cursor.path('a column');
  return path.length === 1 ? (path[0] ?? '') : [...path];
}

/** A constant, as JSON has it. */
function literal(cursor: TokenCursor): unknown {
  if (cursor.kind() === 'string') return cursor.text('a constant');
  if (cursor.take('NULL')) return null;
  if (cursor.take('TRUE')) return true;
  if (cursor.take('FALSE')) return false;
  const sign = cursor.take('-') ? '-' : '';
  if (cursor.kind() !== 'number')
    throw cursor.unexpected('a constant: a number, a text in quotes, TRUE, FALSE or NULL');
  const text = sign + cursor.peek().replaceAll('_', '');
  cursor.skip();
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  return Number(text);
}
