import { expect, it } from 'vitest';
import { fitNames } from './fit-names.ts';

const width = (text: string) => text.length * 10;

it('cuts names at their ends, and in the middle where they begin alike', () => {
  expect(fitNames(['Atlanta', 'Hartsfield airport'], 100, width)).toEqual(['Atlanta', 'Hartsfiel…']);
  expect(fitNames(['an airport, number 1', 'an airport, number 2', 'short'], 100, width)).toEqual([
    'an…umber 1',
    'an…umber 2',
    'short',
  ]);
  for (const pixels of [40, 70, 130])
    for (const name of fitNames(['an airport, number 1', 'an airport, number 2'], pixels, width))
      expect(width(name)).toBeLessThanOrEqual(pixels);
});
