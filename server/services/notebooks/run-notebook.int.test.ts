import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNotebookHistoryRepository } from '#server/db/notebook-history-repository.ts';
import { createNotebookRepository } from '#server/db/notebook-repository.ts';
import type { OpenDatabase } from '#server/db/open-database.ts';
import { testDatabases } from '#server/db/testing.ts';
import type { AllRunsQuery } from '#shared/contract/notebook-history.ts';
import type { Cell } from '#shared/contract/notebooks.ts';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { createNotebook, getNotebook, saveNotebook } from './notebooks.ts';
import { getRevision, listRevisions, restoreRevision } from './revisions.ts';
import {
  getNotebookRun,
  listAllRuns,
  listNotebookRuns,
  runNotebook,
  type NotebookRunContext,
} from './run-notebook.ts';
import { getSchedule, listSchedules, runDueNotebooks, setSchedule } from './schedule.ts';

let fixture: DmlFixture;
let database: OpenDatabase;
let ctx: NotebookRunContext;
beforeAll(async () => {
  fixture = await DmlFixture.open();
  const opened = await testDatabases()[0]?.open();
  if (opened === undefined) throw new Error('no database');
  database = opened;
  ctx = {
    ...fixture.ctx,
    notebooks: createNotebookRepository(database.db),
    notebookHistory: createNotebookHistoryRepository(database.db),
  };
  await fixture.run('CREATE TABLE s.sales AS SELECT range AS id, range * 10 AS price FROM range(6)');
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

const sql = (id: string, name: string, source: string): Cell => ({
  id,
  kind: 'sql',
  name,
  source,
  view: 'grid',
});
const cells: Cell[] = [
  sql('top', 'top', 'SELECT max(price) AS top FROM dear'),
  sql('dear', 'dear', 'SELECT * FROM s.sales WHERE price >= $least'),
  { id: 'least', kind: 'input', name: 'least', control: { type: 'number', value: '20' } },
  sql('broken', 'broken', 'SELECT nothing FROM s.sales'),
  sql('write', 'writes', 'DELETE FROM s.sales'),
  { id: 'm', kind: 'metric', relation: 'top' },
  {
    id: 'p',
    kind: 'pivot',
    relation: 'dear',
    rows: ['id'],
    columns: [],
    value: { aggregate: 'sum', column: 'price' },
  },
];

it('runs cells after what they read, saves what they came to, and repeats it after the data moved on', async () => {
  const { id } = await createNotebook(ctx, { title: 'Sales', cells });
  const run = await runNotebook(ctx, id, { trigger: 'person' });
  expect(run).toMatchObject({ cells: 5, failed: 1, version: 1, ref: 'main' });
  const of = (cell: string) => run.results.find((result) => result.cell === cell);
  expect(of('top')?.rows).toEqual([['50']]);
  expect(of('m')?.rows).toEqual([['50']]);
  expect(of('dear')?.rows).toHaveLength(4);
  // Each of the four, and the total below them.
  expect(of('p')?.rows.map((row) => Number(row[1]))).toEqual([20, 30, 40, 50, 140]);
  expect(of('broken')?.error).toMatch(/nothing/);
  expect(of('write')).toBeUndefined();
  expect(await fixture.rows('SELECT count(*) FROM s.sales')).toEqual([['6']]);

  await fixture.run('DELETE FROM s.sales WHERE price > 30');
  const saved = await getNotebookRun(ctx, id, run.id);
  const top = saved.results.find((result) => result.cell === 'top');
  expect(top?.snapshots).toHaveLength(1);
  expect(await fixture.rows(top?.sql ?? '', top?.ref)).toEqual([['50']]);
  expect(await fixture.rows(top?.sql ?? '')).toEqual([['30']]);
  expect((await listNotebookRuns(ctx, id)).map((each) => each.id)).toEqual([run.id]);
});

it('reads what charts, metrics and pivots compute, and nothing that is for eyes alone', async () => {
  await fixture.run(`CREATE TABLE s.late AS SELECT * FROM (VALUES
    ('a', 'x', DATE '2026-01-03', TIMESTAMPTZ '2026-01-31 23:30:00+00', 1),
    ('a', 'y', DATE '2026-01-05', TIMESTAMPTZ '2026-02-01 00:30:00+00', 2),
    (NULL, 'x', DATE '2026-02-01', TIMESTAMPTZ '2026-02-02 00:30:00+00', 4)
  ) AS late(value, way, day, seen, n)`);
  const relation = 's.late';
  const sum = { aggregate: 'sum', column: 'n' } as const;
  const shown: Cell[] = [
    { id: 'metric', kind: 'metric', name: 'total', relation, column: 'n', aggregate: 'sum' },
    { id: 'first', kind: 'metric', name: 'one', relation: 'ordered' },
    { id: 'pivot', kind: 'pivot', name: 'parts', relation, rows: ['value'], columns: ['way'], value: sum },
    {
      id: 'months',
      kind: 'chart',
      name: 'months',
      relation,
      chart: { type: 'bar', x: 'day', y: ['n'], aggregate: 'avg', unit: 'month', top: 1 },
    },
    {
      id: 'instants',
      kind: 'chart',
      name: 'instants',
      relation,
      chart: { type: 'line', x: 'seen', y: [], series: 'way', unit: 'month' },
    },
    { id: 'points', kind: 'chart', name: 'points', relation, chart: { type: 'scatter', x: 'day', y: ['n'] } },
    { id: 'any', kind: 'chart', name: 'anything', relation },
  ];
  const asked = {
    first: 'SELECT n FROM one',
    parts: 'SELECT value, way, value_2 FROM parts ORDER BY ALL',
    of_months: 'SELECT day::DATE AS day, n FROM months ORDER BY day',
    of_instants: 'SELECT seen, way, rows FROM instants ORDER BY ALL',
    of_points: 'SELECT * FROM points ORDER BY ALL',
    of_any: 'SELECT count(*), min(way) FROM anything',
    of_total: 'SELECT n FROM total',
    circle: 'SELECT * FROM drawn',
  };
  const { id } = await createNotebook(ctx, {
    title: 'Shown',
    cells: [
      ...Object.entries(asked).map(([name, source]) => sql(`sql ${name}`, `cell_${name}`, source)),
      sql('ordered', 'ordered', 'FROM s.late ORDER BY n DESC'),
      ...shown,
      { id: 'drawn', kind: 'chart', name: 'drawn', relation: 'cell_circle' },
    ],
  });
  const run = await runNotebook(ctx, id, { trigger: 'person' });
  const of = (name: string) => {
    const found = run.results.find((result) => result.cell === `sql ${name}`);
    return found?.error ?? found?.rows.map((row) => row.map(String));
  };
  expect(of('first')).toEqual([['4']]);
  expect(of('parts')).toEqual([
    ['a', 'x', '1'],
    ['a', 'y', '2'],
    ['null', 'x', '4'],
  ]);
  expect(of('of_months')).toEqual([
    ['2026-01-01', '1.5'],
    ['2026-02-01', '4'],
  ]);
  expect(of('of_instants')).toHaveLength(3);
  expect(of('of_instants')?.[0]).toEqual(['2026-01-01 00:00:00', 'x', '1']);
  expect(of('of_points')).toHaveLength(3);
  expect(of('of_points')?.[0]).toEqual(['2026-01-03', '1']);
  expect(of('of_any')).toEqual([['3', 'x']]);
  expect(of('of_total')).toEqual([['7']]);
  expect(of('circle')).toMatch(/in a circle/);
});

it('runs by its schedule once, however late, and says when next', async () => {
  const { id } = await createNotebook(ctx, { title: 'Nightly', cells: cells.slice(1, 3) });
  const state = await setSchedule(ctx, id, { every: 'day', hour: 3, minute: 0, weekday: 1, ref: 'main' });
  expect(Date.parse(state.nextAt ?? '')).toBeGreaterThan(Date.now());
  const later = new Date(Date.now() + 10 * 86_400_000);
  expect(await runDueNotebooks(ctx, later)).toBe(1);
  expect(await runDueNotebooks(ctx, later)).toBe(0);
  expect(await listNotebookRuns(ctx, id)).toMatchObject([{ trigger: 'schedule', cells: 1, failed: 0 }]);
  expect(Date.parse((await getSchedule(ctx, id)).nextAt ?? '')).toBeGreaterThan(later.getTime());
  const daily = { every: 'day', hour: 3, minute: 0, weekday: 1, ref: 'main' } as const;
  expect(await setSchedule(ctx, id, daily, true)).toMatchObject({ nextAt: null, paused: true });
  expect(await runDueNotebooks(ctx, new Date(Date.now() + 30 * 86_400_000))).toBe(0);
  const [listed] = (await listSchedules(ctx)).filter(({ notebook }) => notebook === id);
  expect(listed).toMatchObject({
    title: 'Nightly',
    schedule: daily,
    paused: true,
    last: { trigger: 'schedule', failed: 0 },
  });
  expect((await setSchedule(ctx, id, daily)).paused).toBe(false);
  expect(await setSchedule(ctx, id, null)).toEqual({ schedule: null, nextAt: null, paused: false });
  expect(await listSchedules(ctx)).toEqual([]);
  await expect(setSchedule(ctx, 'nobody', null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('pages through the runs of all notebooks, those that failed for themselves', async () => {
  const titled = async (title: string, sql: string) =>
    createNotebook(ctx, { title, cells: [{ id: 'only', kind: 'sql', source: sql, view: 'grid' }] });
  const good = await titled('Good', 'SELECT 1');
  const bad = await titled('Bad', 'SELECT nothing_here');
  for (const { id } of [good, bad, good]) await runNotebook(ctx, id, { trigger: 'person' });
  const of = async (query: Partial<AllRunsQuery>) => listAllRuns(ctx, { limit: 2, ...query });
  const first = await of({});
  expect(first.runs.map(({ title }) => title)).toEqual(['Good', 'Bad']);
  const second = await of({ before: first.next });
  expect(second.runs[0]).toMatchObject({ title: 'Good', failed: 0, cells: 1 });
  expect((await of({ outcome: 'failed', limit: 1 })).runs[0]).toMatchObject({ title: 'Bad', failed: 1 });
  expect((await of({ outcome: 'done' })).runs.map(({ title }) => title)).toEqual(['Good', 'Good']);
});

it('brings back what a notebook was without losing what it is', async () => {
  const { id } = await createNotebook(ctx, { title: 'Before', cells });
  const now = await saveNotebook(ctx, id, { title: 'After', cells: [], version: 1 });
  await expect(restoreRevision(ctx, id, 1, 99)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  await restoreRevision(ctx, id, 1, now.version);
  expect(await getNotebook(ctx, id)).toMatchObject({ title: 'Before', cells, version: 3 });
  expect((await getRevision(ctx, id, 2)).content).toEqual({ title: 'After', cells: [] });
  expect((await listRevisions(ctx, id)).map(({ note }) => note)).toEqual([
    'Restored version 1',
    undefined,
    undefined,
  ]);
  const last = await saveNotebook(ctx, id, {
    title: 'Before',
    cells: cells.map((each) => ({ ...each, collapsed: true })),
    version: 3,
  });
  await saveNotebook(ctx, id, { title: 'After', cells: [], version: last.version, keepBefore: true });
  // What is not to be seen of a notebook makes no version of it.
  expect((await listRevisions(ctx, id)).map(({ version, changes }) => [version, changes])).toMatchObject([
    [5, { about: ['title'], removed: cells.length }],
    [3, { about: ['title'], added: cells.length }],
    [2, { about: ['title'], removed: cells.length }],
    [1, undefined],
  ]);
  await expect(getRevision(ctx, id, 77)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
