import { beforeEach, expect, it, vi } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { SqlOutline } from '#shared/contract/notebook-relations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { Drafts } from './drafts.ts';
import { namesOf, wantColumns } from './notebook-names.ts';
import { NotebookStore } from './notebook-store.ts';
import { Outliner } from './outliner.ts';
import { relationColumns } from './relation-columns.ts';

const sql = (id: string, source: string, name?: string): Cell => ({
  id,
  kind: 'sql',
  source,
  view: 'grid',
  ...(name === undefined ? {} : { name }),
});
const CELLS = [
  sql('1', 'SELECT day, n FROM n.sales WHERE n > $least', 'sales'),
  sql('2', 'SELECT 1;\nSELECT day, sum(n) AS total FROM sales GROUP BY day', 'by_day'),
  sql('3', 'DELETE FROM n.sales', 'gone'),
  sql('4', 'SELECT wrong FROM sales', 'wrong'),
  sql('5', 'SELECT by_day.total FROM by_day'),
];

/** As the server's parser does for texts as simple as these. */
function outline(text: string): SqlOutline {
  const found = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map((match) => ({ name: match[1] ?? '', start: 0, end: 0, aliased: false }));
  return { kind: 'query', relations: found(/FROM (\w+)(?![\w.])/g), parameters: found(/\$(\w+)/g) };
}

const compose = vi.fn<(asked: { readonly target: string }) => void>();
const check = vi.fn<(sql: string, ref: string) => void>();
let store: NotebookStore;

beforeEach(() => {
  compose.mockClear();
  check.mockClear();
  store = new NotebookStore({
    notebook: { id: 'n', title: 'T', cells: CELLS, version: 1, updatedAt: '2026-11-01T00:00:00Z' },
    drafts: new Drafts(() => ({
      getItem: () => null,
      setItem: () => undefined,
      removeItem: () => undefined,
    })),
    session: {
      run: () => {
        throw new Error('Nothing runs here.');
      },
      write: () => {
        throw new Error('Nothing is written here.');
      },
    },
    save: async (_, version) => version + 1,
    load: () => Promise.reject(new Error('Nobody else saves.')),
    relations: {
      outliner: new Outliner(async (texts) => texts.map(outline)),
      compose: async (asked) => {
        compose(asked);
        const own = asked.cells.find(({ id }) => id === asked.target);
        return { sql: `-- composed\n${own?.sql.trim()}`, ref: asked.ref, pieces: [], reads: [] };
      },
      check: async (text, ref) => {
        check(text, ref);
        if (text.includes('wrong')) throw new AppError('COLUMN_NOT_FOUND', 'There is no column wrong.');
        const total = text.includes('total') ? [{ name: 'total', type: 'HUGEINT' }] : [];
        return [{ name: 'day', type: 'DATE' }, ...total];
      },
    },
  });
});

const columnsOf = (name: string) =>
  namesOf(store, '5', 'main').cells.find((cell) => cell.name === name)?.columns;
const want = (text: string) => wantColumns(store, '5', text, 'main');

it('knows columns of a cell that never ran, by what its last statement would give with the cells that it reads', async () => {
  expect(columnsOf('by_day')).toEqual([]);
  // As it is while somebody types: asked for again and again.
  await Promise.all([want('SELECT * FROM by_day'), want('SELECT by_day. FROM by_day'), want('"BY_DAY"')]);
  expect(columnsOf('by_day')).toEqual([
    { name: 'day', sqlType: 'DATE' },
    { name: 'total', sqlType: 'HUGEINT' },
  ]);
  expect(relationColumns(store, [], 'by_day', 'main')).toEqual(['day', 'total']);
  expect(want('SELECT by_day.t FROM by_day')).toBeNull();
  expect(check.mock.calls).toEqual([
    ['-- composed\nSELECT day, sum(n) AS total FROM sales GROUP BY day', 'main'],
  ]);
  expect(compose).toHaveBeenCalledTimes(1);
});

it('asks anew once what the cell rests on is another', async () => {
  await want('FROM by_day');
  store.edit({ type: 'source', id: '1', source: 'SELECT day, n FROM n.other' });
  await store.relations.settled();
  expect(columnsOf('by_day')).toEqual([]);
  await want('FROM by_day');
  expect(columnsOf('by_day')).toHaveLength(2);
  expect(check).toHaveBeenCalledTimes(2);
});

it('asks of no cell that is not named or that writes, and says nothing of one that is wrong', async () => {
  await want('SELECT 1 AS something FROM gone, wrong -- by_day');
  expect(columnsOf('gone')).toEqual([]);
  expect(columnsOf('wrong')).toEqual([]);
  expect(check.mock.calls).toEqual([['-- composed\nSELECT wrong FROM sales', 'main']]);
  expect(want('FROM gone, wrong')).toBeNull();
});
