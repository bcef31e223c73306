import type * as Monaco from 'monaco-editor/editor';
import { resolvedTheme, subscribeTheme } from '#web/lib/theme.ts';

export const THEME = 'timestream';

/** Gives Monaco the colours of web/styles/tokens.css, and again whenever the theme changes. */
export function followTheme(monaco: typeof Monaco): void {
  const apply = (): void => {
    monaco.editor.defineTheme(THEME, currentTheme());
    monaco.editor.setTheme(THEME);
  };
  apply();
  subscribeTheme(apply);
}

function currentTheme(): Monaco.editor.IStandaloneThemeData {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const bare = (name: string): string => token(name).slice(1);
  const brackets = [1, 2, 3, 4, 5, 6].map(
    (n) => [`editorBracketHighlight.foreground${n}`, token('ink-2')] as const,
  );
  return {
    base: resolvedTheme() === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: bare('ink') },
      { token: 'keyword', foreground: bare('code-keyword') },
      { token: 'operator', foreground: bare('ink-2') },
      { token: 'string', foreground: bare('code-string') },
      { token: 'number', foreground: bare('code-number') },
      { token: 'comment', foreground: bare('code-comment') },
      { token: 'predefined', foreground: bare('code-function') },
      { token: 'identifier', foreground: bare('ink') },
      { token: 'delimiter', foreground: bare('ink-2') },
    ],
    colors: {
      ...Object.fromEntries(brackets),
      // The cell's own ground shows through: it is tinted in the past.
      'editor.background': '#00000000',
      'editor.foreground': token('ink'),
      'editor.selectionBackground': token('code-selection'),
      'editor.inactiveSelectionBackground': `${token('code-selection')}80`,
      'editor.wordHighlightBackground': `${token('code-selection')}60`,
      'editor.wordHighlightStrongBackground': `${token('code-selection')}80`,
      'editor.wordHighlightTextBackground': `${token('code-selection')}60`,
      'editorCursor.foreground': token('accent'),
      'editorBracketMatch.background': '#00000000',
      'editorBracketMatch.border': token('line-strong'),
      'editor.placeholder.foreground': token('ink-3'),
      'editorError.foreground': token('bad'),
      'editorWidget.background': token('raised'),
      'editorWidget.foreground': token('ink'),
      'editorWidget.border': token('line-strong'),
      'editorHoverWidget.background': token('raised'),
      'editorHoverWidget.border': token('line-strong'),
      'editorSuggestWidget.background': token('raised'),
      'editorSuggestWidget.border': token('line-strong'),
      'editorSuggestWidget.foreground': token('ink'),
      'editorSuggestWidget.selectedBackground': token('selected'),
      'editorSuggestWidget.selectedForeground': token('ink'),
      'editorSuggestWidget.highlightForeground': token('accent-text'),
      'editorSuggestWidget.focusHighlightForeground': token('accent-text'),
      'list.hoverBackground': token('hover'),
      focusBorder: token('accent'),
      'scrollbarSlider.background': `${token('line-strong')}80`,
      'scrollbarSlider.hoverBackground': token('line-strong'),
    },
  };
}
