import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import { ONE_RUN } from '../testing/one-run.ts';
import { CellRelations } from './cell-relations.ts';
import { Drafts } from './drafts.ts';
import { NotebookStore, type CellPorts } from './notebook-store.ts';
import { mayNameCells, Outliner } from './outliner.ts';
import { changedInputs } from './reruns.ts';
import { useRelationColumns } from './use-store.ts';

const sql = (id: string, name: string | undefined, source: string): Cell => ({
  id,
  kind: 'sql',
  ...(name === undefined ? {} : { name }),
  source,
  view: 'grid',
});
/** What the parser finds in texts that end with FROM and a name. */
const outliner = () =>
  new Outliner(async (texts) =>
    texts.map((text) => {
      const name = /FROM "?(\w+)"?$/.exec(text)?.[1] ?? '';
      return { kind: 'query', relations: [{ name, start: 0, end: 0, aliased: false }], parameters: [] };
    }),
  );
const ports = (check: CellPorts['check']): CellPorts => ({
  outliner: outliner(),
  compose: () => Promise.reject(new Error('Nothing of this test is composed.')),
  check,
});

it('looks through a text for names of cells in any letter case and in quotes, and for parameters', () => {
  const names = new Set(['daily', 'two words', 'a"b']);
  for (const text of ['FROM DAILY', 'FROM "Daily"', 'FROM "two WORDS"', 'FROM "a""b"', 'SELECT $1'])
    expect(mayNameCells(text, names)).toBe(true);
  for (const text of ["SELECT 'daily'", 'FROM daily2 -- daily', 'SELECT 1'])
    expect(mayNameCells(text, names)).toBe(false);
});

it('changes no signature with a name, however that is written, and every one with what is read', async () => {
  const relations = new CellRelations(ports(() => Promise.resolve([])));
  const signatureOf = async (...cells: Cell[]) => {
    relations.update(cells);
    await relations.settled();
    return [relations.signature('reader', 'main'), relations.signature('reader', 'dev')];
  };
  const before = await signatureOf(
    sql('a', 'daily', 'SELECT 1'),
    sql('reader', undefined, 'SELECT n FROM Daily'),
  );
  expect(new Set(before).size).toBe(2);
  const renamed = [sql('a', 'Weekly', 'SELECT 1'), sql('reader', undefined, 'SELECT n FROM "weekly"')];
  expect(await signatureOf(...renamed)).toEqual(before);
  const other = await signatureOf(
    sql('a', 'daily', 'SELECT 2'),
    sql('reader', undefined, 'SELECT n FROM Daily'),
  );
  expect(other.filter((each) => before.includes(each))).toEqual([]);
});

it('reads of a chart what it groups: its reader is stale with it, and it is not', async () => {
  const relations = new CellRelations(ports(() => Promise.resolve([])));
  const reader = sql('reader', undefined, 'SELECT day FROM drawn');
  const chart = (unit: 'day' | 'month'): Cell => ({
    id: 'chart',
    kind: 'chart',
    name: 'drawn',
    relation: 'daily',
    chart: { type: 'bar', x: 'day', y: ['n'], unit },
  });
  const signatureOf = async (cells: readonly Cell[]) => {
    relations.update(cells);
    await relations.settled();
    return { chart: relations.signature('chart', 'main'), reader: relations.signature('reader', 'main') };
  };
  const [days, months] = [
    [chart('day'), reader],
    [chart('month'), reader],
  ];
  const before = await signatureOf(days);
  const after = await signatureOf(months);
  expect(after.chart).toBe(before.chart);
  expect(after.reader).not.toBe(before.reader);
  // It runs nothing itself, so that it changed is what reruns its readers.
  expect(changedInputs(days, months)).toEqual(['chart']);
  expect(changedInputs(days, [{ ...chart('day'), collapsed: true }, reader])).toEqual([]);
});

it('knows the columns of a pivot as those that read it find them', async () => {
  const check = vi.fn<CellPorts['check']>(async () => [{ name: 'value', type: 'BIGINT' }]);
  const store = new NotebookStore({
    notebook: {
      id: 'p',
      title: 'T',
      cells: [
        {
          id: 'p',
          kind: 'pivot',
          name: 'groups',
          relation: 's.t',
          rows: ['value'],
          columns: ['way'],
          value: { aggregate: 'count' },
        },
      ],
      version: 1,
      updatedAt: '2026-11-01T00:00:00Z',
    },
    drafts: new Drafts(() => localStorage),
    save: () => Promise.resolve(2),
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    relations: ports(check),
    session: { run: vi.fn<() => never>(), write: vi.fn<() => never>() },
  });
  const { result } = renderHook(() => useRelationColumns(store, [], 'Groups', 'main'));
  await waitFor(() => expect(result.current).toEqual(['value']), { timeout: 20_000 });
  const groups = 'SELECT "value", "way", count(*) AS "value_2" FROM "s"."t" GROUP BY 1, 2';
  expect(check).toHaveBeenCalledWith(groups, 'main', expect.anything());
  store.close({ discard: true });
});

it('asks anew for the columns of a cell that is written on after it ran', async () => {
  const known: Record<string, string> = { 'SELECT 2 AS m': 'm' };
  const check = vi.fn(async (text: string): Promise<readonly ResultColumn[]> => {
    return [{ name: known[text] ?? 'none', type: 'INTEGER' }];
  });
  const cells = [sql('a', 'daily', 'SELECT 1 AS n')];
  const store = new NotebookStore({
    notebook: { id: 'n', title: 'T', cells, version: 1, updatedAt: '2026-11-01T00:00:00Z' },
    drafts: new Drafts(() => localStorage),
    save: () => Promise.resolve(2),
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    relations: ports(check),
    session: { run: vi.fn<() => never>(), write: vi.fn<() => never>() },
  });
  const outcome: RunOutcome = {
    ...ONE_RUN,
    table: { columns: ONE_RUN.plan.columns, rowCount: 1, value: () => 1 },
    truncated: false,
  };
  const signature = store.relations.signature('a', 'main');
  store.runs.restore('a', { outcome, sql: 'SELECT 1 AS n', ref: 'main', at: 1000, signature });
  const { result } = renderHook(() => useRelationColumns(store, [], 'daily', 'main'));
  expect(result.current).toEqual(['n']);
  act(() => void store.edit({ type: 'source', id: 'a', source: 'SELECT 2 AS m' }));
  await waitFor(() => expect(result.current).toEqual(['m']), { timeout: 20_000 });
  expect(check.mock.calls.map(([text]) => text)).toEqual(['SELECT 2 AS m']);
  store.close({ discard: true });
});
