import * as fc from 'fast-check';
import type {
  Cell,
  ChartConfig,
  InputControl,
  NotebookContent,
  PinnedRun,
  RowsView,
} from '../contract/notebooks.ts';

/** Texts with what the forms of notebooks are made of. */
export const sources = fc
  .oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          'SELECT 1',
          'SELECT 1;',
          "SELECT $x, getvariable('x'), '$x', $day_from",
          'CREATE OR REPLACE TEMP VIEW "daily" AS',
          'CREATE VIEW daily AS SELECT 1',
          "SET VARIABLE x = 'a';",
          'DELETE FROM t',
          '-- a note',
          '-- timestream cell {"kind":"markdown"}',
          '-- timestream notebook {"title":"x"}',
          '/* open',
          "'",
          '```',
          '````',
          '```sql',
          '',
          ' ',
          '<!-- cell {"id":"x"} -->',
          '\\<!-- cell y',
          '-->',
          '; --',
        ),
        { maxLength: 6 },
      )
      .map((lines) => lines.join('\n')),
  )
  .map((text) => text.replaceAll('\r', ''));

const id = fc.uuid();
const optional = { collapsed: fc.constantFrom(true, false), otherOf: fc.constant('another') };
const name = fc.constantFrom('by_day', 'ß_2');
const number = fc.constantFrom('5', '-1.50', '1e3');
const chart: fc.Arbitrary<ChartConfig> = fc.record(
  {
    type: fc.constantFrom('bar' as const, 'pie' as const),
    y: fc.array(fc.string(), { maxLength: 2 }),
    x: fc.string(),
    unit: fc.constant('day' as const),
  },
  { requiredKeys: ['type', 'y'] },
);
const pin: fc.Arbitrary<PinnedRun> = fc.record({
  sql: sources,
  ref: fc.constant('main@0123'),
  snapshots: fc.constant([{ table: 'a.b', snapshotId: '9007199254740993' }]),
  at: fc.constant('2026-11-03T14:02:00.000Z'),
  engine: fc.constant('browser' as const),
  elapsedMs: fc.nat(),
  bytes: fc.nat(),
  rows: fc.nat(),
});
const control: fc.Arbitrary<InputControl> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), value: sources }),
  fc.record({ type: fc.constant('number' as const), value: fc.option(number) }),
  fc.record({ type: fc.constant('slider' as const), value: number, min: number, max: number, step: number }),
  fc.record({
    type: fc.constant('date-range' as const),
    from: fc.constantFrom('2001-02-03', null),
    to: fc.constantFrom('2001-02-04', null),
  }),
  fc.record(
    {
      type: fc.constant('select' as const),
      value: fc.option(sources),
      query: sources,
      values: fc.array(sources, { maxLength: 3 }),
      options: fc.array(sources, { maxLength: 3 }),
    },
    { requiredKeys: ['type', 'value', 'query'] },
  ),
);

const rows: RowsView = {
  sort: [{ column: 'a', direction: 'desc' }],
  filters: [{ column: 'b', operator: 'contains', value: '-->' }],
};

const cells: fc.Arbitrary<Cell> = fc.oneof(
  fc.record(
    {
      ...optional,
      id,
      kind: fc.constant('sql' as const),
      source: sources,
      view: fc.constantFrom('grid' as const, 'chart' as const),
      name: fc.constantFrom('daily', 'ß_1'),
      ref: fc.constantFrom('main', 'dev@2026-01-01T00:00:00Z'),
      rows: fc.constant(rows),
      pin,
      chart,
    },
    { requiredKeys: ['id', 'kind', 'source', 'view'] },
  ),
  fc.record(
    { ...optional, id, kind: fc.constant('markdown' as const), source: sources },
    { requiredKeys: ['id', 'kind', 'source'] },
  ),
  fc.record(
    {
      ...optional,
      id,
      kind: fc.constant('input' as const),
      name: fc.constantFrom('x', 'day'),
      label: fc.constantFrom('-->', 'a\nb'),
      control,
    },
    { requiredKeys: ['id', 'kind', 'name', 'control'] },
  ),
  fc.record(
    {
      ...optional,
      id,
      kind: fc.constant('metric' as const),
      name,
      relation: fc.constant('daily'),
      column: fc.string(),
      label: fc.constant('*/'),
      against: fc.string(),
    },
    { requiredKeys: ['id', 'kind', 'relation'] },
  ),
  fc.record(
    { ...optional, id, kind: fc.constant('chart' as const), name, relation: fc.constant('daily'), chart },
    { requiredKeys: ['id', 'kind', 'relation'] },
  ),
  fc.record(
    {
      id,
      kind: fc.constant('pivot' as const),
      name,
      relation: fc.constant('bronze.flights'),
      rows: fc.array(fc.string(), { maxLength: 2 }),
      columns: fc.array(fc.string(), { maxLength: 2 }),
      value: fc.constant({ aggregate: 'sum' as const, column: 'x' }),
    },
    { requiredKeys: ['id', 'kind', 'relation', 'rows', 'columns', 'value'] },
  ),
);

/** Notebooks with cells of every kind, with and without what may be absent. */
export const notebooks: fc.Arbitrary<NotebookContent> = fc.record(
  {
    title: fc.string({ maxLength: 50 }),
    folder: fc.constantFrom('a/b', 'c'),
    mode: fc.constantFrom('auto' as const, 'manual' as const),
    cells: fc.array(cells, { maxLength: 6 }),
  },
  { requiredKeys: ['title', 'cells'] },
);
