// @vitest-environment node
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scan, ScanFile } from '#shared/contract/plan.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { ColumnCache, columnName } from './column-cache.ts';
import { mergeSmall, smallFiles } from './merge-small.ts';
import { POSITION_ID } from './needs.ts';
import { scanViewSql } from './scan-view.ts';

const FILES = 9;
const ROWS = 4;
const COLUMNS = [
  { fieldId: 1, name: 'a', sqlType: 'INTEGER', type: 'int' },
  { fieldId: 2, name: 'b', sqlType: 'INTEGER', type: 'int' },
];
const file = (number: number, deletes?: ScanFile['deletes']): ScanFile => ({
  url: `/f${number}`,
  bytes: 100,
  rows: ROWS,
  columns: COLUMNS.map(({ name }) => ({ name, bytes: 10 })),
  ...(deletes ? { deletes } : {}),
});
const valueOf = (number: number, row: number) => ({ a: number * 10 + row, b: 1000 + number * 10 + row });
const rowsOf = (number: number) => Array.from({ length: ROWS }, (_, row) => valueOf(number, row));

describe('small files in one table', () => {
  let engine: NodeEngine;
  let cache: ColumnCache;
  let tables = 0;
  const connection = { run: async (sql: string) => engine.run(sql) };
  const find = (url: string, id: number) => cache.find(url, id);

  beforeAll(async () => {
    engine = await openNodeEngine();
  });

  function load(url: string, fieldId: number, values: readonly number[]): void {
    const table = `s${++tables}`;
    const sqlType = fieldId === POSITION_ID ? 'BIGINT' : 'INTEGER';
    engine.run(`CREATE TABLE cache.main.${table} (${columnName(fieldId)} ${sqlType})`);
    engine.insert(table, tableToIPC(tableFromArrays({ x: Int32Array.from(values) }), 'stream'));
    const column = { sqlType, shape: { kind: 'leaf' as const, sqlType } };
    cache.add(
      { table, file: url, rows: values.length, fileBytes: 10, columns: new Map([[fieldId, column]]) },
      5,
    );
  }

  beforeEach(() => {
    cache = new ColumnCache(1000);
    // Loads end in any order.
    for (const number of [3, 0, 1, 2, 8, 7, 6, 5, 4])
      load(
        `/f${number}`,
        1,
        rowsOf(number).map(({ a }) => a),
      );
  });

  async function mergeAll(): Promise<number> {
    let dropped = 0;
    for (let small = smallFiles(cache); small; small = smallFiles(cache)) {
      for (const { table } of await mergeSmall(connection, cache, small, `m${++tables}`)) {
        engine.run(`DROP TABLE cache.main.${table}`);
        dropped += 1;
      }
    }
    return dropped;
  }

  function read(files: readonly ScanFile[], names = ['a', 'b']): unknown[] {
    const columns = COLUMNS.filter(({ name }) => names.includes(name));
    const at = columns.map(({ name }) => (name === 'a' ? 0 : 1));
    const scan: Scan = {
      view: 'v',
      table: 't',
      columns,
      files: files.map((each) => ({ ...each, columns: at.map((index) => each.columns[index] ?? null) })),
      filesKnown: files.length,
      pruning: [],
    };
    engine.run(scanViewSql(scan, find));
    return engine.rows('SELECT * FROM v ORDER BY ALL');
  }
  const loadB = (numbers: readonly number[]) => {
    for (const number of numbers)
      load(
        `/f${number}`,
        2,
        rowsOf(number).map(({ b }) => b),
      );
  };
  const all = Array.from({ length: FILES }, (_, number) => number);

  it('gives every file its own rows, whichever of them and of their columns are read', async () => {
    loadB(all);
    expect(await mergeAll()).toBe(2 * FILES);
    expect([cache.bytes, cache.columns, cache.fileBytes]).toEqual([90, 18, 180]);
    expect(read(all.map((number) => file(number)))).toEqual(all.flatMap(rowsOf));
    expect(read([file(7), file(2), file(3)])).toEqual([2, 3, 7].flatMap(rowsOf));
    expect(read([file(4)], ['b'])).toEqual(rowsOf(4).map(({ b }) => ({ b })));
  });

  it('fits parts to columns that lie elsewhere, and to deleted rows', async () => {
    await mergeAll();
    loadB(all.slice(0, 3));
    load('deletes of 1', POSITION_ID, [0, 2]);
    expect(smallFiles(cache)).toBeNull();
    const deletes = { id: 'deletes of 1', url: '/d', rows: 2, bytes: 16 };
    expect(read([file(0), file(1, deletes), file(2)])).toEqual([
      ...rowsOf(0),
      valueOf(1, 1),
      valueOf(1, 3),
      ...rowsOf(2),
    ]);
    expect(read([file(8), file(1, deletes)], ['a'])).toEqual([
      { a: 11 },
      { a: 13 },
      ...rowsOf(8).map(({ a }) => ({ a })),
    ]);
  });

  it('has no files beside each other whose own types differ: what some are read as, others may not fit', async () => {
    cache = new ColumnCache(1000);
    const held = (table: string, url: string, own?: string) => {
      const shape = { kind: 'leaf' as const, sqlType: 'BIGINT', ...(own === undefined ? {} : { own }) };
      const columns = new Map([[1, { sqlType: 'BIGINT', shape }]]);
      cache.add({ table, file: url, rows: 1, fileBytes: 1, columns }, 1);
    };
    for (const number of all) {
      engine.run(`CREATE TABLE cache.main.old${number} AS SELECT ${number}::BIGINT AS c1`);
      engine.run(`CREATE TABLE cache.main.new${number} AS SELECT 4000000000 AS c1`);
      held(`old${number}`, `/old${number}`, 'INTEGER');
      held(`new${number}`, `/new${number}`);
    }
    await mergeAll();
    const tables = (word: string) => new Set(all.map((n) => cache.find(`/${word}${n}`, 1)?.table));
    expect([tables('old').size, tables('new').size]).toEqual([1, 1]);
    expect(tables('old')).not.toEqual(tables('new'));
    const files = all.map((n) => ({
      url: `/old${n}`,
      bytes: 1,
      rows: 1,
      columns: [{ name: 'a', bytes: 1 }],
    }));
    const columns = COLUMNS.slice(0, 1);
    engine.run(
      scanViewSql({ view: 'then', table: 't', columns, files, filesKnown: FILES, pruning: [] }, find),
    );
    expect(engine.rows('SELECT a FROM "then" WHERE a > 6')).toEqual([{ a: 7 }, { a: 8 }]);
  });

  it('leaves alone what a run took meanwhile, and frees a table once nobody holds a part of it', async () => {
    const small = smallFiles(cache) ?? [];
    const taken = cache.find('/f5', 1);
    if (!taken) throw new Error('the file is not held');
    const pin = cache.pin([taken], () => undefined);
    const dropped = await mergeSmall(connection, cache, small, `m${++tables}`);
    expect(dropped).toHaveLength(FILES - 1);
    expect(cache.find('/f5', 1)).toBe(taken);
    expect(
      read(
        all.map((number) => file(number)),
        ['a'],
      ),
    ).toEqual(all.flatMap(rowsOf).map(({ a }) => ({ a })));
    pin.release();
    const part = cache.find('/f1', 1);
    const hold = cache.pin(part ? [part] : [], () => undefined);
    expect(cache.evict(1000)).toEqual([taken]);
    hold.release();
    expect(cache.evict(1000)).toHaveLength(1);
    expect(cache.find('/f8', 1)).toBeUndefined();
  });
});
