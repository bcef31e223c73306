import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../contract/notebooks.ts';
import { lineDiff, mergeText } from './line-diff.ts';
import { mergeNotebooks } from './merge.ts';

const sql = (id: string, source: string): Cell => ({ id, kind: 'sql', source, view: 'grid' });
const base = {
  title: 'T',
  cells: [sql('a', 'SELECT 1\nFROM t\nWHERE x'), sql('b', 'SELECT 2'), sql('c', 'SELECT 3')],
};
let copies = 0;
const merge = (mine: typeof base, theirs: typeof base) =>
  mergeNotebooks(base, mine, theirs, () => `copy${(copies += 1)}`);
const withCell = (cell: Cell) => ({
  ...base,
  cells: base.cells.map((each) => (each.id === cell.id ? cell : each)),
});
const texts = fc
  .array(fc.constantFrom('x', 'y', 'z', ''), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

describe('lineDiff', () => {
  it('has all lines of both, in order', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const chunks = lineDiff(before, after);
        expect(chunks.flatMap((chunk) => chunk.before).join('\n')).toBe(before);
        expect(chunks.flatMap((chunk) => chunk.after).join('\n')).toBe(after);
        for (const chunk of chunks) if (chunk.same) expect(chunk.before).toEqual(chunk.after);
      }),
    );
  });
  it('finds the lines that stay', () => {
    expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual([
      { same: true, before: ['a'], after: ['a'] },
      { same: false, before: ['b'], after: ['x'] },
      { same: true, before: ['c'], after: ['c'] },
    ]);
  });
});

describe('mergeText', () => {
  it('has both changes, or says that it can’t', () => {
    expect(mergeText('a\nb\nc\nd', 'A\nb\nc\nd', 'a\nb\nc\nD')).toBe('A\nb\nc\nD');
    expect(mergeText('a\nb', 'A\nb', 'X\nb')).toBeNull();
    expect(mergeText('a', 'a', 'b')).toBe('b');
  });
  it('is the same from both sides', () => {
    fc.assert(
      fc.property(texts, texts, texts, (old, a, b) => {
        expect(mergeText(old, a, b)).toBe(mergeText(old, b, a));
      }),
    );
  });
});

describe('mergeNotebooks', () => {
  it('takes what each side did to other cells', () => {
    const mine = { ...withCell(sql('a', 'SELECT 10')), title: 'Mine' };
    const theirs = {
      ...base,
      cells: [sql('x', 'NEW'), base.cells[2] ?? sql('c', ''), ...base.cells.slice(0, 1)],
    };
    const { content, both } = merge(mine, theirs);
    expect(both).toEqual([]);
    expect(content).toEqual({
      title: 'Mine',
      cells: [sql('x', 'NEW'), sql('c', 'SELECT 3'), sql('a', 'SELECT 10')],
    });
  });

  it('merges lines of one text, and keeps both where they are the same lines', () => {
    const mine = withCell(sql('a', 'SELECT 10\nFROM t\nWHERE x'));
    expect(merge(mine, withCell(sql('a', 'SELECT 1\nFROM t\nWHERE y'))).content.cells[0]).toEqual(
      sql('a', 'SELECT 10\nFROM t\nWHERE y'),
    );
    const { content, both } = merge(mine, withCell(sql('a', 'SELECT 99\nFROM t\nWHERE x')));
    expect(both).toHaveLength(1);
    expect(content.cells.slice(0, 2)).toMatchObject([
      { id: 'a', source: 'SELECT 10\nFROM t\nWHERE x' },
      { id: both[0]?.second, otherOf: 'a', source: 'SELECT 99\nFROM t\nWHERE x' },
    ]);
  });

  it('keeps a cell that one side deleted and the other worked on', () => {
    const without = { ...base, cells: base.cells.filter(({ id }) => id !== 'b') };
    expect(merge(without, base).content.cells.map(({ id }) => id)).toEqual(['a', 'c']);
    const worked = withCell(sql('b', 'SELECT 22'));
    for (const [mine, theirs] of [
      [without, worked],
      [worked, without],
    ] as const)
      expect(merge(mine, theirs).content.cells).toContainEqual(sql('b', 'SELECT 22'));
  });

  it('loses no text, whatever both sides did', () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat(5),
        source: fc.constantFrom('P', 'Q\nR', 'SELECT 1\nFROM t\nS'),
        drop: fc.boolean(),
      }),
      { maxLength: 4 },
    );
    const apply = (list: readonly { at: number; source: string; drop: boolean }[], side: string) => {
      const cells = [...base.cells];
      for (const [index, { at, source, drop }] of list.entries()) {
        if (at < cells.length && drop) cells.splice(at, 1);
        else if (at < cells.length) cells[at] = sql(cells[at]?.id ?? '', `${source}${side}`);
        else cells.push(sql(`${side}${index}`, `${source}${side}`));
      }
      return { ...base, cells };
    };
    fc.assert(
      fc.property(edits, edits, (left, right) => {
        const [mine, theirs] = [apply(left, 'm'), apply(right, 't')];
        const all = merge(mine, theirs).content.cells.map((cell) => (cell.kind === 'sql' ? cell.source : ''));
        const old = new Set(base.cells.map((cell) => (cell.kind === 'sql' ? cell.source : '')));
        for (const cell of [...mine.cells, ...theirs.cells]) {
          if (cell.kind !== 'sql' || old.has(cell.source)) continue;
          for (const line of cell.source.split('\n').filter((each) => /[mt]$/.test(each)))
            expect(all.join('\n')).toContain(line);
        }
        expect(new Set(merge(mine, theirs).content.cells.map(({ id }) => id)).size).toBe(all.length);
      }),
    );
  });
});
