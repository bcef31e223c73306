import { describe, expect, it } from 'vitest';
import { parseRefStatement } from './parse-ref-statement.ts';

describe('parseRefStatement', () => {
  it.each([
    [
      'CREATE BRANCH dev',
      { kind: 'create-ref', type: 'BRANCH', name: 'dev', ifNotExists: false, from: null },
    ],
    [
      "create tag if not exists 'v 1' from main@6ef68846;",
      { kind: 'create-ref', type: 'TAG', name: 'v 1', ifNotExists: true, from: 'main@6ef68846' },
    ],
    [
      'CREATE BRANCH feature/x-1.2 AT main*2026-11-14T14:02:00Z',
      {
        kind: 'create-ref',
        type: 'BRANCH',
        name: 'feature/x-1.2',
        ifNotExists: false,
        from: 'main*2026-11-14T14:02:00Z',
      },
    ],
    ['DROP BRANCH IF EXISTS "a""b"', { kind: 'drop-ref', type: 'BRANCH', name: 'a"b', ifExists: true }],
    ['MERGE BRANCH dev INTO main', { kind: 'merge-ref', from: 'dev', into: 'main' }],
    ['MERGE BRANCH dev', { kind: 'merge-ref', from: 'dev', into: null }],
  ])('%s', (sql, statement) => expect(parseRefStatement(sql)).toEqual(statement));

  it.each(['CREATE TABLE branch (a INT)', 'MERGE INTO t USING s ON true', 'DROP TABLE tag', 'SELECT 1', ''])(
    'leaves %s to others',
    (sql) => expect(parseRefStatement(sql)).toBeNull(),
  );

  it.each([
    ['CREATE BRANCH', 'Expected the name of the branch; the text ends.', 13],
    ['CREATE BRANCH a b', 'Expected the end of the statement; there is "b".', 16],
    ["DROP TAG 'open", 'Expected the name of the tag; there is "\'open".', 9],
    ['MERGE BRANCH a INTO', 'Expected the branch that it is merged into; the text ends.', 19],
  ])('refuses %s with its place', (sql, message, position) => {
    expect(() => parseRefStatement(sql)).toThrow(
      expect.objectContaining({ message, context: expect.objectContaining({ position }) }),
    );
  });
});
