import { expect, it } from 'vitest';
import { endsQuoted } from './ends-quoted.ts';

it('takes a quote behind a backslash for the end, as DuckDB does', () => {
  expect(endsQuoted(String.raw`SELECT 'a_b' LIKE 'a\_b' ESCAPE '\ `.trimEnd(), "'")).toBe(true);
  expect(endsQuoted(String.raw`SELECT 1 AS "a\ `.trimEnd(), '"')).toBe(true);
  expect(endsQuoted(`SELECT 'two\nlines\\`, "'")).toBe(true);
});

it("knows the backslash of E'…'", () => {
  expect(endsQuoted(String.raw`SELECT E'it\ `.trimEnd(), "'")).toBe(false);
  expect(endsQuoted(String.raw`SELECT e'it\'s\\ `.trimEnd(), "'")).toBe(true);
});

it('is of the quote that the text is inside of', () => {
  expect(endsQuoted("SELECT 'it", '"')).toBe(false);
  expect(endsQuoted('SELECT "it', "'")).toBe(false);
  expect(endsQuoted('SELECT $$it\\', "'")).toBe(false);
  expect(endsQuoted('SELECT 1 -- it\\', "'")).toBe(false);
  expect(endsQuoted('SELECT \\', "'")).toBe(false);
});
