import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberScale } from './nice-scale.ts';
import { spreadLabels } from './spread-labels.ts';
import { timeScale } from './time-scale.ts';

const at = (iso: string) => Date.parse(iso);
const texts = (scale: { ticks: readonly number[]; format: (tick: number) => string }) =>
  scale.ticks.map((tick) => scale.format(tick));

describe('numberScale', () => {
  it('has round ticks in one unit', () => {
    expect(texts(numberScale(0, 97, 5, true))).toEqual(['0', '20', '40', '60', '80', '100']);
    expect(texts(numberScale(-3.8, 257, 6, false))).toEqual([
      '-50',
      '0',
      '50',
      '100',
      '150',
      '200',
      '250',
      '300',
    ]);
    expect(texts(numberScale(0.12, 0.31, 5, false))).toEqual([
      '0.10',
      '0.15',
      '0.20',
      '0.25',
      '0.30',
      '0.35',
    ]);
    expect(texts(numberScale(0, 483_112, 5, true))).toEqual(['0', '100k', '200k', '300k', '400k', '500k']);
    expect(texts(numberScale(0, 3_200_000, 5, true))).toEqual(['0', '1M', '2M', '3M', '4M']);
    expect(texts(numberScale(-40, 25_000, 5, true))).toEqual([
      '-5,000',
      '0',
      '5,000',
      '10,000',
      '15,000',
      '20,000',
      '25,000',
    ]);
  });

  it('starts at zero where lengths are compared', () => {
    expect(numberScale(90, 100, 5, true).domain[0]).toBe(0);
    expect(numberScale(-100, -90, 5, true).domain[1]).toBe(0);
    expect(numberScale(90, 100, 5, false).domain[0]).toBe(90);
  });

  it('makes room around a single value', () => {
    for (const value of [0, 5, -5, 1e9]) {
      for (const zero of [true, false]) {
        const { domain } = numberScale(value, value, 5, zero);
        expect(domain[0]).toBeLessThan(domain[1]);
        expect(domain[0]).toBeLessThanOrEqual(value);
        expect(domain[1]).toBeGreaterThanOrEqual(value);
      }
    }
  });

  it('covers the values with distinct labels', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((n) => (Math.abs(n) < 1e-3 ? 0 : n));
    fc.assert(
      fc.property(value, value, fc.integer({ min: 2, max: 10 }), fc.boolean(), (a, b, count, zero) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high === low || high - low > Math.abs(high) * 1e-6);
        const scale = numberScale(low, high, count, zero);
        const slack = (high - low) * 1e-6 + 1e-9;
        expect(scale.domain[0]).toBeLessThanOrEqual(low + slack);
        expect(scale.domain[1]).toBeGreaterThanOrEqual(high - slack);
        expect(new Set(texts(scale)).size).toBe(scale.ticks.length);
        expect(scale.ticks.length).toBeLessThan(25);
      }),
    );
  });
});

describe('timeScale', () => {
  it('puts ticks where clocks and calendars turn', () => {
    expect(texts(timeScale(at('2001-01-01T00:00:00Z'), at('2001-06-30T00:00:00Z'), 6))).toEqual([
      'Jan 2001',
      'Feb',
      'Mar',
      'Apr',
      'May',
      'Jun',
    ]);
    expect(texts(timeScale(at('1999-11-05T00:00:00Z'), at('2000-05-01T00:00:00Z'), 4))).toEqual([
      'Jan 2000',
      'Mar',
      'May',
    ]);
    expect(texts(timeScale(at('2020-02-27T00:00:00Z'), at('2020-03-02T00:00:00Z'), 5))).toEqual([
      '27 Feb 2020',
      '28 Feb',
      '29 Feb',
      '1 Mar',
      '2 Mar',
    ]);
    expect(texts(timeScale(at('2020-02-27T22:00:00Z'), at('2020-02-28T04:00:00Z'), 4))).toEqual([
      '27 Feb 22:00',
      '28 Feb 00:00',
      '02:00',
      '04:00',
    ]);
    expect(texts(timeScale(at('1950-01-01T00:00:00Z'), at('2020-01-01T00:00:00Z'), 8))).toEqual([
      '1950',
      '1960',
      '1970',
      '1980',
      '1990',
      '2000',
      '2010',
      '2020',
    ]);
  });

  it('keeps ticks inside and few', () => {
    const time = fc.integer({ min: at('0001-01-01T00:00:00Z'), max: at('9000-01-01T00:00:00Z') });
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 0, max: 1e14 }),
        fc.integer({ min: 2, max: 12 }),
        (low, span, count) => {
          const scale = timeScale(low, low + span, count);
          expect(scale.ticks.length).toBeGreaterThan(0);
          expect(scale.ticks.length).toBeLessThanOrEqual(count + 2);
          for (const tick of scale.ticks) {
            expect(tick).toBeGreaterThanOrEqual(low);
            expect(tick).toBeLessThanOrEqual(low + span);
          }
        },
      ),
    );
  });
});

describe('spreadLabels', () => {
  it('leaves labels that do not touch, and moves those that do', () => {
    expect(spreadLabels([20, 60, 100], 15, 0, 200)).toEqual([20, 60, 100]);
    expect(spreadLabels([50, 50, 50], 10, 0, 200)).toEqual([50, 60, 70]);
    expect(spreadLabels([195, 198], 10, 0, 200)).toEqual([185, 195]);
  });

  it('never lets two overlap as long as there is room', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 12 }), (wanted) => {
        const placed = spreadLabels(wanted, 15, 0, 300).sort((a, b) => a - b);
        for (let i = 1; i < placed.length; i++) {
          expect((placed[i] ?? 0) - (placed[i - 1] ?? 0)).toBeGreaterThan(14.999);
        }
        if (placed.length > 0) {
          expect(placed[0]).toBeGreaterThanOrEqual(7.499);
          expect(placed.at(-1)).toBeLessThanOrEqual(292.501);
        }
      }),
    );
  });
});
