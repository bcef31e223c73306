import { describe, expect, it } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { applySuggestion, errorPlace, errorSuggestions } from './error-place.ts';

const sql = 'SELECT f.delya\nFROM bronze.flight f';
const failure = (context: Record<string, unknown>) => new AppError('SQL_BINDING', 'No.', { context });
const text = (context: Record<string, unknown>) => {
  const place = errorPlace(failure(context), sql);
  return place === null ? null : sql.slice(place.start, place.end);
};

describe('errorPlace', () => {
  it('finds the whole name at a position', () => {
    expect(text({ position: 7 })).toBe('f.delya');
    expect(text({ position: 20 })).toBe('bronze.flight');
  });

  it('reads line and column too', () => {
    expect(text({ line: 2, column: 6 })).toBe('bronze.flight');
  });

  it('takes the last token where the text ends too early', () => {
    expect(text({ position: sql.length })).toBe('f');
  });

  it('is null where the error does not say', () => {
    expect(text({})).toBeNull();
    expect(errorPlace(new TypeError('x'), sql)).toBeNull();
  });
});

describe('applySuggestion', () => {
  it('replaces the last part by a single name, the whole by a dotted one', () => {
    const column = errorPlace(failure({ position: 7 }), sql);
    const table = errorPlace(failure({ position: 20 }), sql);
    expect(column && applySuggestion(sql, column, 'delay')).toBe('SELECT f.delay\nFROM bronze.flight f');
    expect(table && applySuggestion(sql, table, 'bronze.flights')).toBe(
      'SELECT f.delya\nFROM bronze.flights f',
    );
  });
});

describe('errorSuggestions', () => {
  it('takes only texts', () => {
    expect(errorSuggestions(failure({ suggestions: ['delay', 3, null] }))).toEqual(['delay']);
    expect(errorSuggestions(failure({ suggestions: 'delay' }))).toEqual([]);
  });
});
