// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnCache, type Pin, type Segment } from './column-cache.ts';

const segment = (table: string, file = table, fields: readonly number[] = [1]): Segment => ({
  table,
  file,
  rows: 10,
  fileBytes: 5,
  columns: new Map(
    fields.map((field) => [field, { sqlType: 'INTEGER', shape: { kind: 'leaf', sqlType: 'INTEGER' } }]),
  ),
});
const tables = (segments: readonly Segment[]) => segments.map(({ table }) => table);
const ignore = () => undefined;

describe('ColumnCache', () => {
  it('finds a column in whichever segment of its file has it', () => {
    const cache = new ColumnCache(100);
    cache.add(segment('s1', '/f', [1, 2]), 10);
    cache.add(segment('s2', '/f', [3]), 5);
    expect(cache.find('/f', 2)?.table).toBe('s1');
    expect(cache.find('/f', 3)?.table).toBe('s2');
    expect(cache.find('/f', 4)).toBeUndefined();
    expect(cache.find('/g', 1)).toBeUndefined();
    expect([cache.bytes, cache.columns]).toEqual([15, 3]);
  });

  it('evicts the least recently used first, and no more than it has to', () => {
    const cache = new ColumnCache(30);
    for (const table of ['s1', 's2', 's3']) cache.add(segment(table), 10);
    cache.pin([segment('s1')], ignore).release();
    expect(tables(cache.evict(0))).toEqual([]);
    expect(tables(cache.evict(5))).toEqual(['s2']);
    expect(tables(cache.evict(20))).toEqual(['s3']);
    expect(cache.find('s1', 1)?.table).toBe('s1');
  });

  it('never evicts what a run holds', () => {
    const cache = new ColumnCache(10);
    cache.add(segment('s1'), 10);
    const pin = cache.pin([segment('s1')], ignore);
    const second = cache.pin([segment('s1')], ignore);
    expect(cache.evict(10)).toEqual([]);
    pin.release();
    pin.release();
    expect(cache.evict(10)).toEqual([]);
    second.release();
    expect(tables(cache.evict(10))).toEqual(['s1']);
    expect(cache.bytes).toBe(0);
  });

  it('clears at once what is free, and what is held when its last holder lets go', () => {
    const cache = new ColumnCache(100);
    cache.add(segment('s1'), 10);
    cache.add(segment('s2'), 10);
    const dropped: string[] = [];
    const pin = cache.pin([segment('s1')], (segments) => dropped.push(...tables(segments)));
    expect(tables(cache.clear())).toEqual(['s2']);
    expect(cache.find('s1', 1)).toBeUndefined();
    expect(dropped).toEqual([]);
    pin.release();
    expect(dropped).toEqual(['s1']);
    expect(cache.bytes).toBe(0);
  });

  it('loads a file again beside a cleared one that is still held', () => {
    const cache = new ColumnCache(100);
    cache.add(segment('s1', '/f'), 10);
    const pin = cache.pin([segment('s1', '/f')], ignore);
    cache.clear();
    cache.add(segment('s2', '/f'), 10);
    expect(cache.find('/f', 1)?.table).toBe('s2');
    pin.release();
    expect(cache.find('/f', 1)?.table).toBe('s2');
    expect(cache.bytes).toBe(10);
  });

  it('keeps its books under any sequence of calls', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), bytes: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ kind: fc.constant('pin' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('release' as const), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('evict' as const), bytes: fc.integer({ min: 0, max: 60 }) }),
      fc.record({ kind: fc.constant('clear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new ColumnCache(100);
        const bytes = new Map<string, number>();
        const pins: { pin: Pin; table: string }[] = [];
        const drop = (segments: readonly Segment[]) => {
          for (const { table } of segments) {
            expect(pins.some((each) => each.table === table)).toBe(false);
            expect(bytes.delete(table)).toBe(true);
          }
        };
        for (const [at, each] of steps.entries()) {
          const known = [...bytes.keys()];
          if (each.kind === 'add') {
            cache.add(segment(`s${at}`), each.bytes);
            bytes.set(`s${at}`, each.bytes);
          } else if (each.kind === 'pin') {
            const table = known[each.at % Math.max(1, known.length)];
            if (table !== undefined) pins.push({ table, pin: cache.pin([segment(table)], drop) });
          } else if (each.kind === 'release') {
            const [released] = pins.splice(each.at % Math.max(1, pins.length), 1);
            released?.pin.release();
          } else if (each.kind === 'evict') {
            drop(cache.evict(each.bytes));
            const held = new Set(pins.map(({ table }) => table));
            const idle = [...bytes.keys()].filter((table) => !held.has(table));
            expect(cache.bytes + each.bytes <= 100 || idle.length === 0).toBe(true);
          } else drop(cache.clear());
          expect(cache.bytes).toBe([...bytes.values()].reduce((sum, value) => sum + value, 0));
        }
      }),
    );
  });
});
