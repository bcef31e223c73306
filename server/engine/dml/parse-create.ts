import type { CreateTableRequest } from '#shared/contract/table-changes.ts';
import type { CreateTableStatement, TableOptions } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

type NewColumn = CreateTableRequest['columns'][number];
type PartitionField = NonNullable<TableOptions['partitionSpec']>[number];
type SortField = NonNullable<TableOptions['sortOrder']>[number];

const AFTER_TYPE = [
  'NOT',
  'NULL',
  'DEFAULT',
  'COMMENT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'CONSTRAINT',
  'GENERATED',
  'COLLATE',
  'FIRST',
  'AFTER',
];

/**
 * `CREATE [OR REPLACE] MATERIALIZED VIEW [IF NOT EXISTS] t` with the options of a table and `AS …`, and
 * `CREATE [OR REPLACE] TABLE [IF NOT EXISTS] t [(…)] [PARTITIONED BY (…)] [SORTED BY (…)] [WITH (…)] [COMMENT '…'] [AS …]`.
 */
export function parseCreateTable(cursor: TokenCursor): CreateTableStatement {
  cursor.expect('CREATE');
  const orReplace = cursor.take('OR', 'REPLACE');
  const isView = cursor.take('MATERIALIZED', 'VIEW');
  if (!isView && !cursor.take('TABLE'))
    throw cursor.error(
      'UNSUPPORTED',
      `CREATE ${cursor.peek()} is not supported here; CREATE TABLE, VIEW, MATERIALIZED VIEW and SCHEMA are.`,
    );
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const target = cursor.table();
  const identifierFields: string[] = [];
  const columns = cursor.is('(') ? columnList(cursor, identifierFields) : null;
  const options = tableOptions(cursor);
  const query = cursor.take('AS') ? cursor.until('a query', () => false) : null;
  cursor.finish();
  if (isView && query === null)
    throw cursor.error('SQL_SYNTAX', 'A materialized view needs a query: write AS and the query.');
  if (query === null && columns === null)
    throw cursor.error('SQL_SYNTAX', 'A table needs columns: write them in parentheses, or AS and a query.');
  if (query !== null && columns !== null)
    throw cursor.error(
      'UNSUPPORTED',
      'Columns of a table that AS fills come from its query; name and CAST them there.',
      query.start,
    );
  return {
    kind: isView ? 'create-materialized-view' : 'create-table',
    sql: cursor.sql,
    target,
    orReplace,
    ifNotExists,
    columns,
    identifierFields,
    options,
    query,
  };
}

function columnList(cursor: TokenCursor, identifierFields: string[]): NewColumn[] {
  const columns: NewColumn[] = [];
  cursor.list(() => {
    if (cursor.take('PRIMARY', 'KEY'))
      identifierFields.push(...cursor.list(() => cursor.identifier('a column')));
    else columns.push(newColumn(cursor, identifierFields));
  });
  return columns.map((column) =>
    identifierFields.includes(column.name) ? { ...column, required: true } : column,
  );
}

function newColumn(cursor: TokenCursor, identifierFields: string[]): NewColumn {
  const name = cursor.identifier('a column');
  const type = columnTypeText(cursor);
  let required = false;
  let doc: string | undefined;
  for (;;) {
    if (cursor.take('NOT', 'NULL')) required = true;
    else if (cursor.take('PRIMARY', 'KEY')) identifierFields.push(name);
    else if (cursor.take('COMMENT')) doc = cursor.text('a comment in quotes');
    else if (cursor.is('DEFAULT'))
      throw cursor.error(
        'UNSUPPORTED',
        'Defaults are set after the table is there (format version 3): ALTER TABLE … ALTER COLUMN … SET DEFAULT ….',
      );
    else if (!cursor.take('NULL')) break;
  }
  if (!cursor.is(',') && !cursor.is(')'))
    throw cursor.error(
      'UNSUPPORTED',
      `${cursor.peek()} is no property of a column here; NOT NULL, PRIMARY KEY and COMMENT are.`,
    );
  return { name, type, ...(required ? { required } : {}), ...(doc === undefined ? {} : { doc }) };
}

/** A type as it is written: DuckDB's or Iceberg's. */
export function columnTypeText(cursor: TokenCursor): string {
  const span = cursor.until('a type', (at) => at.is(',') || AFTER_TYPE.some((word) => at.is(word)));
  return cursor.sql.slice(span.start, span.end);
}

function tableOptions(cursor: TokenCursor): TableOptions {
  const options: { -readonly [K in keyof TableOptions]: TableOptions[K] } = {};
  let properties: Record<string, string> = {};
  for (;;) {
    if (cursor.take('PARTITIONED', 'BY')) options.partitionSpec = cursor.list(() => partitionField(cursor));
    else if (cursor.take('SORTED', 'BY') || cursor.take('ORDERED', 'BY'))
      options.sortOrder = cursor.list(() => sortField(cursor));
    else if (cursor.take('WITH') || cursor.take('TBLPROPERTIES'))
      properties = { ...properties, ...propertyList(cursor) };
    else if (cursor.take('COMMENT')) properties['comment'] = cursor.text('a comment in quotes');
    else if (cursor.take('USING')) {
      if (cursor.identifier('a format').toLowerCase() !== 'iceberg')
        throw cursor.error('UNSUPPORTED', 'Tables are Iceberg tables; leave USING away.');
    } else break;
  }
  const { 'format-version': text, ...others } = properties;
  if (text !== undefined) {
    const version = Number(text);
    if (version !== 1 && version !== 2 && version !== 3)
      throw cursor.error('INVALID_INPUT', `'format-version' is '${text}'; it can be 1, 2 or 3.`);
    options.formatVersion = version;
  }
  if (Object.keys(others).length > 0) options.properties = others;
  return options;
}

/** `column`, `day(column)`, `bucket(16, column)`, `truncate(column, 4)`. */
export function partitionField(cursor: TokenCursor): PartitionField {
  const { source, transform } = transformed(cursor);
  return { source, transform: transform ?? 'identity' };
}

function transformed(cursor: TokenCursor): { source: string | string[]; transform?: string } {
  if (!cursor.isIdentifier() || cursor.peek(1) !== '(') return { source: column(cursor) };
  const { position } = cursor;
  const name = cursor.identifier('a transform').toLowerCase().replace(/s$/, '');
  let source: string | string[] | undefined;
  let parameter = '';
  cursor.list(() => {
    if (cursor.kind() === 'number') {
      parameter = cursor.peek();
      cursor.skip();
    } else source = column(cursor);
  });
  if (source === undefined) throw cursor.error('SQL_SYNTAX', `${name}(…) names no column.`, position);
  return { source, transform: parameter === '' ? name : `${name}[${parameter}]` };
}

export function sortField(cursor: TokenCursor): SortField {
  const { source, transform } = transformed(cursor);
  const direction = cursor.take('DESC') ? 'desc' : 'asc';
  if (direction === 'asc') cursor.take('ASC');
  const nullOrder = cursor.take('NULLS', 'FIRST')
    ? 'nulls-first'
    : cursor.take('NULLS', 'LAST')
      ? 'nulls-last'
      : undefined;
  return {
    source,
    direction,
    ...(transform === undefined ? {} : { transform }),
    ...(nullOrder === undefined ? {} : { nullOrder }),
  };
}

function column(cursor: TokenCursor): string | string[] {
  const path = cursor.path('a column');
  return path.length === 1 ? (path[0] ?? '') : [...path];
}

/** `('a' = 'b', c = 1)`; names and values with or without quotes. */
export function propertyList(cursor: TokenCursor): Record<string, string> {
  const entries = cursor.list((): [string, string] => {
    const name = propertyName(cursor);
    if (!cursor.take('=')) throw cursor.unexpected('=');
    return [name, literalText(cursor)];
  });
  return Object.fromEntries(entries);
}

/** Quotes may be left away, also around a name with dashes. */
export function propertyName(cursor: TokenCursor): string {
  if (cursor.kind() === 'string') return cursor.text('a name in quotes');
  const span = cursor.until('a name', (at) => at.is('=') || at.is(','));
  return cursor.sql.slice(span.start, span.end);
}

function literalText(cursor: TokenCursor): string {
  if (cursor.kind() === 'string') return cursor.text('a value');
  const span = cursor.until('a value', (at) => at.is(','));
  return cursor.sql.slice(span.start, span.end);
}
