import { describe, expect, it, vi } from 'vitest';
import type { Notebook } from '#shared/contract/notebooks.ts';
import { doubledCells } from '#shared/notebook/doubled-cells.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { setPreferredEngine } from '#web/lib/engine-preference.ts';
import type { QueryHandle, RunOutcome, RunRequest, WriteOutcome } from '#web/duckdb/types.ts';
import type { NotebookDocument } from './document.ts';
import { Drafts } from './drafts.ts';
import { noRelations } from '../testing/no-relations.ts';
import { NotebookStore } from './notebook-store.ts';

const sql = (id: string) => ({ id, kind: 'sql' as const, source: `SELECT '${id}'`, view: 'grid' as const });
const notebook: Notebook = {
  id: 'n',
  title: 'T',
  cells: [sql('a'), sql('b'), sql('c')],
  version: 3,
  updatedAt: '2026-11-01T00:00:00Z',
};
const OUTCOME = { truncated: false } as RunOutcome;
const WRITTEN = { timings: { total: 1 } } as WriteOutcome;

/** A session whose runs end when the test says so. */
function manualSession() {
  const runs: {
    request: RunRequest;
    succeed: () => void;
    fail: (error: unknown) => void;
    cancelled: boolean;
  }[] = [];
  const run = (request: RunRequest): QueryHandle => {
    const { promise, resolve, reject } = withResolvers<RunOutcome>();
    const entry = { request, succeed: () => resolve(OUTCOME), fail: reject, cancelled: false };
    runs.push(entry);
    return {
      result: promise,
      cancel: () => {
        entry.cancelled = true;
        reject(Object.assign(new Error('stopped'), { name: 'AbortError' }));
      },
      progress: () => ({ phase: 'running', files: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }),
      subscribe: () => () => undefined,
    };
  };
  const write = (): QueryHandle<WriteOutcome> => ({
    result: Promise.resolve(WRITTEN),
    cancel: () => undefined,
    progress: () => ({ phase: 'running', files: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }),
    subscribe: () => () => undefined,
  });
  return { run, runs, write };
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function setUp(stored: string | null = null) {
  const storage = new Map(stored === null ? [] : [['timestream.draft.n', stored]]);
  const drafts = new Drafts(() => ({
    getItem: (key) => storage.get(key) ?? null,
    setItem: (key, value) => void storage.set(key, value),
    removeItem: (key) => void storage.delete(key),
  }));
  const session = manualSession();
  const save = vi.fn<(document: NotebookDocument, version: number, keepBefore: boolean) => Promise<number>>(
    () => Promise.resolve(4),
  );
  const load = vi.fn(() => Promise.resolve(notebook));
  const store = new NotebookStore({
    notebook,
    drafts,
    session,
    save,
    load,
    relations: noRelations(),
  });
  const ids = () =>
    store
      .document()
      .cells.map((cell) => cell.id)
      .join('');
  return { store, session, save, load, ids };
}

const target = (id: string) => ({ id, sql: `SELECT '${id}'`, ref: 'main' });

describe('NotebookStore', () => {
  it('undoes changes of cells and of text in reverse, and does them again', () => {
    const { store, ids } = setUp();
    store.edit({ type: 'remove', id: 'b' });
    store.edit({ type: 'move', id: 'c', to: 0 });
    store.edit({ type: 'source', id: 'a', source: 'SELECT 1' });
    expect(ids()).toBe('ca');
    store.undo();
    expect(store.document().cells[1]).toEqual(sql('a'));
    store.undo();
    expect(ids()).toBe('ac');
    store.undo();
    expect(ids()).toBe('abc');
    store.undo();
    expect(ids()).toBe('abc');
    for (let times = 0; times < 4; times += 1) store.redo();
    expect(ids()).toBe('ca');
    expect(store.document().cells[1]).toMatchObject({ source: 'SELECT 1' });
  });

  it('takes a restored version as one step, whose way back is saved over it', async () => {
    const { store, save, ids } = setUp();
    store.edit({ type: 'remove', id: 'c' });
    await store.flush();
    store.takeRestored({ ...notebook, title: 'Old', cells: [sql('a')], version: 5 });
    expect([ids(), store.document().title, store.saveState().kind]).toEqual(['a', 'Old', 'saved']);
    store.undo();
    expect([ids(), store.document().title]).toEqual(['ab', 'T']);
    await store.flush();
    expect(save.mock.calls.at(-1)).toMatchObject([{ title: 'T' }, 5, false]);
    store.redo();
    expect(ids()).toBe('a');
    store.undo();
    store.undo();
    expect(ids()).toBe('abc');
  });

  it('skips an undo that was done by hand already', () => {
    const { store, ids } = setUp();
    store.edit({ type: 'move', id: 'a', to: 2 });
    store.edit({ type: 'remove', id: 'b' });
    store.edit({ type: 'insert', at: 0, cell: sql('b') });
    store.edit({ type: 'remove', id: 'b' });
    store.edit({ type: 'insert', at: 0, cell: sql('b') });
    store.undo();
    expect(ids()).toBe('ca');
  });

  it('goes on from a draft, also from one of an older version, with what came in meanwhile', () => {
    const draft = (version: number, base: object) =>
      JSON.stringify({ title: 'Mine', cells: [sql('a'), sql('b'), sql('mine')], version, base });
    const content = { title: 'T', cells: notebook.cells };
    const same = setUp(draft(3, content)).store;
    expect(same.document().title).toBe('Mine');
    expect(same.saveState().kind).toBe('waiting');
    expect(same.merged()).toBeNull();
    // When the draft began there was no c yet: somebody else added it.
    const older = setUp(draft(2, { title: 'T', cells: [sql('a'), sql('b')] }));
    expect(older.ids()).toBe('abcmine');
    expect(older.store.saveState().kind).toBe('waiting');
    expect(older.store.merged()).toEqual({ changed: ['c'], removed: 0 });
  });

  it('merges what somebody else saved meanwhile, and saves the whole', async () => {
    vi.useFakeTimers();
    try {
      const { store, save, load } = setUp();
      save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'Changed.')).mockResolvedValueOnce(10);
      load.mockResolvedValueOnce({
        ...notebook,
        version: 9,
        title: 'Theirs',
        cells: [sql('a'), { ...sql('b'), source: 'theirs' }, { ...sql('c'), source: 'theirs too' }],
      });
      store.edit({ type: 'source', id: 'a', source: 'mine' });
      store.edit({ type: 'source', id: 'b', source: 'mine too' });
      await vi.runAllTimersAsync();
      expect(save).toHaveBeenLastCalledWith(store.document(), 9, false);
      expect(store.document().title).toBe('Theirs');
      const sources = store.document().cells.map((cell) => (cell.kind === 'sql' ? cell.source : ''));
      expect(sources).toEqual(['mine', 'mine too', 'theirs', 'theirs too']);
      expect(doubledCells(store.document().cells)).toMatchObject([{ first: 'b' }]);
      expect(store.saveState().kind).toBe('saved');
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes what the server has only where nothing is unsaved', () => {
    const { store } = setUp();
    store.adopt({ ...notebook, title: 'Theirs', version: 4 });
    expect(store.document().title).toBe('Theirs');
    store.edit({ type: 'title', title: 'Mine' });
    store.adopt({ ...notebook, title: 'Theirs again', version: 5 });
    expect(store.document().title).toBe('Mine');
  });

  it('tells whoever wrote here what others made of it, until that is dismissed', async () => {
    const { store } = setUp();
    const theirs = (source: string) => ({ ...sql('a'), source });
    store.adopt({ ...notebook, cells: [theirs('SELECT 1')], version: 4 }, { byOthers: true });
    expect(store.merged()).toBeNull();
    store.edit({ type: 'source', id: 'a', source: 'mine' });
    await store.flush();
    expect(store.saveState().kind).toBe('saved');
    const twice = [theirs('SELECT 2'), { ...sql('copy'), source: 'mine' }];
    store.adopt({ ...notebook, cells: twice, version: 9 });
    expect(store.merged()).toBeNull();
    store.adopt(
      { ...notebook, cells: [theirs('SELECT 3'), ...twice.slice(1)], version: 10 },
      { byOthers: true },
    );
    store.adopt({ ...notebook, cells: [theirs('SELECT 3'), sql('new')], version: 11 }, { byOthers: true });
    expect(store.merged()).toEqual({ changed: ['a', 'new'], removed: 1 });
    store.dismissMerged();
    expect(store.merged()).toBeNull();
  });
});

describe('RunStore', () => {
  it('shows only the last run of a cell', async () => {
    const { store, session } = setUp();
    const first = store.runs.run(target('a'));
    const second = store.runs.run({ ...target('a'), ref: 'main@deadbeef' });
    expect(session.runs[0]?.cancelled).toBe(true);
    session.runs[1]?.succeed();
    expect(await first).toBe(false);
    expect(await second).toBe(true);
    expect(store.runs.get('a')).toMatchObject({ kind: 'done', ref: 'main@deadbeef' });
  });

  it('keeps an answer beside a failure that says nothing of the query, and only beside such', async () => {
    const { store, session } = setUp();
    const finish = async (end: (run: (typeof session.runs)[number]) => void, sent = target('a')) => {
      const done = store.runs.run(sent);
      const last = session.runs.at(-1);
      if (last !== undefined) end(last);
      await done;
    };
    await finish((run) => run.succeed());
    await finish((run) => run.fail(new AppError('UNAVAILABLE', 'The server is away.')));
    await finish((run) => run.fail(new AppError('UNAUTHENTICATED', 'The session has ended.')));
    expect(store.runs.get('a')).toMatchObject({
      kind: 'failed',
      previous: { outcome: OUTCOME, ref: 'main' },
    });
    await finish((run) => run.fail(new AppError('TABLE_NOT_FOUND', 'There is no such table.')));
    expect(store.runs.get('a')).toMatchObject({ kind: 'failed', previous: null });
  });

  it('offers to run again what broke on its way, unless it may have changed something', async () => {
    const { store, session } = setUp();
    const again = async (text: string, error: AppError) => {
      const done = store.runs.run({ id: 'a', sql: text, ref: 'main' });
      session.runs.at(-1)?.fail(error);
      await done;
      const run = store.runs.get('a');
      return run?.kind === 'failed' && run.again !== undefined;
    };
    const away = new AppError('UNAVAILABLE', 'The answer broke off.');
    expect(await again('SELECT 1', away)).toBe(true);
    expect(await again('SELECT 1; DELETE FROM a.t', away)).toBe(false);
    expect(await again('SELECT 1', new AppError('SQL_RUNTIME', 'No.'))).toBe(false);
  });

  it('runs where the person wants it', () => {
    const { store, session } = setUp();
    setPreferredEngine('server');
    void store.runs.run(target('a'));
    setPreferredEngine('auto');
    void store.runs.run(target('b'));
    expect(session.runs.map(({ request }) => request.preference)).toEqual(['server', 'auto']);
  });

  it('asks the server instead, while a cell still runs in the tab', async () => {
    const { store, session } = setUp();
    const first = store.runs.run(target('a'));
    void store.runs.runOnServer('a');
    expect(session.runs.map(({ cancelled, request }) => [cancelled, request.preference])).toEqual([
      [true, 'auto'],
      [false, 'server'],
    ]);
    expect(await first).toBe(false);
  });

  it('cancels a running cell', async () => {
    const { store } = setUp();
    const running = store.runs.run(target('a'));
    store.runs.cancel('a');
    await running;
    expect(store.runs.get('a')?.kind).toBe('cancelled');
    expect(store.runs.busy).toBe(false);
  });

  it('says which cells a merge changed and doubled, and lets either be taken', async () => {
    const theirs = [
      { ...sql('a'), source: 'SELECT theirs' },
      { ...sql('b'), source: 'SELECT new' },
      { ...sql('d'), source: 'SELECT more' },
    ];
    const { store, save, load } = setUp();
    load.mockResolvedValue({ ...notebook, cells: theirs, version: 9 });
    save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'saved elsewhere'));
    store.edit({ type: 'source', id: 'a', source: 'SELECT mine' });
    await store.flush();
    await vi.waitFor(() => expect(store.merged()).not.toBeNull());
    const pair = doubledCells(store.document().cells)[0];
    expect(store.merged()).toEqual({ changed: ['b', 'd'], removed: 1 });
    if (pair === undefined) throw new Error('nothing stands twice');
    expect(store.mineOf(pair)).toBe('first');
    store.decide(pair, 'second');
    const texts = () => store.document().cells.map((cell) => [cell.id, 'source' in cell && cell.source]);
    expect(texts()).toEqual([
      ['a', 'SELECT theirs'],
      ['b', 'SELECT new'],
      ['d', 'SELECT more'],
    ]);
    store.undo();
    expect(texts()).toHaveLength(4);
    expect(doubledCells(store.document().cells)).toEqual([pair]);
    store.decide(pair, 'first');
    expect(texts()[0]).toEqual(['a', 'SELECT mine']);
    expect(texts()).toHaveLength(3);
  });

  it('tells both who changed one cell, and a decision of one is that of the other', async () => {
    const [one, other] = [setUp(), setUp()];
    other.store.edit({ type: 'source', id: 'b', source: 'SELECT theirs' });
    await other.store.flush();
    // What the other saved is told to the one by its conflict, and what the one saved then by the next look.
    one.load.mockResolvedValue({ ...notebook, cells: [...other.store.document().cells], version: 4 });
    one.save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'saved elsewhere'));
    one.store.edit({ type: 'source', id: 'b', source: 'SELECT mine' });
    await one.store.flush();
    await vi.waitFor(() => expect(one.store.merged()).not.toBeNull());
    const saved = (version: number, from: NotebookStore) => ({
      ...notebook,
      cells: [...from.document().cells],
      version,
    });
    other.store.adopt(saved(5, one.store), { byOthers: true });
    const [pair] = doubledCells(one.store.document().cells);
    if (pair === undefined) throw new Error('nothing stands twice');
    expect(doubledCells(other.store.document().cells)).toEqual([pair]);
    expect([one.store.mineOf(pair), other.store.mineOf(pair)]).toEqual(['first', 'second']);
    expect(other.store.merged()).toEqual({ changed: [], removed: 0 });
    // Who only looks at it, or opens it later, sees them too.
    const later = setUp();
    later.store.adopt(saved(5, one.store), { byOthers: true });
    expect(doubledCells(later.store.document().cells)).toEqual([pair]);
    expect(later.store.mineOf(pair)).toBeNull();

    other.store.decide(pair, 'second');
    await one.store.flush();
    one.store.adopt(saved(6, other.store), { byOthers: true });
    expect(doubledCells(one.store.document().cells)).toEqual([]);
    expect(one.store.merged()).toEqual({ changed: ['b'], removed: 0 });
    expect(one.store.document().cells).toEqual([
      sql('a'),
      { ...sql('b'), source: 'SELECT theirs' },
      sql('c'),
    ]);
    other.store.undo();
    other.store.decide(pair, 'both');
    expect(doubledCells(other.store.document().cells)).toEqual([]);
    expect(other.store.document().cells).toHaveLength(4);
  });

  it('goes on saying that cells were removed once what stood twice is decided', async () => {
    const { store, save, load } = setUp();
    const theirs = [{ ...sql('a'), source: 'SELECT theirs' }, sql('b')];
    load.mockResolvedValue({ ...notebook, cells: theirs, version: 9 });
    save.mockRejectedValueOnce(new AppError('VERSION_CONFLICT', 'saved elsewhere'));
    store.edit({ type: 'source', id: 'a', source: 'SELECT mine' });
    await store.flush();
    await vi.waitFor(() => expect(doubledCells(store.document().cells)).toHaveLength(1));
    for (const pair of doubledCells(store.document().cells)) store.decide(pair, 'first');
    expect(store.merged()).toEqual({ changed: [], removed: 1 });
    store.dismissMerged();
    expect(store.merged()).toBeNull();
  });

  it('keeps what was run as a version, when it is edited further', async () => {
    const { store, session, save } = setUp();
    const saved = () => save.mock.calls.map(([{ title }, , keepBefore]) => [title, keepBefore]);
    store.edit({ type: 'title', title: 'run as this' });
    const target = store.target('a', 'main');
    if (target === null) throw new Error('nothing to run');
    const run = store.runs.run(target);
    await vi.waitFor(() => expect(session.runs).toHaveLength(1));
    session.runs[0]?.succeed();
    await run;
    await vi.waitFor(() => expect(saved()).toEqual([['run as this', false]]));
    await vi.waitFor(() => expect(store.saveState()).toEqual({ kind: 'saved' }));
    for (const title of ['edited', 'edited on']) {
      store.edit({ type: 'title', title });
      await store.flush();
    }
    expect(saved().slice(1)).toEqual([
      ['edited', true],
      ['edited on', false],
    ]);
  });

  it('keeps what was run as a version, also when it is edited while that is saved', async () => {
    const { store, session, save } = setUp();
    const first = withResolvers<number>();
    save.mockImplementationOnce(() => first.promise);
    store.edit({ type: 'title', title: 'run as this' });
    const target = store.target('a', 'main');
    if (target === null) throw new Error('nothing to run');
    const run = store.runs.run(target);
    await vi.waitFor(() => expect(session.runs).toHaveLength(1));
    session.runs[0]?.succeed();
    await run;
    await vi.waitFor(() => expect(save).toHaveBeenCalledOnce());
    store.edit({ type: 'title', title: 'typed meanwhile' });
    first.resolve(4);
    await vi.waitFor(() => expect(store.saveState()).toEqual({ kind: 'waiting' }));
    await store.flush();
    expect(save.mock.calls.map(([{ title }, , keepBefore]) => [title, keepBefore])).toEqual([
      ['run as this', false],
      ['typed meanwhile', true],
    ]);
  });

  it('keeps what was run after another tab saved', async () => {
    const { store, session, save } = setUp();
    store.adopt({ ...notebook, version: 8, title: 'Theirs' });
    const target = store.target('a', 'main');
    if (target === null) throw new Error('nothing to run');
    const run = store.runs.run(target);
    await vi.waitFor(() => expect(session.runs).toHaveLength(1));
    session.runs[0]?.succeed();
    await run;
    store.edit({ type: 'title', title: 'edited' });
    await store.flush();
    expect(save.mock.calls.map(([, version, keepBefore]) => [version, keepBefore])).toEqual([[8, true]]);
  });
});
