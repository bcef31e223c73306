import { describe, expect, it, vi } from 'vitest';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { RunOutcome, RunRequest } from '#web/duckdb/types.ts';
import { Drafts } from './drafts.ts';
import { NotebookStore } from './notebook-store.ts';
import { Outliner } from './outliner.ts';
import { runCells } from './reruns.ts';

const sql = (id: string, source: string, name?: string): Cell => ({
  id,
  kind: 'sql',
  source,
  view: 'grid',
  ...(name === undefined ? {} : { name }),
});

/** A notebook whose runs end when the test says so; `FROM name` reads the cell of that name. */
function open(cells: Cell[]) {
  const running = new Map<string, (error?: unknown) => void>();
  const started: string[] = [];
  const handle = <T>(text: string, outcome: T) => {
    started.push(text);
    const result = new Promise<T>((resolve, reject) =>
      running.set(text, (error) => (error === undefined ? resolve(outcome) : reject(error))),
    );
    return {
      result,
      cancel: () => running.get(text)?.(Object.assign(new Error('stopped'), { name: 'AbortError' })),
      progress: () => ({
        phase: 'running' as const,
        files: { done: 0, total: 0 },
        bytes: { done: 0, total: 0 },
      }),
      subscribe: () => () => undefined,
    };
  };
  const store = new NotebookStore({
    notebook: { id: 'n', title: 'T', cells, version: 1, updatedAt: '2026-11-01T00:00:00Z' },
    drafts: new Drafts(() => ({
      getItem: () => null,
      setItem: () => undefined,
      removeItem: () => undefined,
    })),
    save: () => Promise.resolve(2),
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    session: {
      run: (request: RunRequest) => handle(request.sql, { truncated: false } as RunOutcome),
      write: (request) => handle(request.sql, { timings: { total: 1 } } as never),
    },
    relations: {
      outliner: new Outliner(async (texts) =>
        texts.map((text) => ({
          kind: 'query' as const,
          relations: [...text.matchAll(/FROM (\w+)/g)].map(({ 1: name = '', index }) => ({
            name,
            aliased: false,
            start: index + 5,
            end: index + 5 + name.length,
          })),
          parameters: [],
        })),
      ),
      compose: async ({ cells: all, target, ref }) => ({
        sql: all.find(({ id }) => id === target)?.sql ?? '',
        ref,
        pieces: [],
        reads: [],
      }),
      check: () => Promise.reject(new Error('Nothing of this test asks for columns.')),
    },
  });
  const end = async (text: string, error?: unknown) => {
    await vi.waitFor(() => expect(running.has(text)).toBe(true));
    running.get(text)?.(error);
    running.delete(text);
  };
  const all = () =>
    runCells(
      store,
      cells.map(({ id }) => id),
      'main',
    );
  const state = (id: string) => {
    const run = store.runs.get(id);
    return run?.kind === 'cancelled' ? (run.reason ?? 'stopped') : run?.kind;
  };
  return { store, started, end, all, state };
}

describe('Running all cells', () => {
  it('leaves out what rests on a failed cell, and goes on with the others', async () => {
    const { all, end, state, started } = open([
      sql('a', 'SELECT 1', 'one'),
      sql('b', 'SELECT * FROM one', 'two'),
      sql('c', 'SELECT * FROM two'),
      sql('d', 'SELECT 4'),
    ]);
    const done = all();
    await end('SELECT 1', new TypeError('no'));
    await end('SELECT 4');
    await done;
    expect(['a', 'b', 'c', 'd'].map(state)).toEqual([
      'failed',
      'Not run: it reads cell one, which failed',
      'Not run: it reads cell one, which failed',
      'done',
    ]);
    expect(started).toEqual(['SELECT 1', 'SELECT 4']);
  });

  it('changes no table after something failed or was stopped', async () => {
    const { all, end, state, store, started } = open([
      sql('a', 'SELECT 1'),
      sql('b', 'DELETE FROM bronze.t'),
      sql('c', 'SELECT 3'),
    ]);
    const done = all();
    await vi.waitFor(() => expect(started).toEqual(['SELECT 1']));
    store.runs.cancel('a');
    await end('SELECT 3');
    await done;
    expect(['a', 'b', 'c'].map(state)).toEqual([
      'stopped',
      'Not run: it changes tables, and cell 1 before it was stopped',
      'done',
    ]);
  });

  it('leaves out a cell that was stopped while it waited', async () => {
    const { all, end, state, store, started } = open([
      sql('a', 'SELECT 1'),
      sql('b', 'SELECT 2'),
      sql('c', 'SELECT 3'),
    ]);
    const done = all();
    await vi.waitFor(() => expect(state('b')).toBe('queued'));
    store.runs.cancel('b');
    await end('SELECT 1');
    await end('SELECT 3');
    await done;
    expect(state('b')).toBe('stopped');
    expect(started).toEqual(['SELECT 1', 'SELECT 3']);
  });

  it('goes on with what still waits where others are asked for meanwhile, and minds what failed before', async () => {
    const { all, end, state, store, started } = open([
      sql('a', 'SELECT 1'),
      sql('b', 'SELECT 2'),
      sql('c', 'SELECT 3'),
      sql('d', 'DELETE FROM bronze.t'),
    ]);
    const done = all();
    await end('SELECT 1', new TypeError('no'));
    await vi.waitFor(() => expect(started).toEqual(['SELECT 1', 'SELECT 2']));
    const more = runCells(store, ['c'], 'main');
    await end('SELECT 2');
    await end('SELECT 3');
    await Promise.all([done, more]);
    expect(['a', 'b', 'c', 'd'].map(state)).toEqual([
      'failed',
      'done',
      'done',
      'Not run: it changes tables, and cell 1 before it failed',
    ]);
  });
});
