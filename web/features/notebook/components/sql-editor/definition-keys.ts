import type * as Monaco from 'monaco-editor/editor';
import { definitionAt } from '../../language/definition.ts';
import type { LanguageFacts } from '../../language/language-facts.ts';
import { monaco } from './monaco.ts';
import { rangeOf } from './monaco-language.ts';

interface DefinitionHost {
  facts(): LanguageFacts;
  openTable(id: string): void;
  openCell(id: string): void;
}

/** F12, or a click with Ctrl or Cmd, goes to where a name comes from: in this text, another cell, or the page of a table. */
export function definitionKeys(
  editor: Monaco.editor.IStandaloneCodeEditor,
  host: DefinitionHost,
): Monaco.IDisposable[] {
  const underlined = editor.createDecorationsCollection();
  const definitionUnder = (position: Monaco.IPosition | null | undefined) => {
    const model = editor.getModel();
    if (model === null || position === null || position === undefined) return null;
    return definitionAt(model.getValue(), model.getOffsetAt(position), host.facts());
  };
  const go = (position: Monaco.IPosition | null | undefined): boolean => {
    const model = editor.getModel();
    const definition = definitionUnder(position);
    if (model === null || definition === null) return false;
    if (definition.kind === 'table') host.openTable(definition.id);
    else if (definition.kind === 'cell') host.openCell(definition.id);
    else {
      const range = rangeOf(model, definition);
      editor.setSelection(range);
      editor.revealRange(range);
    }
    return true;
  };
  const withKey = ({ ctrlKey, metaKey }: { ctrlKey: boolean; metaKey: boolean }) => ctrlKey || metaKey;
  return [
    editor.addAction({
      id: 'goToDefinition',
      label: 'Go to definition',
      keybindings: [monaco.KeyCode.F12],
      run: () => void go(editor.getPosition()),
    }),
    editor.onMouseDown(({ event, target }) => {
      if (withKey(event) && event.leftButton && go(target.position)) {
        underlined.clear();
        event.preventDefault();
        event.stopPropagation();
      }
    }),
    editor.onMouseMove(({ event, target }) => {
      const model = editor.getModel();
      const word =
        model === null || target.position === null ? null : model.getWordAtPosition(target.position);
      if (
        !withKey(event) ||
        target.position === null ||
        word === null ||
        definitionUnder(target.position) === null
      )
        return underlined.clear();
      const { lineNumber } = target.position;
      underlined.set([
        {
          range: {
            startLineNumber: lineNumber,
            endLineNumber: lineNumber,
            startColumn: word.startColumn,
            endColumn: word.endColumn,
          },
          options: { inlineClassName: 'sql-definition' },
        },
      ]);
    }),
    editor.onMouseLeave(() => underlined.clear()),
  ];
}
