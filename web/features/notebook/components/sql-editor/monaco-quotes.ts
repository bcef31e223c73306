import type * as Monaco from 'monaco-editor/editor';
import { endsQuoted } from '../../language/ends-quoted.ts';

/** The class of the decoration by which Monaco knows a character that it has closed a pair with. */
const AUTO_CLOSED = 'auto-closed-character';

/**
 * Monaco takes a backslash before a quote for its escape, in every language, and adds the quote to the one that it had
 * closed the string with. Here the SQL says what the quote is.
 */
export function registerQuotes(monaco: typeof Monaco): void {
  monaco.editor.registerCommand('type', (_, args: { readonly text: string }) => {
    const editors = monaco.editor.getEditors();
    const editor =
      editors.find((each) => each.hasTextFocus()) ?? editors.find((each) => each.hasWidgetFocus());
    if (editor === undefined || typeOver(monaco, editor, args.text)) return;
    editor.trigger('keyboard', 'type', args);
  });
}

/** False where it is none of ours, and nothing was done. */
function typeOver(monaco: typeof Monaco, editor: Monaco.editor.ICodeEditor, text: string): boolean {
  const model = editor.getModel();
  const selections = editor.getSelections() ?? [];
  if (!["'", '"'].includes(text) || model?.getLanguageId() !== 'sql' || selections.length === 0) return false;
  const cursors = selections.map((each) => each.getPosition());
  const isTypedOver = selections.every(
    (each, index) =>
      each.isEmpty() && isClosedBehind(monaco, model, cursors[index] ?? each.getPosition(), text),
  );
  if (!isTypedOver) return false;
  const edits = cursors.map((cursor) => ({ range: behind(monaco, cursor), text }));
  const { Selection } = monaco;
  editor.executeEdits(
    'keyboard',
    edits,
    cursors.map(({ lineNumber, column }) => new Selection(lineNumber, column + 1, lineNumber, column + 1)),
  );
  return true;
}

function isClosedBehind(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  cursor: Monaco.Position,
  quote: string,
): boolean {
  const next = behind(monaco, cursor);
  if (model.getValueInRange(next) !== quote) return false;
  const before = model.getValueInRange(new monaco.Range(1, 1, cursor.lineNumber, cursor.column));
  // Elsewhere Monaco does it itself.
  if (!before.endsWith('\\')) return false;
  const isAutoClosed = model
    .getDecorationsInRange(next)
    .some(({ range, options }) => options.inlineClassName === AUTO_CLOSED && next.equalsRange(range));
  return isAutoClosed && endsQuoted(before, quote);
}

function behind(monaco: typeof Monaco, { lineNumber, column }: Monaco.Position): Monaco.Range {
  return new monaco.Range(lineNumber, column, lineNumber, column + 1);
}
