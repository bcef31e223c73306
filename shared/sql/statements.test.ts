import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePointOffset, lineColumn, utf16Offset } from './positions.ts';
import { splitStatements, statementAt } from './statements.ts';
import { tokenize } from './tokenize.ts';

const texts = (sql: string): string[] => splitStatements(sql).map((statement) => statement.text);

describe('splitStatements', () => {
  it.each([
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    ["SELECT ';' ; SELECT 'it''s;'", ["SELECT ';'", "SELECT 'it''s;'"]],
    [String.raw`SELECT E'\';' ; SELECT 2`, [String.raw`SELECT E'\';'`, 'SELECT 2']],
    [String.raw`SELECT '\' ; SELECT 2`, [String.raw`SELECT '\'`, 'SELECT 2']],
    ['SELECT $$ ; $$; SELECT $a$ $$ ; $b$ $a$', ['SELECT $$ ; $$', 'SELECT $a$ $$ ; $b$ $a$']],
    ['SELECT "a;""b" ; SELECT 2', ['SELECT "a;""b"', 'SELECT 2']],
    ['-- a;\nSELECT 1 -- ;\n; /* ; /* ; */ ; */ SELECT 2', ['SELECT 1', 'SELECT 2']],
    [' ; ;-- nothing\n/* ; */', []],
    ["SELECT 'never closed ; SELECT 2", ["SELECT 'never closed ; SELECT 2"]],
    ['SELECT $1; SELECT a$b$c; SELECT 2', ['SELECT $1', 'SELECT a$b$c', 'SELECT 2']],
  ])('%s', (sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it('finds the statement under the cursor', () => {
    const sql = 'SELECT 1;\n\nSELECT 2;';
    expect(statementAt(sql, 0)?.text).toBe('SELECT 1');
    expect(statementAt(sql, 10)?.text).toBe('SELECT 1');
    expect(statementAt(sql, 11)?.text).toBe('SELECT 2');
    expect(statementAt(sql, sql.length)?.text).toBe('SELECT 2');
    expect(statementAt(' -- nothing', 3)).toBeNull();
  });
});

describe('tokenize', () => {
  it('covers any text exactly, in order', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      ';',
      'é',
      'x',
      '1.5',
      '\\',
      'E',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        const sql = pieces.join('');
        const tokens = [...tokenize(sql)];
        expect(tokens.map((token) => sql.slice(token.start, token.end)).join('')).toBe(sql);
        expect(tokens.every((token) => token.end > token.start)).toBe(true);
      }),
    );
  });
});

describe('positions', () => {
  it('turns bytes and code points into UTF-16 offsets', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const bytes = new TextEncoder().encode(before).length;
        expect(utf16Offset(before + after, bytes)).toBe(before.length);
        expect(codePointOffset(before + after, Array.from(before).length)).toBe(before.length);
      }),
    );
  });

  it('counts lines and columns from one', () => {
    expect(lineColumn('a\nbc\n', 0)).toEqual({ line: 1, column: 1 });
    expect(lineColumn('a\nbc\n', 3)).toEqual({ line: 2, column: 2 });
    expect(lineColumn('a\nbc\n', 5)).toEqual({ line: 3, column: 1 });
    expect(lineColumn('a\nbc\n', 1)).toEqual({ line: 1, column: 2 });
  });
});
