import { describe, expect, it } from 'vitest';
import { chartFields, fittingConfig } from './chart-defaults.ts';
import { dropped, retyped } from './chart-wells.ts';
import { chosenOf, MOST_CHOICES } from './shown-series.ts';

const columns = [
  { name: 'symbol', type: 'VARCHAR' },
  { name: 'market', type: 'VARCHAR' },
  { name: 'date', type: 'DATE' },
  { name: 'price', type: 'DOUBLE' },
];
const fields = chartFields(columns);

describe('the one of several things that candles show', () => {
  const choices = [
    { value: 'MSFT', rows: 123 },
    { value: 'GOOG', rows: 68 },
  ];

  it('is what is kept, or what has the most rows', () => {
    expect(chosenOf(choices, 'GOOG')).toMatchObject({ kind: 'one', shown: 'GOOG', more: false });
    expect(chosenOf(choices, undefined)).toMatchObject({ shown: 'MSFT' });
    expect(chosenOf(choices, 'gone')).toMatchObject({ shown: 'MSFT', choices });
    expect(chosenOf([], 'GOOG')).toEqual({ kind: 'all' });
  });

  it('stays what is kept where there are more than a list holds', () => {
    const many = Array.from({ length: MOST_CHOICES + 2 }, (_, at) => ({ value: `s${at}`, rows: 9 }));
    const chosen = chosenOf(many, 'rare');
    expect(chosen).toMatchObject({ shown: 'rare', more: true });
    expect(chosen.kind === 'one' && chosen.choices.length).toBe(MOST_CHOICES + 1);
  });

  it('is named by a column that is called so as soon as a chart has candles', () => {
    const line = { type: 'line' as const, x: 'date', y: ['price'] };
    expect(retyped(line, fields, 'candlestick')).toEqual({
      type: 'candlestick',
      x: 'date',
      y: ['price'],
      series: 'symbol',
    });
    const [, ...others] = columns;
    const one = chartFields(others);
    expect(retyped(line, one, 'candlestick').series).toBe('market');
    const unclear = chartFields([...others, { name: 'note', type: 'VARCHAR' }]);
    expect(retyped(line, unclear, 'candlestick').series).toBeUndefined();
  });

  it('is kept with its column, and goes with it', () => {
    const candles = { type: 'candlestick' as const, x: 'date', y: ['price'], series: 'symbol', only: 'GOOG' };
    expect(fittingConfig(candles, columns)).toEqual(candles);
    expect(fittingConfig(candles, columns.slice(1)).only).toBeUndefined();
    expect(dropped(candles, fields, 'series', 'market')).not.toHaveProperty('only');
  });
});
