import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { InferredColumns } from './inferred-columns.ts';

const N: ResultColumn[] = [{ name: 'n', type: 'INTEGER' }];
let sql: Record<string, string>;
let asked: string[];
let signals: AbortSignal[];
let answer: (sql: string) => Promise<readonly ResultColumn[]>;
let columns: InferredColumns;

beforeEach(() => {
  sql = { a: 'SELECT 1 AS n', b: 'SELECT 2 AS n' };
  asked = [];
  signals = [];
  answer = async () => N;
  columns = new InferredColumns({
    keyOf: (id, ref) => `${sql[id]} at ${ref}`,
    ask: (id, ref, signal) => {
      asked.push(`${id} ${ref}`);
      signals.push(signal);
      return answer(sql[id] ?? '');
    },
  });
});
afterEach(() => void vi.useRealTimers());

it('asks once for what a cell says, however often it is wanted', async () => {
  const waiting = [
    columns.want(['a', 'b'], 'main'),
    columns.want(['a'], 'main'),
    columns.want(['a'], 'main'),
  ];
  expect(columns.of('a', 'main')).toBeNull();
  await Promise.all(waiting.map(async (each) => each));
  expect(columns.of('a', 'main')).toEqual(N);
  expect(columns.want(['a', 'b'], 'main')).toBeNull();
  expect(asked).toEqual(['a main', 'b main']);
  expect(columns.of('a', 'other')).toBeNull();
  await columns.want(['a'], 'other');
  expect(asked).toEqual(['a main', 'b main', 'a other']);
});

it('drops the question where the cell says something else by now', async () => {
  const answers: ((columns: readonly ResultColumn[]) => void)[] = [];
  answer = () => new Promise((resolve) => answers.push(resolve));
  const first = columns.want(['a'], 'main');
  sql['a'] = 'SELECT 1 AS m';
  const second = columns.want(['a'], 'main');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  answers[1]?.([{ name: 'm', type: 'INTEGER' }]);
  await second;
  answers[0]?.(N);
  await first;
  expect(columns.of('a', 'main')).toEqual([{ name: 'm', type: 'INTEGER' }]);
});

it('is silent about a cell that is wrong, and does not ask of it at every key', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  answer = () => Promise.reject(new Error('No.'));
  await columns.want(['a'], 'main');
  expect(columns.of('a', 'main')).toBeNull();
  expect(columns.want(['a'], 'main')).toBeNull();
  expect(asked).toHaveLength(1);
  vi.setSystemTime(Date.now() + 61_000);
  answer = async () => N;
  void columns.want(['a'], 'main');
  await vi.waitFor(() => expect(columns.of('a', 'main')).toEqual(N));
  expect(asked).toHaveLength(2);
});
