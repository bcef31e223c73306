import { describe, expect, it } from 'vitest';
import { ariaShortcut, keyNames, matchesShortcut } from './platform.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...more,
});

describe('matchesShortcut', () => {
  it('takes Mod for Command on Apple systems and Control elsewhere', () => {
    expect(matchesShortcut(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(matchesShortcut(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true);
    expect(matchesShortcut(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false);
  });

  it('wants exactly the modifiers it names', () => {
    expect(matchesShortcut(press('K', { ctrlKey: true, shiftKey: true }), 'Mod+K', false)).toBe(false);
    expect(matchesShortcut(press('k'), 'Mod+K', false)).toBe(false);
  });

  it('knows the key where Alt changes what it types', () => {
    expect(matchesShortcut(press('†', { altKey: true, code: 'KeyT' }), 'Alt+T', true)).toBe(true);
    expect(matchesShortcut(press('¡', { altKey: true, code: 'Digit1' }), 'Alt+1', true)).toBe(true);
  });
});

describe('names of keys', () => {
  it('are those of the system', () => {
    expect(keyNames('Mod+Shift+Enter', true)).toEqual(['⌘', '⇧', '↵']);
    expect(keyNames('Mod+Shift+Enter', false)).toEqual(['Ctrl', 'Shift', 'Enter']);
    expect(ariaShortcut('Mod+K', false)).toBe('Control+K');
  });
});
