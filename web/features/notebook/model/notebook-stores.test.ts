import { expect, it, vi } from 'vitest';
import type { Notebook } from '#shared/contract/notebooks.ts';
import type { RecordedRun } from '#shared/contract/query-runs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { MemoryRecords } from '#web/lib/testing/memory-records.ts';
import { noRelations } from '../testing/no-relations.ts';
import { ONE_RUN } from '../testing/one-run.ts';
import type { NotebookDocument } from './document.ts';
import { Drafts } from './drafts.ts';
import { KeptResults } from './kept-results.ts';
import { Outliner } from './outliner.ts';
import { NotebookStores } from './notebook-stores.ts';
import type { RunTarget } from './run-store.ts';

const note = (source: string, id = 'a') => ({ id, kind: 'markdown' as const, source });
const documentOf = (...cells: NotebookDocument['cells']): NotebookDocument => ({ title: 'T', cells });

/** A server of notebooks that can be away, or do what it was asked and break off before it says so. */
class Server {
  readonly notebooks = new Map<string, Notebook>();
  away = false;
  breaksOff = false;

  readonly save = async (id: string, document: NotebookDocument, version: number): Promise<number> => {
    this.#answers();
    const known = this.notebooks.get(id);
    if (known === undefined && version > 0) throw new AppError('NOT_FOUND', 'It is gone.');
    if (known !== undefined && known.version !== version)
      throw new AppError('VERSION_CONFLICT', 'It is another.');
    this.put(id, document, version + 1);
    if (this.breaksOff) throw new AppError('UNAVAILABLE', 'It broke off.');
    return version + 1;
  };

  readonly load = async (id: string): Promise<Notebook> => {
    this.#answers();
    const known = this.notebooks.get(id);
    if (known === undefined) throw new AppError('NOT_FOUND', 'It is gone.');
    return known;
  };

  put(id: string, { title, cells }: NotebookDocument, version: number): void {
    this.notebooks.set(id, { id, title, cells: [...cells], version, updatedAt: '2026-11-01T00:00:00Z' });
  }

  textOf(id: string): string[] | undefined {
    return this.notebooks.get(id)?.cells.map((cell) => ('source' in cell ? cell.source : ''));
  }

  #answers(): void {
    if (this.away) throw new AppError('UNAVAILABLE', 'It is away.');
  }
}

/** A visit of the browser that has these records; `taken` are notebooks that another tab has open. */
function visit(server: Server, records: MemoryRecords, taken: readonly string[] = [], more = {}) {
  const forbidden = () => {
    throw new DOMException('No.', 'SecurityError');
  };
  return new NotebookStores({
    session: { run: vi.fn<() => never>(), write: vi.fn<() => never>() },
    drafts: new Drafts(forbidden, records),
    results: new KeptResults(records),
    relations: noRelations(),
    save: server.save,
    load: server.load,
    onRun: () => undefined,
    locks: {
      hold: () => () => undefined,
      whereFree: async (name, work) => {
        if (!taken.some((id) => name.endsWith(id))) await work();
      },
    },
    ...more,
  });
}

const kept = async (records: MemoryRecords, id: string, title: string) =>
  vi.waitFor(() => expect(records.values.get(`draft/${id}`)).toMatchObject({ title }));

it('a notebook made while the server is away is written, found by the next visit, and saved under its id', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  server.away = true;
  const first = visit(server, records);
  const made = first.make(documentOf(note('')));
  const store = first.open(made);
  store.edit({ type: 'title', title: 'Mine' });
  await store.flush();
  expect(store.saveState().kind).toBe('offline');
  expect(first.made()).toMatchObject([{ id: made.id, title: 'Mine' }]);
  await kept(records, made.id, 'Mine');

  const next = visit(server, records);
  await next.prepare(made.id);
  expect(next.open(next.kept(made.id) as Notebook).document()).toMatchObject({ title: 'Mine' });
  server.away = false;
  const later = visit(server, records);
  await later.saveKept();
  expect(server.notebooks.get(made.id)).toMatchObject({ title: 'Mine', version: 1 });
  expect(later.made()).toEqual([]);
  await vi.waitFor(() => expect(records.values.size).toBe(0));
});

it('an answer that was lost makes nothing twice, and what was written since counts', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  server.breaksOff = true;
  const stores = visit(server, records);
  const { id } = stores.make(documentOf(note('first')));
  const store = stores.open(stores.kept(id) as Notebook);
  await store.flush();
  expect(store.saveState().kind).toBe('offline');
  server.breaksOff = false;
  store.edit({ type: 'source', id: 'a', source: 'second' });
  await store.flush();
  await vi.waitFor(() => expect(store.saveState().kind).not.toBe('conflict'));
  await store.flush();
  expect([...server.notebooks.keys()]).toEqual([id]);
  expect(server.textOf(id)).toEqual(['second']);
});

it('what an earlier visit left is merged with what others saved; what another tab has open is left to it', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  for (const id of ['one', 'two']) server.put(id, documentOf(note('base')), 1);
  const first = visit(server, records);
  for (const id of ['one', 'two']) {
    const store = first.open(await server.load(id));
    store.edit({ type: 'source', id: 'a', source: 'mine' });
    await vi.waitFor(() => expect(records.values.has(`draft/${id}`)).toBe(true));
    store.close({ discard: false });
  }
  server.put('one', documentOf(note('base'), note('theirs', 'b')), 2);
  await visit(server, records, ['two']).saveKept();
  expect(server.textOf('one')).toEqual(['mine', 'theirs']);
  expect(server.textOf('two')).toEqual(['base']);
});

it('what was deleted elsewhere while it was worked on here is made again, by itself or when asked', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  server.put('n', documentOf(note('base')), 1);
  const first = visit(server, records);
  const store = first.open(await server.load('n'));
  server.notebooks.clear();
  store.edit({ type: 'source', id: 'a', source: 'mine' });
  await store.flush();
  expect(store.saveState()).toMatchObject({ kind: 'failed', error: { code: 'NOT_FOUND' } });
  await vi.waitFor(() => expect(records.values.has('draft/n')).toBe(true));
  store.close({ discard: false });

  await visit(server, records).saveKept();
  expect(server.textOf('n')).toEqual(['mine']);

  const again = visit(server, records).open(await server.load('n'));
  server.notebooks.clear();
  again.edit({ type: 'source', id: 'a', source: 'more' });
  await again.flush();
  await again.makeAgain();
  expect(again.saveState().kind).toBe('saved');
  expect(server.textOf('n')).toEqual(['more']);
});

it('shows the answers of an earlier visit, also where the notebook was opened first to be saved', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  const cell = { id: 'a', kind: 'sql' as const, source: 'SELECT 1', view: 'grid' as const };
  server.put('n', documentOf(cell), 1);
  records.values.set('result/n/a', {
    cell: 'a',
    at: 1000,
    sql: 'SELECT 1',
    ref: 'main',
    signature: '',
    rows: 0,
    truncated: false,
    arrow: new Uint8Array(),
    ...ONE_RUN,
  });
  const notebook = await server.load('n');
  const stores = visit(server, records);
  await stores.prepare('n');
  expect(stores.open(notebook).runs.get('a')).toMatchObject({ kind: 'done', at: 1000, kept: { rows: 0 } });

  const other = visit(server, records);
  const store = other.open(notebook);
  expect(store.runs.get('a')).toBeUndefined();
  await other.prepare('n');
  expect(store.runs.get('a')).toMatchObject({ kind: 'done', at: 1000 });
});

it('tells without the server which answers of an earlier visit are out of date', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  const sql = (id: string, source: string, name: string) =>
    ({ id, kind: 'sql', source, name, view: 'grid' }) as const;
  server.put('n', documentOf(sql('a', 'SELECT 1 AS x', 'one'), sql('b', 'FROM one', 'two')), 1);
  const outlineOf = (text: string) => {
    const start = text.indexOf('one');
    const relations = start < 0 ? [] : [{ name: 'one', start, end: start + 3, aliased: false }];
    return { kind: 'query' as const, relations, parameters: [] };
  };
  const connected = { ...noRelations(), outliner: new Outliner(async (texts) => texts.map(outlineOf)) };
  const first = visit(server, records, [], { relations: connected });
  const store = first.open(await server.load('n'));
  await store.relations.settled();
  records.values.set('result/n/b', {
    cell: 'b',
    at: 1000,
    sql: 'FROM one',
    ref: 'main',
    signature: store.relations.signature('b', 'main'),
    rows: 0,
    truncated: false,
    arrow: new Uint8Array(),
    ...ONE_RUN,
  });
  const visitAway = async () => {
    const stores = visit(server, records);
    await stores.prepare('n');
    const opened = stores.open(await server.load('n'));
    expect(opened.runs.get('b')).toMatchObject({ kind: 'done', at: 1000 });
    await vi.waitFor(() => expect(opened.relations.pending).toBe(false));
    return opened;
  };
  expect((await visitAway()).isStale('b', 'main')).toBe(false);
  store.edit({ type: 'source', id: 'a', source: 'SELECT 5 AS x' });
  await store.flush();
  const away = await visitAway();
  expect(away.isStale('b', 'main')).toBe(true);
  // Back as it was, it is right again; what was never parsed counts as changed.
  away.edit({ type: 'source', id: 'a', source: 'SELECT 1 AS x' });
  expect(away.isStale('b', 'main')).toBe(false);
  away.edit({ type: 'source', id: 'b', source: 'FROM one LIMIT 1' });
  await vi.waitFor(() => expect(away.isStale('b', 'main')).toBe(true));
});

it('tells of what was run though its cell is gone by then, and of nothing that a chart asks by itself', async () => {
  const [server, records] = [new Server(), new MemoryRecords()];
  const sql = { id: 'a', kind: 'sql' as const, source: 'SELECT 1', view: 'grid' as const };
  const chart = { id: 'c', kind: 'chart' as const, relation: 'flights' };
  server.put('n', documentOf(sql, chart), 1);
  const failures: ((error: unknown) => void)[] = [];
  const run = () => ({
    result: new Promise((_, reject) => failures.push(reject)),
    cancel: () => undefined,
    progress: () => ({ phase: 'running', files: { done: 0, total: 0 }, bytes: { done: 0, total: 0 } }),
    subscribe: () => () => undefined,
  });
  const onRun = vi.fn<(run: RecordedRun) => void>();
  const stores = visit(server, records, [], { session: { run, write: vi.fn<() => never>() }, onRun });
  const store = stores.open(await server.load('n'));
  const runs = ['a', 'c'].map((id) => store.runs.run(store.target(id, 'main') as RunTarget));
  await vi.waitFor(() => expect(failures).toHaveLength(2));
  for (const id of ['a', 'c']) store.edit({ type: 'remove', id });
  for (const fail of failures) fail(new AppError('SQL_RUNTIME', 'It failed.'));
  await Promise.all(runs);
  expect(onRun.mock.calls.map(([{ cell, state }]) => [cell, state])).toEqual([['a', 'failed']]);
});
