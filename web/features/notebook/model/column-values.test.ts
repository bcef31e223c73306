import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { QueryHandle, RunOutcome, RunRequest } from '#web/duckdb/types.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { CompletionTable } from '../language/language-facts.ts';
import type { ValuePlace } from '../language/value-place.ts';
import { columnValuesOf } from './column-values.ts';
import { heldValues } from './held-values.ts';

const TABLE: CompletionTable = {
  id: 'bronze.flights',
  namespace: ['bronze'],
  name: 'flights',
  rows: '3000000',
  updatedAt: '2001-01-01T00:00:00Z',
  columns: [{ name: 'origin', sqlType: 'VARCHAR' }],
};

function place(typed = '', table: Partial<CompletionTable> = {}, sqlType = 'VARCHAR'): ValuePlace {
  return { table: { ...TABLE, ...table }, column: { name: 'origin', sqlType }, from: 0, typed, quoted: true };
}

function rows(values: readonly string[]): ResultTable {
  return {
    columns: [
      { name: 'v', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
    ],
    rowCount: values.length,
    value: (row, column) => (column === 0 ? (values[row] ?? null) : BigInt(values.length - row)),
  };
}

/** An engine that answers with these values, or fails. */
function engine(answer: (request: RunRequest) => readonly string[]) {
  const asked: RunRequest[] = [];
  const values = columnValuesOf({
    run: (request) => {
      asked.push(request);
      const result = (async () => {
        await Promise.resolve();
        return { table: rows(answer(request)) } as RunOutcome;
      })();
      const handle: Partial<QueryHandle> = { result, cancel: () => undefined };
      return handle as QueryHandle;
    },
  });
  return { asked, values };
}

const MANY = Array.from({ length: 500 }, (_, at) => `N${at}`);

describe('the values of a column', () => {
  it('are asked for once for a snapshot, and again for another one', async () => {
    const { asked, values } = engine(() => ['ORD', 'ATL']);
    await Promise.all([values.want(place(), 'main'), values.want(place('O'), 'main')]);
    expect(values.want(place('OR'), 'main')).toBeNull();
    expect(values.of(place('OR'), 'main')?.values).toEqual([
      { value: 'ORD', rows: 2 },
      { value: 'ATL', rows: 1 },
    ]);
    expect(asked).toHaveLength(1);
    const later = place('', { updatedAt: '2001-01-02T00:00:00Z' });
    expect(values.of(later, 'main')).toBeNull();
    await values.want(later, 'main');
    await values.want(later, 'main~1');
    expect(asked).toHaveLength(3);
  });

  it('are looked for by what is typed, where there are more than a list holds', async () => {
    const { asked, values } = engine(({ sql }) => (sql.includes("'n9''") ? ["N9'9"] : MANY));
    await values.want(place(), 'main');
    expect(values.of(place("N9'"), 'main')?.whole).toBe(false);
    await values.want(place("N9'"), 'main');
    expect(asked[1]?.sql).toContain(`contains(lower(CAST(value AS VARCHAR)), 'n9''')`);
    expect(values.of(place("N9'"), 'main')?.values).toEqual([{ value: "N9'9", rows: 1 }]);
    // What has all of it has all of what begins with it.
    expect(values.want(place("N9'9"), 'main')).toBeNull();
    expect(values.of(place("N9'9"), 'main')?.values).toHaveLength(1);
  });

  it('are counted in the first rows of a large table, by the server', async () => {
    const { asked, values } = engine(() => ['a']);
    const large = place('', { rows: '900000000' });
    await values.want(large, 'main');
    expect(asked[0]).toMatchObject({ preference: 'server' });
    expect(asked[0]?.sql).toContain('FROM bronze.flights LIMIT 1000000');
    expect(values.of(large, 'main')?.about).toBe('Counted in the first 1,000,000 rows of bronze.flights.');
    await values.want(place(), 'other');
    expect(asked[1]?.sql).not.toContain('LIMIT 1000000');
  });

  it('are dates from the newest on, and none of what has no value to write', async () => {
    const { asked, values } = engine(() => []);
    await values.want(place('', {}, 'TIMESTAMP'), 'main');
    expect(asked[0]?.sql).toMatch(/CAST\("origin" AS DATE\)[\s\S]*ORDER BY value DESC/);
    for (const type of ['VARCHAR[]', 'BLOB', 'DOUBLE'])
      expect(values.want(place('', {}, type), 'main')).toBeNull();
    expect(values.want(place('', { view: true }), 'main')).toBeNull();
  });

  it('are not asked for again where that failed, but where the server was away', async () => {
    const failing = engine(() => {
      throw new AppError('INTERNAL', 'No.');
    });
    await failing.values.want(place(), 'main');
    expect(failing.values.want(place(), 'main')).toBeNull();
    const away = engine(() => {
      throw new AppError('UNAVAILABLE', 'Away.');
    });
    await away.values.want(place(), 'main');
    expect(away.values.want(place(), 'main')).not.toBeNull();
  });
});

it('counts the values of rows that are here', () => {
  const table: ResultTable = {
    columns: [{ name: 'origin', type: 'VARCHAR' }],
    rowCount: 4,
    value: (row) => ['b', 'a', null, 'a'][row] ?? null,
  };
  expect(heldValues(table, 'origin')?.values).toEqual([
    { value: 'a', rows: 2 },
    { value: 'b', rows: 1 },
  ]);
  expect(heldValues(table, 'nothing')).toBeNull();
});
