import { renderHook, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { RunOutcome, RunRequest } from '#web/duckdb/types.ts';
import { noRelations } from '../testing/no-relations.ts';
import { ONE_RUN } from '../testing/one-run.ts';
import { Drafts } from './drafts.ts';
import { NotebookStore } from './notebook-store.ts';
import { clearResults, staleCells } from './reruns.ts';
import type { Answer } from './run-store.ts';
import { useReruns } from './use-reruns.ts';

const NOTHING = { done: 0, total: 0 };
const cells: Cell[] = [
  { id: 'a', kind: 'sql', source: 'SELECT 1', view: 'grid' },
  { id: 'chart', kind: 'chart', relation: 'flights' },
];

function open() {
  const requests: RunRequest[] = [];
  const forgotten: string[] = [];
  const store = new NotebookStore({
    notebook: { id: 'n', title: 'Flights', cells, version: 1, updatedAt: '2026-11-01T00:00:00Z' },
    drafts: new Drafts(() => localStorage),
    save: () => Promise.resolve(2),
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    relations: noRelations(),
    session: {
      write: () => {
        throw new Error('Nothing is written here.');
      },
      run: (request) => {
        requests.push(request);
        return {
          result: new Promise(() => undefined),
          cancel: () => undefined,
          progress: () => ({ phase: 'planning', files: NOTHING, bytes: NOTHING }),
          subscribe: () => () => undefined,
        };
      },
    },
    onForget: (id) => forgotten.push(id),
  });
  return { store, requests, forgotten };
}

function keptAnswer(store: NotebookStore, id: string): Answer {
  const { columns } = ONE_RUN.plan;
  const outcome: RunOutcome = {
    ...ONE_RUN,
    table: { columns, rowCount: 1, value: () => 1 },
    truncated: false,
  };
  const signature = store.relations.signature(id, 'main');
  return { outcome, sql: 'SELECT 1', ref: 'main', at: 1000, signature, kept: { rows: 1 } };
}

it('is shown until the cell runs, is stale once the cell is another, and is renewed where that is free', () => {
  const { store } = open();
  for (const { id } of cells) store.runs.restore(id, keptAnswer(store, id));
  expect(store.isStale('a', 'main')).toBe(false);
  // What shows a relation is computed anew with the rest; what somebody asked for waits to be asked for again.
  expect(staleCells(store, 'main')).toEqual(['chart']);
  store.edit({ type: 'source', id: 'a', source: 'SELECT 2' });
  expect(store.isStale('a', 'main')).toBe(true);
  expect(staleCells(store, 'main')).toEqual(['a', 'chart']);

  const target = store.target('a', 'main');
  if (target !== null) void store.runs.run(target);
  store.runs.restore('a', keptAnswer(store, 'a'));
  expect(store.runs.get('a')?.kind).toBe('running');
});

it('runs nothing when a notebook is opened elsewhere in history, and again when somebody goes elsewhere', async () => {
  const { store, requests } = open();
  store.runs.restore('a', keptAnswer(store, 'a'));
  const { rerender } = renderHook(({ ref }) => useReruns(store, ref), { initialProps: { ref: 'dev' } });
  await store.relations.settled();
  expect(requests).toEqual([]);
  rerender({ ref: 'other' });
  await waitFor(() => expect(requests.map(({ ref }) => ref)).toEqual(['other']));
});

it('is gone, here and for the next visit, where results are cleared', () => {
  const { store, forgotten } = open();
  store.runs.restore('a', keptAnswer(store, 'a'));
  clearResults(store);
  expect(store.runs.get('a')).toBeUndefined();
  expect(forgotten).toEqual(['a', 'chart']);
});
