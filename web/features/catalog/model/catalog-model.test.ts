import { describe, expect, it } from 'vitest';
import type { ColumnInfo, TableSummary } from '#shared/contract/tables.ts';
import { boundText } from './bound-text.ts';
import { findTables, nextSorting } from './table-order.ts';
import { previewSql, sqlName, startingSql } from './table-sql.ts';
import { treeMove, treeRows, treeTypeAhead, rowName } from './tree-rows.ts';

function column(name: string, type = 'string', id = 1): ColumnInfo {
  return { id, name, type, sqlType: 'VARCHAR', required: false };
}

function table(id: string, columns: string[] = ['a'], rest: Partial<TableSummary> = {}): TableSummary {
  const parts = id.split('.');
  return {
    id,
    namespace: parts.slice(0, -1),
    name: parts.at(-1) ?? '',
    columns: columns.map((name, at) => column(name, 'string', at + 1)),
    rows: '0',
    bytes: '0',
    files: 0,
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...rest,
  };
}

const tables = [
  table('silver.trips', ['distance', 'origin'], { rows: '10', bytes: '9007199254740993', files: 2 }),
  table('bronze.flights', ['date', 'delay'], { rows: '3000000', bytes: '9007199254740992', files: 7 }),
  table('bronze.airports', ['iata', 'city'], { rows: '3376', comment: 'By IATA code' }),
];

describe('findTables', () => {
  it('sorts by name, and by amounts exactly', () => {
    const ids = (by: 'name' | 'rows' | 'bytes', descending: boolean) =>
      findTables(tables, '', { by, descending }).map((each) => each.id);
    expect(ids('name', false)).toEqual(['bronze.airports', 'bronze.flights', 'silver.trips']);
    expect(ids('rows', true)).toEqual(['bronze.flights', 'bronze.airports', 'silver.trips']);
    expect(ids('bytes', true)).toEqual(['silver.trips', 'bronze.flights', 'bronze.airports']);
  });

  it('finds by name, comment and column, each word', () => {
    const found = (text: string) =>
      findTables(tables, text, { by: 'name', descending: false }).map((each) => each.name);
    expect(found('IATA')).toEqual(['airports']);
    expect(found('bronze delay')).toEqual(['flights']);
    expect(found('by iata')).toEqual(['airports']);
    expect(found('nothing')).toEqual([]);
  });

  it('turns around on the second click', () => {
    const first = nextSorting({ by: 'name', descending: false }, 'rows');
    expect(first).toEqual({ by: 'rows', descending: true });
    expect(nextSorting(first, 'rows')).toEqual({ by: 'rows', descending: false });
  });
});

describe('treeRows', () => {
  const spaces = [['bronze'], ['gold'], ['silver']];
  const lines = (filter: string, ...toggled: string[]) =>
    treeRows(spaces, tables, filter, new Set(toggled)).map((row) => `${row.level} ${rowName(row)}`);

  it('opens namespaces and closes tables at first, empty namespaces among them', () => {
    expect(lines('')).toEqual(['1 bronze', '2 airports', '2 flights', '1 gold', '1 silver', '2 trips']);
    expect(lines('', 'n:bronze', 't:silver.trips')).toEqual([
      '1 bronze',
      '1 gold',
      '1 silver',
      '2 trips',
      '3 distance',
      '3 origin',
    ]);
  });

  it('shows what a filter found, and of tables found by a column those columns', () => {
    expect(lines('fli')).toEqual(['1 bronze', '2 flights']);
    expect(lines('origin')).toEqual(['1 silver', '2 trips', '3 origin']);
    expect(lines('origin', 'n:silver')).toContain('2 trips');
  });

  it('has views among the tables, with their columns', () => {
    const { columns } = tables[0] ?? { columns: [] };
    const view = {
      id: 'gold.best',
      namespace: ['gold'],
      name: 'best',
      columns,
      sql: 'SELECT 1',
      dialect: 'duckdb',
    };
    const rows = treeRows(spaces, tables, 'best', new Set(['t:gold.best']), [view]);
    expect(rows.map(({ kind }) => kind)).toEqual(['namespace', 'view', ...columns.map(() => 'column')]);
    expect(rows.map((row) => rowName(row)).slice(0, 2)).toEqual(['gold', 'best']);
  });

  it('numbers siblings', () => {
    const rows = treeRows(spaces, tables, '', new Set());
    expect(rows.map((row) => `${row.position}/${row.size}`)).toEqual([
      '1/3',
      '1/2',
      '2/2',
      '2/3',
      '3/3',
      '1/1',
    ]);
  });

  it('moves as a tree does', () => {
    const rows = treeRows(spaces, tables, '', new Set(['t:silver.trips']));
    expect(treeMove(rows, 0, 'ArrowRight')).toBe(1);
    expect(treeMove(rows, 1, 'ArrowRight')).toBeNull();
    expect(treeMove(rows, 2, 'ArrowLeft')).toBe(0);
    expect(treeMove(rows, 6, 'ArrowLeft')).toBe(5);
    expect(treeMove(rows, 3, 'ArrowRight')).toBeNull();
    expect(treeMove(rows, 0, 'ArrowUp')).toBe(0);
    expect(treeMove(rows, 0, 'End')).toBe(7);
    expect(treeMove(rows, 7, 'ArrowDown')).toBe(7);
    expect(treeTypeAhead(rows, 0, 'F')).toBe(2);
    expect(treeTypeAhead(rows, 5, 'b')).toBe(0);
    expect(treeTypeAhead(rows, 0, 'x')).toBeNull();
  });
});

describe('boundText', () => {
  it('reads what Iceberg keeps as integers', () => {
    expect(boundText('982108740000000', column('t', 'timestamp'))).toBe('2001-02-13 23:59:00');
    expect(boundText(11_323, column('d', 'date'))).toBe('2001-01-01');
    expect(boundText('-150', column('p', 'decimal(10, 2)'))).toBe('-1.50');
    expect(boundText('9007199254740993', column('n', 'long'))).toBe('9007199254740993');
  });

  it('leaves text that looks like a number', () => {
    expect(boundText('007', column('code', 'string'))).toBe('007');
    expect(boundText('12', undefined)).toBe('12');
  });

  it('says bytes in hex, and where there is no bound', () => {
    expect(boundText('0aff', column('b', 'binary'))).toBe('0x0aff');
    expect(boundText(null, column('b'))).toBe('–');
    expect(boundText(true, column('b', 'boolean'))).toBe('true');
  });
});

describe('SQL to begin with', () => {
  it('quotes names that need it', () => {
    expect(sqlName({ namespace: ['bronze'], name: 'flights' })).toBe('bronze.flights');
    expect(sqlName({ namespace: ['my data', 'raw'], name: '2024 "x"' })).toBe('"my data".raw."2024 ""x"""');
    const flights = { namespace: ['bronze'], name: 'flights' };
    expect(previewSql(flights, 'first')).toBe('SELECT * FROM bronze.flights');
    expect(previewSql(flights, 'sample')).toBe(
      'SELECT * FROM bronze.flights USING SAMPLE reservoir(500 ROWS) REPEATABLE (1)',
    );
  });

  it('asks for a snapshot as it was', () => {
    expect(startingSql({ namespace: ['b'], name: 't' }, '8831457040810256120')).toBe(
      'SELECT *\nFROM b.t AT (VERSION => 8831457040810256120)\nLIMIT 100',
    );
  });
});
