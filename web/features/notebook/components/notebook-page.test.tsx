import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Cell } from '#shared/contract/notebooks.ts';
import type { StatementResult } from '#shared/contract/statements.ts';
import type { RunRequest } from '#web/duckdb/types.ts';
import { ToastProvider } from '#web/components/toast.tsx';
import { TooltipProvider } from '#web/components/tooltip.tsx';
import { CommandsProvider, useAllCommands } from '#web/lib/commands.tsx';
import { preferredEngine, setPreferredEngine } from '#web/lib/engine-preference.ts';
import { Drafts } from '../model/drafts.ts';
import { noRelations } from '../testing/no-relations.ts';
import { NotebookStore } from '../model/notebook-store.ts';
import { NotebookPage } from './notebook-page.tsx';
import type { SqlEditorProps } from './sql-editor/sql-editor.tsx';

// Monaco needs a real layout; the editor's own behaviour is tested in a real browser.
vi.mock('./sql-editor/sql-editor.tsx', () => ({
  default: ({ label, value, onChange, error }: SqlEditorProps) => (
    <textarea
      aria-label={label}
      aria-invalid={error !== null}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  ),
}));

const WRITTEN: StatementResult = {
  kind: 'delete',
  table: 'bronze.flights',
  branch: 'main',
  rows: { inserted: '0', updated: '0', deleted: '1204' },
  commit: {
    hash: 'abcdef12',
    author: 'ada',
    message: 'Delete 1,204 rows from bronze.flights',
    time: '2026-11-01T00:00:00Z',
  },
  elapsedMs: 12,
};

const sql = (id: string, source: string): Cell => ({ id, kind: 'sql', source, view: 'grid' });

function open(
  cells: Cell[],
  run: (request: RunRequest) => Promise<never> = () => new Promise(() => undefined),
  /** The tab is at it, and the server could be. */
  elsewhere = false,
) {
  const requests: RunRequest[] = [];
  const writes: string[] = [];
  const store = new NotebookStore({
    notebook: { id: 'n', title: 'Flights', cells, version: 1, updatedAt: '2026-11-01T00:00:00Z' },
    drafts: new Drafts(() => localStorage),
    save: () => Promise.resolve(2),
    load: () => Promise.reject(new Error('Nobody else edits here.')),
    relations: noRelations(),
    session: {
      write: ({ sql: statement }) => {
        writes.push(statement);
        return {
          result: Promise.resolve({ written: WRITTEN, timings: { total: 12 } }),
          cancel: () => undefined,
          progress: () => ({ phase: 'running', files: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }),
          subscribe: () => () => undefined,
        };
      },
      run: (request) => {
        requests.push(request);
        return {
          result: run(request),
          cancel: () => undefined,
          progress: () => ({
            phase: 'loading',
            files: { done: 3, total: 12 },
            bytes: { done: 1e6, total: 4e6 },
            elsewhere,
          }),
          subscribe: () => () => undefined,
        };
      },
    },
  });
  const page = (ref: string) => (
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <CommandsProvider>
          <ToastProvider>
            <Commands />
            <NotebookPage
              store={store}
              notebookRef={ref}
              tables={[]}
              slots={{
                renderRows: () => null,
                renderChart: () => null,
                renderCommit: ({ hash }) => <a href={`/history?commit=${hash}`}>{hash}</a>,
                renderSnapshotPicker: ({ cellName, open: expanded }) => (
                  <button type="button" aria-expanded={expanded}>{`Snapshot of ${cellName}`}</button>
                ),
              }}
              initialCell={undefined}
              onSelect={() => undefined}
              onDuplicate={() => undefined}
              onDelete={() => undefined}
              onReload={() => undefined}
              onSaveCopy={() => undefined}
            />
          </ToastProvider>
        </CommandsProvider>
      </TooltipProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(page('main'));
  return { store, requests, writes, goTo: (ref: string) => rerender(page(ref)) };
}

/** The palette, as far as these tests need it. */
function Commands() {
  return (
    <ul aria-label="Commands">
      {useAllCommands().map(({ id, title, run }) => (
        <li key={id}>
          <button type="button" onClick={run}>
            {title}
          </button>
        </li>
      ))}
    </ul>
  );
}

const ids = (store: NotebookStore) =>
  store.document().cells.map((cell) => (cell.kind === 'sql' || cell.kind === 'markdown' ? cell.source : ''));

describe('NotebookPage', () => {
  beforeEach(() => {
    localStorage.clear();
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        observe() {}
        disconnect() {}
      },
    );
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        unobserve() {}
        disconnect() {}
      },
    );
    Element.prototype.scrollIntoView = () => undefined;
    Element.prototype.hasPointerCapture = () => false;
    document.hasFocus = () => true;
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  it('is driven by keys alone: down, new cell, delete, undo', async () => {
    const user = userEvent.setup();
    const { store } = open([sql('a', 'A'), sql('b', 'B'), sql('c', 'C')]);
    await user.keyboard('j');
    expect(screen.getByRole('group', { name: 'SQL cell 2 of 3' })).toBe(document.activeElement);
    await user.keyboard('dd');
    expect(ids(store)).toEqual(['A', 'C']);
    await user.keyboard('z');
    expect(ids(store)).toEqual(['A', 'B', 'C']);
    await user.keyboard('k{Alt>}{ArrowDown}{/Alt}');
    expect(ids(store)).toEqual(['A', 'C', 'B']);
  });

  it('brings a deleted cell back from its message', async () => {
    const user = userEvent.setup();
    const { store } = open([sql('a', 'A'), sql('b', 'B')]);
    await user.click(screen.getByRole('button', { name: 'Delete SQL cell 1' }));
    expect(ids(store)).toEqual(['B']);
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(ids(store)).toEqual(['A', 'B']);
  });

  it('takes the offer to undo away once the key has undone it', async () => {
    const user = userEvent.setup();
    const { store } = open([sql('a', 'A'), sql('b', 'B')]);
    await user.keyboard('jdd');
    expect(await screen.findByRole('button', { name: 'Undo' })).toBeTruthy();
    await user.keyboard('z');
    expect(ids(store)).toEqual(['A', 'B']);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull());
  });

  it('clears what a cell came to when it is run empty', async () => {
    const user = userEvent.setup();
    const { store } = open([sql('a', 'SELECT')], () =>
      Promise.reject(new AppError('SQL_SYNTAX', 'It ends too soon.')),
    );
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    await screen.findByText('It ends too soon.');
    act(() => void store.edit({ type: 'source', id: 'a', source: ' ' }));
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    await waitFor(() => expect(screen.queryByText('It ends too soon.')).toBeNull());
  });

  it('offers every action of the selected cell as a command', async () => {
    const user = userEvent.setup();
    const { store, requests } = open([sql('a', 'select 1'), { id: 'm', kind: 'markdown', source: 'Text' }]);
    const commands = within(screen.getByRole('list', { name: 'Commands' }));
    const choose = (name: RegExp) => user.click(commands.getByRole('button', { name }));
    await choose(/^Run the cell/);
    expect(requests).toHaveLength(1);
    await choose(/^Format the SQL/);
    await waitFor(() => expect(ids(store)[0]).toMatch(/^SELECT\s+1$/));
    await choose(/grid or chart/);
    expect(store.document().cells[0]).toMatchObject({ view: 'chart' });
    await choose(/^Travel in time with this cell/);
    expect(screen.getByRole('button', { name: 'Snapshot of cell 1' }).getAttribute('aria-expanded')).toBe(
      'true',
    );
    await choose(/^Move the cell down/);
    expect(ids(store)[0]).toBe('Text');
    await choose(/^Duplicate/);
    await choose(/^Make the cell text/);
    expect(store.document().cells.map(({ kind }) => kind)).toEqual(['markdown', 'sql', 'markdown']);
    // A text cell has nothing to run.
    expect(commands.queryByRole('button', { name: /^Run the cell/ })).toBeNull();
    await choose(/^Delete the cell/);
    expect(store.document().cells).toHaveLength(2);
  });

  it('shows how far a run is, and how to stop it', async () => {
    const user = userEvent.setup();
    const { requests } = open([sql('a', 'SELECT 1')]);
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    expect(requests).toEqual([expect.objectContaining({ sql: 'SELECT 1', ref: 'main' })]);
    expect(await screen.findByText(/3 of 12 files/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Stop SQL cell 1' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Stop all' })).toBeTruthy();
  });

  it('offers the server where the tab has no memory for a query, and keeps the choice of the tab', async () => {
    setPreferredEngine('browser');
    const { requests } = open(
      [sql('a', 'SELECT 1')],
      ({ preference }) =>
        preference === 'browser'
          ? Promise.reject(new AppError('OUT_OF_MEMORY', 'The query needs more memory than the tab has.'))
          : new Promise(() => undefined),
      true,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('needs more memory than the tab has');
    await userEvent.click(within(alert).getByRole('button', { name: 'Run on the server' }));
    await waitFor(() => expect(requests.map(({ preference }) => preference)).toEqual(['browser', 'server']));
    expect(preferredEngine()).toBe('browser');
    setPreferredEngine('auto');
  });

  it('does not offer the server what the server itself said', async () => {
    setPreferredEngine('browser');
    open([sql('a', 'SELECT 1e400')], () => Promise.reject(new AppError('UNSUPPORTED', 'No such constant.')));
    await userEvent.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const alert = await screen.findByRole('alert');
    expect(within(alert).queryByRole('button')).toBeNull();
    setPreferredEngine('auto');
  });

  it('runs again by a click what broke on its way, if it changes nothing', async () => {
    const cut = new AppError('UNAVAILABLE', 'The answer broke off.');
    const { requests } = open([sql('a', 'SELECT 1')], () =>
      requests.length === 1 ? Promise.reject(cut) : new Promise(() => undefined),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const alert = await screen.findByRole('alert');
    await userEvent.click(within(alert).getByRole('button', { name: 'Run again' }));
    await waitFor(() => expect(requests.map(({ sql: asked }) => asked)).toEqual(['SELECT 1', 'SELECT 1']));
  });

  it('runs by that click what the cell says now, where it was edited since', async () => {
    const cut = new AppError('UNAVAILABLE', 'The answer broke off.');
    const { requests, store } = open([sql('a', 'SELECT 1')], () =>
      requests.length === 1 ? Promise.reject(cut) : new Promise(() => undefined),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const again = await screen.findByRole('button', { name: 'Run again' });
    act(() => {
      store.edit({ type: 'source', id: 'a', source: 'SELECT 2' });
    });
    await userEvent.click(again);
    await waitFor(() => expect(requests.map(({ sql: asked }) => asked)).toEqual(['SELECT 1', 'SELECT 2']));
  });

  it('asks the server what the cell says now, where it was edited since the tab failed', async () => {
    setPreferredEngine('browser');
    const full = new AppError('OUT_OF_MEMORY', 'The tab has too little memory.');
    const { requests, store } = open(
      [sql('a', 'SELECT 1')],
      () => (requests.length === 1 ? Promise.reject(full) : new Promise(() => undefined)),
      true,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const server = await screen.findByRole('button', { name: 'Run on the server' });
    act(() => {
      store.edit({ type: 'source', id: 'a', source: 'SELECT 2' });
    });
    await userEvent.click(server);
    await waitFor(() =>
      expect(requests.map(({ sql: asked, preference }) => [asked, preference])).toEqual([
        ['SELECT 1', 'browser'],
        ['SELECT 2', 'server'],
      ]),
    );
    setPreferredEngine('auto');
  });

  it('says why a run failed, where, and mends it with one click', async () => {
    const user = userEvent.setup();
    const failure = new AppError('TABLE_NOT_FOUND', 'There is no table bronze.flight.', {
      context: { position: 14, suggestions: ['bronze.flights'] },
    });
    const { store } = open([sql('a', 'SELECT * FROM bronze.flight')], () => Promise.reject(failure));
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    const alert = await screen.findByText('There is no table bronze.flight.');
    expect(alert).toBeTruthy();
    expect(screen.getByText(/line 1, column 15/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'bronze.flights' }));
    expect(ids(store)).toEqual(['SELECT * FROM bronze.flights']);
  });

  it('answers again at another place in history, but not where a cell has its own', async () => {
    const user = userEvent.setup();
    const own: Cell = { id: 'b', kind: 'sql', source: 'SELECT 2', view: 'grid', ref: 'main@deadbeef' };
    const { requests, goTo } = open([sql('a', 'SELECT 1'), own, sql('c', 'SELECT 3')], () =>
      Promise.reject(new TypeError('no')),
    );
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 2' }));
    await waitFor(() => expect(screen.getAllByText('Failed')).toHaveLength(2));
    goTo('v1');
    await waitFor(() => expect(requests).toHaveLength(3));
    expect(requests[2]).toMatchObject({ sql: 'SELECT 1', ref: 'v1' });
  });

  it('says what a statement changed, with its commit, and never repeats it by itself', async () => {
    const user = userEvent.setup();
    const { writes, requests, goTo } = open([sql('a', 'DELETE FROM bronze.flights WHERE delay > 60')]);
    await user.click(screen.getByRole('button', { name: 'Run SQL cell 1' }));
    expect(await screen.findByText('1,204')).toBeTruthy();
    expect(screen.getByText('rows deleted')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'abcdef12' })).toBeTruthy();
    expect(screen.queryByRole('radiogroup', { name: /View of the result/ })).toBeNull();
    goTo('v1');
    expect(writes).toHaveLength(1);
    expect(requests).toEqual([]);
  });

  it('opens text for writing with Enter and renders it again with Escape', async () => {
    const user = userEvent.setup();
    const { store } = open([{ id: 'm', kind: 'markdown', source: '# Old' }]);
    await user.keyboard('{Enter}');
    await user.type(screen.getByRole('textbox', { name: 'Markdown, cell 1' }), ' and new');
    await user.keyboard('{Escape}');
    expect(
      within(screen.getByRole('group', { name: 'Text cell 1 of 1' })).getByRole('heading', {
        name: 'Old and new',
      }),
    ).toBeTruthy();
    expect(ids(store)).toEqual(['# Old and new']);
  });
});
