import { describe, expect, it } from 'vitest';
import type { LogChange, LogEntry } from '#shared/contract/refs.ts';
import { changesInShort, changeWord, rowsText } from './change-text.ts';
import { logPlace, readCommit } from './log-place.ts';
import { logRows, moveInLog } from './log-rows.ts';

const hashOf = (digit: string) => digit.repeat(64);

function entry(digit: string, time: string, changes: LogChange[] = []): LogEntry {
  return {
    hash: hashOf(digit),
    parents: [],
    author: 'ada',
    message: `commit ${digit}`,
    time,
    properties: {},
    changes,
  };
}

/** Noon, so that the local day is the same in every usual zone. */
const entries = [
  entry('c', '2026-11-14T12:30:00.000Z'),
  entry('b', '2026-11-14T12:00:00.000Z'),
  entry('a', '2026-11-12T12:00:00.000Z'),
];

describe('logRows', () => {
  it('puts a heading before each day', () => {
    expect(logRows(entries).map((row) => (row.kind === 'day' ? 'day' : row.index))).toEqual([
      'day',
      0,
      1,
      'day',
      2,
    ]);
    expect(logRows([])).toEqual([]);
  });
});

describe('moveInLog', () => {
  it('moves by keys and stays in the list', () => {
    expect(moveInLog(-1, 'j', 3, 10)).toBe(0);
    expect(moveInLog(0, 'k', 3, 10)).toBe(0);
    expect(moveInLog(0, 'PageDown', 3, 10)).toBe(2);
    expect(moveInLog(2, 'Home', 3, 10)).toBe(0);
    expect(moveInLog(0, 'x', 3, 10)).toBeNull();
    expect(moveInLog(-1, 'j', 0, 10)).toBeNull();
  });
});

describe('logPlace', () => {
  it('shows the whole branch and knows where the page reads', () => {
    expect(logPlace('main')).toEqual({ ref: 'main', hash: null, time: null });
    expect(logPlace(`main@${hashOf('b')}`)).toEqual({ ref: 'main', hash: hashOf('b'), time: null });
    expect(logPlace(hashOf('b')).ref).toBe(hashOf('b'));
    expect(logPlace('main*2026-11-13T00:00:00Z').ref).toBe('main');
  });

  it('survives an expression that can’t be read', () => {
    expect(logPlace('main@zzz').ref).toBe('main@zzz');
  });

  it('finds the commit that is read', () => {
    expect(readCommit(logPlace('main'), entries)).toBe(0);
    expect(readCommit(logPlace(`main@${'b'.repeat(8)}`), entries)).toBe(1);
    expect(readCommit(logPlace('main*2026-11-13T00:00:00Z'), entries)).toBe(2);
    expect(readCommit(logPlace('main*2020-01-01T00:00:00Z'), entries)).toBe(-1);
    expect(readCommit(logPlace('main'), [])).toBe(-1);
  });
});

describe('what changed', () => {
  const flights: LogChange = {
    key: 'bronze.flights',
    kind: 'modified',
    operation: 'append',
    addedRows: '483112',
  };
  const namespace: LogChange = { key: 'bronze', kind: 'added' };

  it('says rows with their sign and leaves out zeros', () => {
    expect(rowsText(flights)).toBe('+483,112');
    expect(rowsText({ ...flights, addedRows: '0', deletedRows: '12' })).toBe('−12');
    expect(rowsText({ ...flights, deletedRows: '1000' })).toBe('+483,112 −1,000');
    expect(rowsText(namespace)).toBe('');
  });

  it('names the change with the most rows, and counts the others', () => {
    expect(changesInShort(entry('a', '2026-01-01T00:00:00Z', [namespace, flights]))).toEqual({
      what: 'bronze.flights and 1 more',
      rows: '+483,112',
    });
    expect(changesInShort(entry('a', '2026-01-01T00:00:00Z'))).toEqual({ what: '', rows: '' });
  });

  it('has a word for each kind', () => {
    expect([flights, namespace, { ...flights, kind: 'removed' as const }].map(changeWord)).toEqual([
      'append',
      'created',
      'dropped',
    ]);
  });
});
