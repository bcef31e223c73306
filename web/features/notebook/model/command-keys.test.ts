import { describe, expect, it } from 'vitest';
import { commandFor, type KeyPress } from './command-keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  mod: false,
  shift: false,
  alt: false,
  ...more,
});

describe('commandFor', () => {
  it.each([
    [press('j'), 'next'],
    [press('ArrowUp'), 'previous'],
    [press('Enter'), 'edit'],
    [press('Enter', { mod: true }), 'run'],
    [press('Enter', { shift: true }), 'run-next'],
    [press('ArrowDown', { alt: true }), 'move-down'],
    [press('b'), 'insert-below'],
    [press('b', { mod: true }), null],
    [press('x'), null],
    [press('z'), 'undo'],
    [press('z', { mod: true }), 'undo'],
    [press('Z', { shift: true }), 'redo'],
    [press('Z', { mod: true, shift: true }), 'redo'],
  ])('%o is %s', (key, command) => {
    expect(commandFor(key, null).command).toBe(command);
  });

  it('deletes at the second d, and only right after the first', () => {
    const first = commandFor(press('d'), null);
    expect(first).toEqual({ command: null, pending: 'd' });
    expect(commandFor(press('d'), first.pending)).toEqual({ command: 'remove', pending: null });
    const between = commandFor(press('j'), first.pending);
    expect(commandFor(press('d'), between.pending).command).toBeNull();
  });
});
