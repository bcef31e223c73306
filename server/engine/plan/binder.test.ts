import { readDuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DuckDBInstance } from '@duckdb/node-api';
import { openSandbox } from '../duckdb/sandbox.ts';
import { Binder, PLANNER_DISABLED_OPTIMIZERS, type BindTable } from './binder.ts';

let instance: DuckDBInstance;
let binder: Binder;

beforeAll(async () => {
  instance = await openSandbox({
    allowedDirectories: [],
    memoryLimit: '256MB',
    threads: 1,
    disabledOptimizers: PLANNER_DISABLED_OPTIMIZERS,
    explainOutput: 'all',
  });
  binder = new Binder(await instance.connect());
});
afterAll(() => instance.closeSync());

const view = (at: number, ...columns: readonly (readonly [string, string])[]): BindTable => ({
  view: `__timestream_table_${at}`,
  columns: columns.map(([name, sqlType]) => ({ name, sqlType })),
});
const flights = (at: number) => view(at, ['delay', 'INTEGER'], ['day', 'DATE']);
const airports = (at: number) => view(at, ['code', 'VARCHAR']);
const all = async (...tables: readonly BindTable[]) => {
  const from = tables.map(({ view: name }) => `"${name}"`).join(', ');
  const { columns } = await binder.bind(`SELECT * FROM ${from}`, tables);
  return columns.map(({ name, type }) => `${name} ${type}`);
};
const FLIGHTS = ['delay INTEGER', 'day DATE'];

it('binds each query over its own tables, whatever those of the one before were', async () => {
  expect(await all(flights(0), airports(1))).toEqual([...FLIGHTS, 'code VARCHAR']);
  expect(await all(airports(0))).toEqual(['code VARCHAR']);
  expect(await all(flights(0), airports(1))).toEqual([...FLIGHTS, 'code VARCHAR']);
  expect(await all(view(0, ['delay', 'BIGINT'], ['day', 'DATE']))).toEqual(['delay BIGINT', 'day DATE']);
  expect(await all(view(0, ['late', 'BIGINT'], ['day', 'DATE']))).toEqual(['late BIGINT', 'day DATE']);
});

it('binds them also where a table that passes had the place of one', async () => {
  await all(flights(0), airports(1));
  const local: BindTable = { ...flights(1), passing: true };
  expect(await all(airports(0), { ...local, view: '__timestream_table_1' })).toEqual([
    'code VARCHAR',
    ...FLIGHTS,
  ]);
  expect(await all(flights(0), airports(1))).toEqual([...FLIGHTS, 'code VARCHAR']);
});

it('binds them after one that could not be made', async () => {
  await all(flights(0), airports(1));
  await expect(all(flights(0), view(1, ['x', 'NO_SUCH_TYPE']))).rejects.toThrow('NO_SUCH_TYPE');
  expect(await all(flights(0), airports(1))).toEqual([...FLIGHTS, 'code VARCHAR']);
});

it('binds a name over its own table, whichever place it had before', async () => {
  const [one, two] = [
    { ...flights(0), view: 'scan_1' },
    { ...flights(1), view: 'scan_2' },
  ];
  const read = async (...tables: readonly BindTable[]) => {
    const { uses } = await binder.bind('SELECT delay FROM scan_1', tables);
    return uses.map((use) => use !== null);
  };
  expect(await read(two, one)).toEqual([false, true]);
  expect(await read(one)).toEqual([true]);
  expect(await read(two, one)).toEqual([false, true]);
});

it('asks for what functions make of rows until it has been told', async () => {
  const own = await instance.connect();
  const fresh = new Binder(own);
  const asked = vi.spyOn(own, 'run').mockRejectedValueOnce(new Error('INTERRUPT Error: Interrupted!'));
  await expect(fresh.functionKinds()).rejects.toThrow('Interrupted');
  const kinds = await fresh.functionKinds();
  expect(kinds.aggregates.has('sum')).toBe(true);
  expect(await fresh.functionKinds()).toBe(kinds);
  expect(asked).toHaveBeenCalledTimes(2);
});

describe('a long statement', () => {
  const list = Array.from({ length: 30_000 }, (_, at) => at).join(', ');

  it('is bound as a short one is', async () => {
    const bind = (items: string) =>
      binder.bind(
        `SELECT delay + 1 AS late, count(*), {'a': day} FROM "__timestream_table_0" WHERE delay IN (${items}) GROUP BY ALL`,
        [flights(0)],
      );
    const [long, short] = [await bind(list), await bind('1, 2, 3, 4, 5, 6')];
    expect(long).toEqual({
      ...short,
      uses: [expect.objectContaining({ filters: [[expect.stringContaining('29999')]] })],
    });
  });

  it('is refused as a short one is, and leaves nothing behind', async () => {
    const bind = async (items: string) =>
      binder
        .bind(`SELECT nobody FROM "__timestream_table_0" WHERE delay IN (${items})`, [flights(0)])
        .catch((error: unknown) => readDuckDbFailure(error));
    expect(await bind(list)).toEqual(await bind('1'));
    const { uses } = await binder.bind('SELECT day FROM "__timestream_table_0" WHERE delay > 4', [
      flights(0),
    ]);
    expect(uses[0]?.filters).toEqual([['_c0_>4']]);
  });
});
