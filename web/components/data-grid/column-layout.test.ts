import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createColumnLayout } from './column-layout.ts';

describe('createColumnLayout', () => {
  it('places columns one after another', () => {
    const layout = createColumnLayout([100, 50, 200]);
    expect(layout.total).toBe(350);
    expect([0, 1, 2].map((column) => layout.start(column))).toEqual([0, 100, 150]);
    expect(layout.at(99)).toBe(0);
    expect(layout.at(100)).toBe(1);
    expect(layout.at(9999)).toBe(2);
    expect(layout.visible(120, 60)).toEqual([1, 2]);
  });

  it('has no column where there is none', () => {
    expect(createColumnLayout([]).at(0)).toBe(-1);
    expect(createColumnLayout([]).visible(0, 100)).toEqual([-1, -1]);
  });

  it('finds exactly the columns that a linear search finds', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(widths, fc.nat(20_000), fc.integer({ min: 1, max: 3000 }), (list, left, width) => {
        const layout = createColumnLayout(list);
        const from = Math.min(left, layout.total - 1);
        const [first, last] = layout.visible(from, width);
        const touching = list
          .map((_, column) => column)
          .filter((c) => layout.start(c) < from + width && layout.start(c) + layout.width(c) > from);
        expect([first, last]).toEqual([touching[0], touching.at(-1)]);
      }),
    );
  });
});
