/** True on Apple systems, where Mod means Command. */
export const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const APPLE: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↵',
  Backspace: '⌫',
};
const OTHER: Readonly<Record<string, string>> = { Mod: 'Ctrl' };

/** "Mod+Enter" → ["⌘", "↵"] on Apple systems, ["Ctrl", "Enter"] elsewhere. */
export function keyNames(shortcut: string, apple = isApple): string[] {
  const names = apple ? APPLE : OTHER;
  return shortcut.split('+').map((key) => names[key] ?? key);
}

/** For `aria-keyshortcuts`: "Mod+Enter" → "Control+Enter". */
export function ariaShortcut(shortcut: string, apple = isApple): string {
  return shortcut.replace('Mod', apple ? 'Meta' : 'Control');
}
