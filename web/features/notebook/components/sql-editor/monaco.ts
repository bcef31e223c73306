/**
 * The editor's core, the features a SQL cell uses, and our own SQL. Importing this file is what loads Monaco, so
 * only lazily loaded modules may.
 */
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeAction/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/parameterHints/register';
import 'monaco-editor/features/placeholderText/register';
import 'monaco-editor/features/rename/register';
import 'monaco-editor/features/smartSelect/register';
import 'monaco-editor/features/snippet/register';
// The suggest feature of this version registers only its inline half; the widget is the controller's.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import { registerLanguage } from './monaco-language.ts';
import { registerQuotes } from './monaco-quotes.ts';
import { registerSql } from './monaco-sql.ts';
import { followTheme } from './monaco-theme.ts';

globalThis.MonacoEnvironment = {
  getWorker: () => new Worker(new URL('./monaco.worker.ts', import.meta.url), { type: 'module' }),
};
registerSql(monaco);
registerQuotes(monaco);
followTheme(monaco);
registerLanguage(monaco);
// Widths measured before the font is there would put the cursor beside the text.
void document.fonts.load("13px 'JetBrains Mono Variable'").then(() => monaco.editor.remeasureFonts());

export { monaco };
