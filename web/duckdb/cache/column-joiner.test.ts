// @vitest-environment node
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scan } from '#shared/contract/plan.ts';
import { openNodeEngine, type NodeEngine } from '../testing/node-engine.ts';
import { ColumnCache, columnName, type HeldColumn } from './column-cache.ts';
import { ColumnJoiner } from './column-joiner.ts';
import { scanViewSql } from './scan-view.ts';

/** More than one step, and no whole number of row groups. */
const ROWS = 600_001;
/** By field id: what row r has. */
const VALUES = new Map([
  [1, "'v' || (r * 7919) % 1000"],
  [2, 'r'],
  [3, 'CASE WHEN r % 3 = 0 THEN NULL ELSE r / 2 END'],
]);
const TYPES = new Map([
  [1, 'VARCHAR'],
  [2, 'BIGINT'],
  [3, 'DOUBLE'],
]);
const held = (id: number): HeldColumn => {
  const sqlType = TYPES.get(id) ?? '';
  return { sqlType, shape: { kind: 'leaf', sqlType } };
};

describe('the columns of a file in one table', () => {
  let engine: NodeEngine;
  let cache: ColumnCache;
  let busy: boolean;
  let ran: string[];
  let joined: [string, number][];
  let tables = 0;
  /** Called before each statement. */
  let before: (sql: string) => void;

  beforeAll(async () => {
    engine = await openNodeEngine();
  });
  beforeEach(() => {
    for (const table of tablesThere()) engine.run(`DROP TABLE cache.main.${table}`);
    cache = new ColumnCache(1000);
    [busy, ran, joined, before] = [false, [], [], () => undefined];
  });

  const tablesThere = () =>
    engine
      .rows("SELECT table_name AS t FROM duckdb_tables() WHERE database_name = 'cache' ORDER BY ALL")
      .map((row) => String(row['t']));

  const joiner = () =>
    new ColumnJoiner(
      {
        run: async (sql) => {
          before(sql);
          ran.push(sql);
          await Promise.resolve(engine.run(sql));
        },
      },
      cache,
      () => busy,
      (table, bytes) => joined.push([table, bytes]),
    );

  function load(ids: readonly number[], lacking: readonly number[] = [], rows = ROWS, file = '/f') {
    const table = `s${++tables}`;
    const list = ids.map((id) => `(${VALUES.get(id)})::${TYPES.get(id)} AS ${columnName(id)}`);
    engine.run(`CREATE TABLE cache.main.${table} AS SELECT ${list.join(', ')} FROM range(${rows}) t(r)`);
    const columns = new Map<number, HeldColumn | null>(ids.map((id) => [id, held(id)]));
    for (const id of lacking) columns.set(id, null);
    const segment = { table, file, rows, fileBytes: 10, columns };
    cache.add(segment, 5);
    return segment;
  }

  function expectRows(): void {
    const scan: Scan = {
      view: 'v',
      table: 't',
      columns: [...TYPES].map(([fieldId, sqlType]) => ({
        fieldId,
        name: `n${fieldId}`,
        sqlType,
        type: { VARCHAR: 'string', BIGINT: 'long', DOUBLE: 'double' }[sqlType] ?? '',
      })) as Scan['columns'],
      files: [
        {
          url: '/f',
          bytes: 100,
          rows: ROWS,
          columns: [...TYPES.keys()].map((id) => ({ name: `n${id}`, bytes: 1 })),
        },
      ],
      filesKnown: 1,
      pruning: [],
    };
    engine.run(scanViewSql(scan, (url, id) => cache.find(url, id)));
    const wanted = [...VALUES].map(([id, value]) => `(${value})::${TYPES.get(id)} AS n${id}`).join(', ');
    const [row] = engine.rows(
      `SELECT count(*)::INTEGER AS rows, count(*) FILTER (WHERE v IS NOT DISTINCT FROM w)::INTEGER AS alike
       FROM (SELECT v FROM v) POSITIONAL JOIN (SELECT w FROM (SELECT ${wanted} FROM range(${ROWS}) t(r)) w)`,
    );
    expect(row).toEqual({ rows: ROWS, alike: ROWS });
  }

  it('are the rows of the file, in its order, and the tables they came from are gone', async () => {
    load([2], [9]);
    load([1]);
    load([3]);
    expectRows();
    await joiner().work();
    expect(joined).toEqual([['j1', 15]]);
    expect(tablesThere()).toEqual(['j1']);
    expect([...(cache.find('/f', 9)?.columns.keys() ?? [])].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 9]);
    expect([cache.bytes, cache.columns, cache.fileBytes]).toEqual([15, 4, 30]);
    expectRows();
  });

  it('are left as they lie while something runs, and joined afterwards', async () => {
    const [first, second] = [load([1, 2]), load([3])];
    const one = joiner();
    before = (sql) => {
      // A run begins while the first rows are copied.
      if (sql.startsWith('INSERT')) busy = true;
    };
    await one.work();
    expect(ran.filter((sql) => sql.startsWith('INSERT'))).toHaveLength(1);
    expect([cache.has(first), cache.has(second)]).toEqual([true, true]);
    expectRows();
    busy = false;
    before = () => undefined;
    const pin = cache.pin([first], () => undefined);
    await one.work();
    expect(joined).toEqual([]);
    expect(cache.has(first)).toBe(true);
    pin.release();
    await one.work();
    expect(tablesThere()).toEqual(['j1']);
    expectRows();
  });

  it('leave nothing behind where one of them was dropped meanwhile, or the engine fails', async () => {
    load([1]);
    load([2, 3]);
    const one = joiner();
    before = (sql) => {
      if (sql.startsWith('INSERT')) cache.evict(cache.budget - 5);
    };
    await one.work();
    expect(joined).toEqual([]);
    expect(tablesThere()).not.toContain('j1');
    load([1]);
    before = (sql) => {
      if (sql.startsWith('INSERT')) throw new Error('out of memory');
    };
    await expect(one.work()).rejects.toThrow('out of memory');
    expect(tablesThere().filter((table) => table.startsWith('j'))).toEqual([]);
  });

  it('wait where their copy would not fit the budget, or other files have rows of another number', async () => {
    load([1], [], 10);
    load([2], [], 11);
    load([2], [], 10, '/other');
    await joiner().work();
    cache.add({ table: 'big', file: '/big', rows: 1, fileBytes: 1, columns: new Map() }, 980);
    load([3], [], 10);
    await joiner().work();
    expect([ran, joined]).toEqual([[], []]);
  });
});
