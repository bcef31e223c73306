import { describe, expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import type { SqlOutline } from '../contract/notebook-relations.ts';
import { notebookGraph } from './graph.ts';
import { renameCell } from './rename.ts';

const sql = (name: string, source: string): Cell => ({ id: name, kind: 'sql', name, source, view: 'grid' });
const input = (name: string, control: Extract<Cell, { kind: 'input' }>['control']): Cell => ({
  id: name,
  kind: 'input',
  name,
  control,
});

/** What DuckDB's parser says of the simple texts here: `FROM a, b` and `$x`. */
function outlineOf(text: string): SqlOutline {
  const all = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map((match) => {
      const end = match.index + match[0].length;
      return { name: match[1] ?? '', start: end - (match[1] ?? '').length, end };
    });
  const parameters = all(/\$(\w+)/g).map((each) => ({ ...each, start: each.start - 1 }));
  const relations = all(/(?:FROM|,) ("?\w+"?)/g).map((each) => ({
    ...each,
    name: each.name.replaceAll('"', ''),
    aliased: false,
  }));
  return { kind: 'query', relations, parameters };
}
const graphOf = (cells: readonly Cell[]) => notebookGraph(cells, outlineOf);

describe('notebookGraph', () => {
  const cells: Cell[] = [
    sql('report', 'SELECT * FROM weekly, daily'),
    sql('weekly', 'SELECT * FROM Daily'),
    sql('daily', 'SELECT * FROM n.t WHERE x > $least'),
    input('least', { type: 'number', value: '1' }),
    { id: 'text', kind: 'markdown', source: 'There were {{daily.n}} and {{ least }} and {{nobody}}.' },
    { id: 'chart', kind: 'chart', relation: 'weekly' },
  ];

  it('finds who reads whom, in any order of the cells', () => {
    const graph = graphOf(cells);
    expect(graph.reads('report')).toEqual(['weekly', 'daily']);
    expect(graph.reads('text')).toEqual(['daily', 'least']);
    expect(graph.upstream('report')).toEqual(['least', 'daily', 'weekly']);
    expect(graph.downstream('least')).toEqual(['daily', 'weekly', 'report', 'text', 'chart']);
    expect(graph.downstream('chart')).toEqual([]);
    expect(graph.problem('report')).toBeNull();
  });

  it('names both ends of a range of dates', () => {
    const graph = graphOf([
      input('period', { type: 'date-range', from: null, to: null }),
      sql('a', 'SELECT $period_to'),
    ]);
    expect(graph.reads('a')).toEqual(['period']);
  });

  it('explains circles and names that two cells have', () => {
    const graph = graphOf([sql('a', 'FROM b'), sql('b', 'FROM c'), sql('c', 'FROM b'), sql('d', 'FROM d')]);
    expect(graph.problem('a')).toBeNull();
    expect(graph.problem('b')).toEqual({ kind: 'cycle', cells: ['b', 'c'] });
    expect(graph.problem('d')).toEqual({ kind: 'cycle', cells: ['d'] });
    const twins = graphOf([sql('a', 'SELECT 1'), { ...sql('A', 'SELECT 2'), id: 'other' }]);
    expect(twins.problem('other')).toEqual({ kind: 'duplicate-name', name: 'a', cells: ['a', 'other'] });
  });

  it('knows charts, metrics and pivots by their names', () => {
    const chart = (name: string, relation: string): Cell => ({ id: name, kind: 'chart', name, relation });
    const shown = graphOf([
      chart('drawn', 'daily'),
      sql('top', 'SELECT max(n) FROM drawn'),
      sql('daily', 'FROM t'),
    ]);
    expect(shown.upstream('top')).toEqual(['daily', 'drawn']);
    expect(shown.sort(['top', 'drawn', 'daily'])).toEqual(['daily', 'drawn', 'top']);
    expect(graphOf([chart('a', 'b'), sql('b', 'FROM A')]).problem('a')).toEqual({
      kind: 'cycle',
      cells: ['a', 'b'],
    });
    const twins = graphOf([sql('a', 'FROM t'), { ...chart('A', 't'), id: 'other' }]);
    expect(twins.problem('other')).toMatchObject({ kind: 'duplicate-name', name: 'a' });
  });

  it('ends, whatever reads what', () => {
    const tangle = Array.from({ length: 12 }, (_, at) =>
      sql(`c${at}`, `FROM c${(at * 7) % 12}, c${(at * 5) % 12}`),
    );
    const graph = graphOf(tangle);
    for (const { id } of tangle) expect(graph.downstream(id).length).toBeLessThan(12);
  });
});

describe('renameCell', () => {
  it('renames every use, and keeps qualified columns by an alias', () => {
    const cells: Cell[] = [
      sql('daily', 'SELECT 1 AS n'),
      sql('a', 'SELECT daily.n FROM daily, other WHERE 1 = $x'),
      sql('b', 'SELECT n FROM "daily"'),
      { id: 'text', kind: 'markdown', source: '{{daily.n}} of {{Daily}} and {{other}}' },
      { id: 'metric', kind: 'metric', relation: 'daily' },
      input('pick', { type: 'select', value: null, query: 'daily' }),
    ];
    const renamed = renameCell(cells, 'daily', 'Per_Day', outlineOf);
    expect(renamed).toMatchObject([
      { name: 'Per_Day', source: 'SELECT 1 AS n' },
      { source: 'SELECT daily.n FROM "Per_Day" AS daily, other WHERE 1 = $x' },
      { source: 'SELECT n FROM "Per_Day"' },
      { source: '{{Per_Day.n}} of {{Per_Day}} and {{other}}' },
      { relation: 'Per_Day' },
      { control: { query: 'Per_Day' } },
    ]);
  });

  it('renames a chart, a metric or a pivot as it does SQL', () => {
    const cells: Cell[] = [
      { id: 'pivot', kind: 'pivot', relation: 't', rows: ['a'], columns: [], value: { aggregate: 'count' } },
      sql('a', 'SELECT * FROM groups'),
      { id: 'metric', kind: 'metric', name: 'late', relation: 'groups' },
    ];
    const named = renameCell(cells, 'pivot', 'groups', outlineOf);
    expect(named[0]).toMatchObject({ name: 'groups' });
    expect(renameCell(named, 'pivot', 'parts', outlineOf)).toMatchObject([
      { name: 'parts' },
      { source: 'SELECT * FROM parts' },
      { relation: 'parts' },
    ]);
  });

  it('renames an input where it is used as a value, and both ends of a range', () => {
    const range = input('period', { type: 'date-range', from: null, to: null });
    const cells = [range, sql('a', 'SELECT * FROM period WHERE d BETWEEN $period_from AND $Period_to')];
    const [, a] = renameCell(cells, 'period', 'span', outlineOf);
    expect(a).toMatchObject({ source: 'SELECT * FROM period WHERE d BETWEEN $span_from AND $span_to' });
  });
});
