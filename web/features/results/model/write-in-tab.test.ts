// @vitest-environment node
import { tableFromArrays, tableFromIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import { ArrowResultTable } from '#web/lib/arrow-result-table.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import { assertWhole, fileOf } from './write-in-tab.ts';

function tableOf(spec: Record<string, string>, rows: CellValue[][]): ResultTable {
  return {
    columns: Object.entries(spec).map(([name, type]) => ({ name, type })),
    rowCount: rows.length,
    value: (row, column) => rows[row]?.[column] ?? null,
  };
}

const table = tableOf(
  {
    'a,b': 'BIGINT',
    amount: 'DECIMAL(20,2)',
    note: 'VARCHAR',
    tags: 'STRUCT(x INTEGER, l VARCHAR[])',
    at: 'TIMESTAMP',
  },
  [
    [9007199254740993n, '123456789012345678.90', 'say "hi"', { x: 1, l: ['é', null] }, 0n],
    [null, null, '', null, null],
  ],
);
const go = new AbortController().signal;
const textOf = async (format: 'csv' | 'json' | 'ndjson', of = table) => (await fileOf(of, format, go)).text();

it('writes CSV that keeps nothing and an empty text apart', async () => {
  expect(await textOf('csv')).toBe(
    '"a,b",amount,note,tags,at\n' +
      '9007199254740993,123456789012345678.90,"say ""hi""","{""x"": 1, ""l"": [""é"", null]}",1970-01-01 00:00:00\n' +
      ',,"",,\n',
  );
});

it('writes JSON with all digits, as one array or a row a line', async () => {
  const lines = (await textOf('ndjson')).split('\n');
  expect(lines[0]).toBe(
    '{"a,b":9007199254740993,"amount":123456789012345678.90,"note":"say \\"hi\\"","tags":{"x": 1, "l": ["é", null]},"at":"1970-01-01 00:00:00"}',
  );
  expect(lines.slice(2)).toEqual(['']);
  const long = tableOf(
    { n: 'INTEGER' },
    Array.from({ length: 12_001 }, (_, at) => [at]),
  );
  const parsed = JSON.parse(await textOf('json', long)) as { n: number }[];
  expect(parsed).toHaveLength(12_001);
  expect(parsed[12_000]).toEqual({ n: 12_000 });
  expect(JSON.parse(await textOf('json', tableOf({ n: 'INTEGER' }, [])))).toEqual([]);
  expect(await textOf('csv', long)).toMatch(/^n\n0\n[\d\n]*12000\n$/);
});

it('stops when it is told to, and refuses to write a part as if it were all', async () => {
  await expect(fileOf(table, 'csv', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(() => assertWhole(true)).toThrow('too much for the tab');
  expect(() => assertWhole(false)).not.toThrow();
});

it('writes Arrow as a file, which begins and ends as readers of files look for', async () => {
  const source = tableFromArrays({ n: Int32Array.from([1, 2, 3]) });
  const arrow = new ArrowResultTable([{ name: 'n', type: 'INTEGER' }], source.batches, 3);
  const bytes = new Uint8Array(await (await fileOf(arrow, 'arrow', go)).arrayBuffer());
  const mark = (at: number) => new TextDecoder().decode(bytes.slice(at, at + 6));
  expect([mark(0), mark(bytes.length - 6)]).toEqual(['ARROW1', 'ARROW1']);
  expect(tableFromIPC(bytes).getChild('n')?.toJSON()).toEqual([1, 2, 3]);
});
