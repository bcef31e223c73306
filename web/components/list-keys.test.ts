import { describe, expect, it } from 'vitest';
import { listMove } from './list-keys.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe('listMove', () => {
  it('moves by arrows, j and k, and stays in the list', () => {
    expect(listMove(press('ArrowDown'), 0, 3)).toBe(1);
    expect(listMove(press('j'), 2, 3)).toBe(2);
    expect(listMove(press('k'), 0, 3)).toBe(0);
    expect(listMove(press('End'), 0, 3)).toBe(2);
    expect(listMove(press('Home'), 2, 3)).toBe(0);
  });

  it('leaves other keys, commands and empty lists alone', () => {
    expect(listMove(press('x'), 0, 3)).toBeNull();
    expect(listMove(press('j', { ctrlKey: true }), 0, 3)).toBeNull();
    expect(listMove(press('j'), -1, 0)).toBeNull();
  });
});
