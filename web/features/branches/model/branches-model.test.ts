import { describe, expect, it } from 'vitest';
import type { TableDiff } from '#shared/contract/diff.ts';
import { conflictKind, shortPaths, sideText } from '#web/components/landing/conflict-text.ts';
import { filesText, rowsDelta, shapeText } from './change-figures.ts';
import { diffLines } from './diff-lines.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';

const columns = [
  { name: 'id', type: 'BIGINT' },
  { name: 'word', type: 'VARCHAR' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'tags', type: 'VARCHAR[]' },
];

type Row = TableDiff['rows'][number];

function lines(rows: readonly Row[], more: Partial<Parameters<typeof diffLines>[0]> = {}) {
  const { table, toneOf } = diffLines({ columns, keys: [], rows, changedAs: 'two-lines', ...more });
  const cells = <T>(of: (row: number, column: number) => T) =>
    Array.from({ length: table.rowCount }, (_, row) => table.columns.map((_column, at) => of(row, at)));
  return {
    names: table.columns.map(({ name }) => name),
    texts: cells((row, column) => table.value(row, column)),
    tones: cells(toneOf),
  };
}

describe('diffLines', () => {
  it('says in a word what happened, and shows a changed row as it was and as it is', () => {
    const before = ['9007199254740993', 'a', '2026-01-01 00:00:00', ['x']];
    const after = ['9007199254740993', 'b', '2026-01-01 00:00:00', ['x']];
    const { texts, tones } = lines([
      { kind: 'changed', count: '1', before, after },
      { kind: 'added', count: '1', before: null, after: ['1', null, null, null] },
      { kind: 'removed', count: '1', before, after: null },
    ]);
    expect(texts).toEqual([
      ['− before', 9007199254740993n, 'a', '2026-01-01 00:00:00', '["x"]'],
      ['+ after', 9007199254740993n, 'b', '2026-01-01 00:00:00', '["x"]'],
      ['+ added', 1n, null, null, null],
      ['− removed', 9007199254740993n, 'a', '2026-01-01 00:00:00', '["x"]'],
    ]);
    expect(tones[0]).toEqual(['bad', undefined, 'warn', undefined, undefined]);
    expect(tones[1]).toEqual(['good', undefined, 'warn', undefined, undefined]);
    expect(tones[2]).toEqual(Array(5).fill('good'));
    expect(tones[3]).toEqual(Array(5).fill('bad'));
  });

  it('counts equal rows only where there are some', () => {
    const row = ['1', 'a', null, null];
    const { names, texts } = lines([{ kind: 'added', count: '3', before: null, after: row }]);
    expect(names[1]).toBe('times');
    expect(texts[0]?.slice(1, 3)).toEqual([3n, 1n]);
    expect(lines([]).texts).toEqual([]);
  });

  it('shows a changed row on one line, old → new where it differs, with its keys first', () => {
    const before = ['1234567', 'a', null, ['x']];
    const after = ['1234568', 'a', '2026-01-01 00:00:00', ['x']];
    const { names, texts, tones } = lines([{ kind: 'changed', count: '1', before, after }], {
      changedAs: 'one-line',
      keys: ['word'],
    });
    expect(names).toEqual(['change', 'word', 'id', 'at', 'tags']);
    expect(texts).toEqual([['~ changed', 'a', '1234567 → 1234568', 'NULL → 2026-01-01 00:00:00', '["x"]']]);
    expect(tones[0]).toEqual(['warn', undefined, 'warn', 'warn', undefined]);
  });

  it('leaves out columns that are not asked for, but never the keys', () => {
    const row = ['1', 'a', null, null];
    const { names } = lines([{ kind: 'added', count: '1', before: null, after: row }], {
      keys: ['id'],
      only: new Set(['at']),
    });
    expect(names).toEqual(['change', 'id', 'at']);
  });
});

describe('what changed of a table', () => {
  const table = {
    rowsBefore: '1000',
    rowsAfter: '999',
    addedFiles: 2,
    removedFiles: 1,
    addedDeleteFiles: 1,
    removedDeleteFiles: 0,
    rowsInAddedFiles: '2',
    rowsInRemovedFiles: '3',
    schema: { added: [{ name: 'note', type: 'string', required: false }], removed: [], changed: [] },
    properties: [{ name: 'a', before: null, after: '1' }],
    partitioning: { name: 'partitioning', before: 'none', after: 'day(at)' },
  };

  it('is said with signs and units, and not at all where nothing is', () => {
    expect(rowsDelta(table)).toBe('−1');
    expect(rowsDelta({ ...table, rowsAfter: '9007199254741993' })).toBe('+9,007,199,254,740,993');
    expect(filesText(table)).toBe('2 files added, 1 file removed, 1 delete file added');
    expect(shapeText(table)).toBe('1 column, 1 property, partitioning');
    const { partitioning: _, ...plain } = table;
    expect(shapeText({ ...plain, properties: [], schema: { added: [], removed: [], changed: [] } })).toBe('');
  });
});

describe('conflicts', () => {
  it('are told in words, with the files by their names', () => {
    expect(conflictKind('VALUE_DIFFERS')).toBe('changed on both sides');
    expect(conflictKind('SOMETHING_NEW')).toBe('something new');
    expect(shortPaths('Both (file:///a/b/c.parquet), and s3://x/y.parquet.')).toBe(
      'Both (…/c.parquet), and …/y.parquet.',
    );
    expect(sideText(null).text).toBe('not there');
    const side = { key: 'a.b', type: 'ICEBERG_TABLE', id: '1', value: { snapshotId: '7' } };
    expect(sideText(side).text).toBe('snapshot 7');
    expect(sideText({ ...side, value: {} }).text).toBe('no rows yet');
  });
});

describe('shortRef', () => {
  it('cuts hashes, and leaves names that look like none', () => {
    const hash = 'abcdef12'.repeat(8);
    expect(shortRef(hash)).toBe('abcdef12');
    expect(shortRef(`main@${hash}`)).toBe('main@abcdef12');
    for (const name of ['main', 'abcdef1234', 'a/deadbeef01']) expect(shortRef(name)).toBe(name);
  });
});
