import { expect, it } from 'vitest';
import { rankCommand } from './palette-rank.ts';

const COMMANDS = [
  ['Fill the page with the result', 'The selected cell'],
  ['Run all', 'This notebook'],
  ['First look at three million flights', 'Notebooks'],
  ['bronze.flights', 'Tables'],
  ['bronze.flights_by_day', 'Tables'],
  ['main', 'Branches and tags'],
] as const;

function found(typed: string): string[] {
  return COMMANDS.map(([title, group]) => ({ title, rank: rankCommand(title, group, typed) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ title }) => title);
}

it('finds words, and not letters that are strewn over a title', () => {
  expect(found('flights')).toEqual([
    'First look at three million flights',
    'bronze.flights',
    'bronze.flights_by_day',
  ]);
  expect(found('FLIG day')).toEqual(['bronze.flights_by_day']);
  expect(found('zzz')).toEqual([]);
});

it('takes a whole name before a part of one, initials, and the name of a group last', () => {
  expect(found('bronze.flights')).toEqual(['bronze.flights', 'bronze.flights_by_day']);
  expect(found('ra')).toEqual(['Run all', 'main']);
  expect(found('tables')).toEqual(['bronze.flights', 'bronze.flights_by_day']);
  expect(found(' ')).toHaveLength(COMMANDS.length);
});
