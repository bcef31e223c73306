import { describe, expect, it } from 'vitest';
import { nearestNames, slips } from './nearest-names.ts';

const TABLES = ['bronze.flights', 'bronze.github', 'bronze.stocks', 'bronze.weather', 'silver.flights_daily'];

describe('names that somebody may have meant', () => {
  it.each<[string, readonly string[], string[]]>([
    ['fligths', TABLES, ['bronze.flights']],
    ['bronze.fligths', TABLES, ['bronze.flights']],
    ['bronce.flights', TABLES, ['bronze.flights', 'silver.flights_daily']],
    ['flights', TABLES, ['bronze.flights', 'silver.flights_daily']],
    ['Bronze.Stock', TABLES, ['bronze.stocks']],
    ['information_schema.tables', TABLES, []],
    ['bronze.earthquakes', TABLES, []],
    ['x', ['y', 'z'], []],
    ['delay', ['distance', 'dep_delay', 'arr_delay'], ['arr_delay', 'dep_delay']],
    ['delai', ['delay', 'day', 'dep_delay'], ['delay']],
    ['mian', ['main', 'dev', 'maintenance'], ['main']],
  ])('%s', (wanted, names, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });

  it.each([
    ['', 'abc', 3],
    ['flights', 'fligths', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'ac', 1],
    ['abc', 'abc', 0],
  ])('%s and %s are %i slips apart', (a, b, expected) => {
    expect(slips(a, b)).toBe(expected);
    expect(slips(b, a)).toBe(expected);
  });
});
