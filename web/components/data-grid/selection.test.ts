import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSingle, moveByKey, rangeOf, selectCell, type KeyPress, type Selection } from './selection.ts';

const size = { rows: 1000, columns: 5, page: 20 };
const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  shift: false,
  ...mods,
});
const go = (from: Selection, ...keys: KeyPress[]) =>
  keys.reduce((at, key) => moveByKey(at, key, size) ?? at, from);
const at = (row: number, column: number) => selectCell({ row, column });

describe('moveByKey', () => {
  it('moves by arrows and stays inside', () => {
    expect(go(at(0, 0), press('ArrowDown'), press('ArrowRight')).head).toEqual({ row: 1, column: 1 });
    expect(go(at(0, 0), press('ArrowLeft')).head).toEqual({ row: 0, column: 0 });
    expect(go(at(999, 4), press('ArrowDown'), press('ArrowRight')).head).toEqual({ row: 999, column: 4 });
  });

  it('reaches the header from the first row, by the arrow alone', () => {
    expect(go(at(0, 2), press('ArrowUp')).head).toEqual({ row: -1, column: 2 });
    expect(go(at(0, 2), press('ArrowUp', { shift: true })).head).toEqual({ row: 0, column: 2 });
    expect(go(at(5, 2), press('ArrowUp', { ctrl: true })).head).toEqual({ row: 0, column: 2 });
    expect(go(at(-1, 2), press('ArrowRight')).head).toEqual({ row: -1, column: 3 });
    expect(go(at(-1, 2), press('ArrowUp')).head).toEqual({ row: -1, column: 2 });
    expect(go(at(-1, 2), press('ArrowDown')).head).toEqual({ row: 0, column: 2 });
  });

  it('pages and jumps', () => {
    expect(go(at(5, 1), press('PageDown')).head.row).toBe(25);
    expect(go(at(5, 1), press('PageUp')).head.row).toBe(0);
    expect(go(at(990, 1), press('PageDown')).head.row).toBe(999);
    expect(go(at(5, 1), press('End', { ctrl: true })).head).toEqual({ row: 999, column: 4 });
    expect(go(at(5, 1), press('Home', { ctrl: true })).head).toEqual({ row: 0, column: 0 });
    expect(go(at(5, 1), press('End')).head).toEqual({ row: 5, column: 4 });
  });

  it('stretches a range with shift and drops it without', () => {
    const range = go(
      at(5, 1),
      press('ArrowDown', { shift: true }),
      press('End', { ctrl: true, shift: true }),
    );
    expect(rangeOf(range)).toEqual({ top: 5, bottom: 999, left: 1, right: 4 });
    expect(isSingle(go(range, press('ArrowUp')))).toBe(true);
  });

  it('takes all, a column and a row', () => {
    expect(rangeOf(go(at(5, 1), press('a', { ctrl: true })))).toEqual({
      top: 0,
      bottom: 999,
      left: 0,
      right: 4,
    });
    expect(rangeOf(go(at(5, 1), press(' ', { ctrl: true })))).toEqual({
      top: 0,
      bottom: 999,
      left: 1,
      right: 1,
    });
    expect(rangeOf(go(at(5, 1), press(' ', { shift: true })))).toEqual({
      top: 5,
      bottom: 5,
      left: 0,
      right: 4,
    });
    expect(rangeOf(go(at(-1, 3), press(' ')))).toEqual({ top: 0, bottom: 999, left: 3, right: 3 });
  });

  it('leaves other keys alone, and an empty grid', () => {
    expect(moveByKey(at(0, 0), press('Tab'), size)).toBeNull();
    expect(moveByKey(at(0, 0), press('ArrowDown'), { rows: 0, columns: 0, page: 1 })).toBeNull();
    expect(moveByKey(at(-1, 0), press('ArrowDown'), { rows: 0, columns: 2, page: 1 })?.head.row).toBe(-1);
  });

  it('never leaves the grid', () => {
    const keys = fc.record({
      key: fc.constantFrom(
        'ArrowUp',
        'ArrowDown',
        'ArrowLeft',
        'ArrowRight',
        'PageUp',
        'PageDown',
        'Home',
        'End',
        ' ',
        'a',
      ),
      ctrl: fc.boolean(),
      shift: fc.boolean(),
    });
    const sizes = fc.record({ rows: fc.nat(50), columns: fc.integer({ min: 1, max: 5 }), page: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 30 }), sizes, (sequence, bounds) => {
        let now = selectCell({ row: bounds.rows > 0 ? 0 : -1, column: 0 });
        for (const key of sequence) {
          now = moveByKey(now, key, bounds) ?? now;
          for (const cell of [now.anchor, now.head]) {
            expect(cell.row).toBeGreaterThanOrEqual(-1);
            expect(cell.row).toBeLessThan(Math.max(bounds.rows, 1));
            expect(cell.column).toBeGreaterThanOrEqual(0);
            expect(cell.column).toBeLessThan(bounds.columns);
          }
        }
      }),
    );
  });
});
