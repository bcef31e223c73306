/** True on Apple systems, where Mod means Command. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const APPLE: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↵',
  Backspace: '⌫',
};
const ARROWS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const OTHER: Readonly<Record<string, string>> = { Mod: 'Ctrl' };

/** "Mod+Enter" → ["⌘", "↵"] on Apple systems, ["Ctrl", "Enter"] elsewhere. */
export function keyNames(shortcut: string, apple = isApple): string[] {
  const names = apple ? APPLE : OTHER;
  return shortcut.split('+').map((key) => names[key] ?? ARROWS[key] ?? key);
}

/** For `aria-keyshortcuts`: "Mod+Enter" → "Control+Enter". */
export function ariaShortcut(shortcut: string, apple = isApple): string {
  return shortcut.replace('Mod', apple ? 'Meta' : 'Control');
}

/** Whether a key press is exactly "Mod+Shift+P": no modifier more, none less. Case does not matter. */
export function matchesShortcut(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  shortcut: string,
  apple = isApple,
): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1)?.toLowerCase() ?? '';
  const mod = parts.includes('Mod');
  // Alt changes what a letter key types on some systems, but not which key it is.
  const samePlace =
    event.altKey && (event.code === `Key${key.toUpperCase()}` || event.code === `Digit${key}`);
  return (
    (event.key.toLowerCase() === key || samePlace) &&
    event.ctrlKey === (mod && !apple) &&
    event.metaKey === (mod && apple) &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}
