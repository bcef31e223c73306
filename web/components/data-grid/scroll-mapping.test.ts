import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PHYSICAL, createScrollMapping, follow, settled, stuck } from './scroll-mapping.ts';

const ROW = 28;
const rows = fc.integer({ min: 1, max: 10_000_000 });
const viewport = fc.integer({ min: 60, max: 2000 });

describe('createScrollMapping', () => {
  it('is the identity while the content fits', () => {
    const mapping = createScrollMapping(500_000 * ROW, 800);
    expect(mapping.scaled).toBe(false);
    expect(mapping.toContent(1234.5)).toBe(1234.5);
    expect(mapping.toPhysical(99)).toBe(99);
  });

  it('never asks for a higher element than browsers allow', () => {
    expect(createScrollMapping(10_000_000 * ROW, 800).physicalHeight).toBe(MAX_PHYSICAL);
  });

  it('maps the ends to the ends', () => {
    fc.assert(
      fc.property(rows, viewport, (count, height) => {
        const mapping = createScrollMapping(count * ROW, height);
        expect(mapping.toContent(0)).toBe(0);
        expect(mapping.toContent(mapping.physicalMax)).toBe(mapping.contentMax);
        expect(mapping.toPhysical(mapping.contentMax)).toBe(mapping.physicalMax);
      }),
    );
  });

  it('is monotone and has an inverse', () => {
    fc.assert(
      fc.property(
        rows,
        viewport,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, height, a, b) => {
          const mapping = createScrollMapping(count * ROW, height);
          const [low, high] = [Math.min(a, b) * mapping.contentMax, Math.max(a, b) * mapping.contentMax];
          expect(mapping.toPhysical(low)).toBeLessThanOrEqual(mapping.toPhysical(high));
          expect(Math.abs(mapping.toContent(mapping.toPhysical(low)) - low)).toBeLessThan(0.001);
        },
      ),
    );
  });

  it('moves the first and the last rows pixel by pixel', () => {
    const mapping = createScrollMapping(10_000_000 * ROW, 800);
    expect(mapping.toContent(7)).toBe(7);
    expect(mapping.toContent(mapping.physicalMax - 7)).toBe(mapping.contentMax - 7);
  });
});

describe('follow', () => {
  const mapping = createScrollMapping(10_000_000 * ROW, 800);

  it('takes a wheel step 1:1 anywhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.integer({ min: -4000, max: 4000 }),
        (share, step) => {
          const top = share * mapping.contentMax;
          const from = { top, physical: mapping.toPhysical(top) };
          expect(follow(mapping, from, from.physical + step).top).toBeCloseTo(top + step, 6);
        },
      ),
    );
  });

  it('takes a drag of the thumb as a place in the whole', () => {
    const from = { top: 0, physical: 0 };
    expect(follow(mapping, from, mapping.physicalMax).top).toBe(mapping.contentMax);
    expect(follow(mapping, from, mapping.physicalMax / 2).top).toBeCloseTo(mapping.contentMax / 2, 3);
  });

  it('reaches both ends by small steps, however far, when it is settled where it is stuck', () => {
    for (const direction of [-1, 1]) {
      let at = { top: 30_000_000, physical: mapping.toPhysical(30_000_000) };
      if (direction === 1) {
        at = { top: mapping.contentMax - 30_000_000, physical: 0 };
        at = settled(mapping, at);
      }
      const goal = direction === 1 ? mapping.contentMax : 0;
      for (let i = 0; i < 6000 && at.top !== goal; i++) {
        const physical = Math.min(Math.max(at.physical + direction * 7000, 0), mapping.physicalMax);
        at = follow(mapping, at, physical);
        if (stuck(mapping, at)) at = settled(mapping, at);
      }
      expect(at.top).toBe(goal);
    }
  });

  it('keeps the content where it is when it settles', () => {
    const from = { top: 123_456_789, physical: mapping.toPhysical(123_456_789) };
    const moved = follow(mapping, from, from.physical + 3000);
    const after = settled(mapping, moved);
    expect(after.top).toBe(moved.top);
    expect(mapping.toContent(after.physical)).toBeCloseTo(moved.top, 3);
  });
});
