import { expect, it } from 'vitest';
import { functionList } from '#shared/contract/functions.ts';
import { listFunctions } from './list-functions.ts';

it('lists what the engine can call, each name once, with its signatures', async () => {
  const { version, functions } = functionList.parse(await listFunctions());
  expect(version).toMatch(/^v1\./);
  const names = functions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of ['date_trunc', 'sum', 'list_transform', 'row_number', 'unnest', 'coalesce', 'strftime'])
    expect(names).toContain(name);
  expect(names.filter((name) => /^(read_|pragma|duckdb_)/.test(name))).toEqual([]);
  const truncate = functions.find(({ name }) => name === 'date_trunc');
  expect(truncate?.signatures).toContainEqual({
    parameters: [
      { name: 'part', type: 'VARCHAR' },
      { name: 'timestamp', type: 'TIMESTAMP' },
    ],
    returns: 'TIMESTAMP',
  });
});
