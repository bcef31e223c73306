import { useEffect, useEffectEvent, useRef } from 'react';
import type * as Monaco from 'monaco-editor/editor';
import { Kbd } from '#web/components/kbd.tsx';
import { localRelations } from '#web/lib/local-relations.ts';
import { isApple } from '#web/lib/platform.ts';
import { localTables } from '../../language/local-tables.ts';
import type { CompletionTable, KnownValues, NotebookNames } from '../../language/language-facts.ts';
import { useSqlLanguage, type SqlLanguage } from '../../language/sql-language.ts';
import { valuePlaceAt, type ValuePlace } from '../../language/value-place.ts';
import { columnValuesOf } from '../../model/column-values.ts';
import { heldValues } from '../../model/held-values.ts';
import type { EditorHandle } from '../../model/editor-handle.ts';
import { applySuggestion, type Place } from '../../model/error-place.ts';
import { definitionKeys } from './definition-keys.ts';
import { hostLanguage, rangeOf } from './monaco-language.ts';
import { THEME } from './monaco-theme.ts';
import { monaco } from './monaco.ts';
import { toggleTabLeaves, useTabLeaves } from './tab-leaves.ts';

/** Pixels above and below the text; the skeleton has the same. */
export const EDITOR_PADDING = 10;

export interface SqlEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Accessible name. */
  readonly label: string;
  readonly tables: readonly CompletionTable[];
  /** What the notebook itself has names for, as it is when it is asked. */
  readonly names: () => NotebookNames;
  /** Asks for what is not known of them; null where there is nothing to wait for. */
  readonly onNames: (text: string) => Promise<void> | null;
  /** Ref expression where the text reads its tables. */
  readonly at: string;
  readonly onOpenCell: (id: string) => void;
  /** With names that may have been meant. */
  readonly error: {
    readonly place: Place;
    readonly message: string;
    readonly suggestions: readonly string[];
  } | null;
  /** Takes the focus when it turns true. */
  readonly editing: boolean;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly onRun: () => void;
  readonly onRunNext: () => void;
  /** What is selected, else the statement under the cursor; UTF-16 offsets. */
  readonly onRunPart: (start: number, end: number) => void;
  readonly onEscape: () => void;
  readonly onFormat: () => void;
  /** Given the editor's handle, while the editor is there. */
  readonly onHandle: (handle: EditorHandle | null) => void;
}

/** A Monaco editor that is exactly as high as its text. */
export default function SqlEditor(props: SqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editorRef = useRef<Monaco.editor.IStandaloneCodeEditor | null>(null);
  const tabLeaves = useTabLeaves();
  const { value, error, editing, label } = props;
  const changed = useEffectEvent((text: string) => text !== props.value && props.onChange(text));
  const on = useEffectEvent((event: 'onFocus' | 'onBlur' | 'onRun' | 'onRunNext' | 'onEscape' | 'onFormat') =>
    props[event](),
  );
  const runPart = useEffectEvent((start: number, end: number) => props.onRunPart(start, end));
  const language = useSqlLanguage();
  const facts = useEffectEvent(() => {
    const { cells, parameters } = props.names();
    const { functions, refs, snippets = [] } = language;
    const files = localTables(localRelations());
    const values = (place: ValuePlace) => knownValues(place, props.at, language);
    return { tables: [...cells, ...files, ...props.tables], functions, parameters, refs, snippets, values };
  });
  const valuesReady = useEffectEvent((text: string, offset: number) => {
    const place = valuePlaceAt(text, offset, facts().tables);
    const { session } = language;
    return place === null || session === undefined ? null : columnValuesOf(session).want(place, props.at);
  });
  const ready = useEffectEvent((text: string) => props.onNames(text));
  const openCell = useEffectEvent((id: string) => props.onOpenCell(id));
  const openTable = useEffectEvent((id: string) => language.openTable(id));
  const corrections = useEffectEvent(() => correctionsOf(props.value, props.error));
  const giveHandle = useEffectEvent((handle: EditorHandle | null) => props.onHandle(handle));
  const initial = useEffectEvent(() => ({ value: props.value, label: props.label }));

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const model = monaco.editor.createModel(initial().value, 'sql');
    const editor = monaco.editor.create(element, { ...OPTIONS, model, ariaLabel: initial().label });
    editorRef.current = editor;
    const fit = () => {
      element.style.height = `${editor.getContentHeight()}px`;
      editor.layout({ width: element.clientWidth, height: editor.getContentHeight() });
    };
    const resized = new ResizeObserver(fit);
    resized.observe(element);
    const forget = hostLanguage(model, {
      facts: () => facts(),
      ready: () => ready(model.getValue()),
      valuesReady: (offset) => valuesReady(model.getValue(), offset),
      corrections: () => corrections(),
    });
    const listeners = [
      editor.onDidContentSizeChange(fit),
      editor.onDidChangeModelContent(() => changed(model.getValue())),
      editor.onDidFocusEditorText(() => on('onFocus')),
      editor.onDidBlurEditorWidget(() => on('onBlur')),
      tabLeavesKey(editor),
      ...keysOf(editor, (event) => on(event)),
      runPartKey(editor, (start, end) => runPart(start, end)),
      ...definitionKeys(editor, {
        facts: () => facts(),
        openTable: (id) => openTable(id),
        openCell: (id) => openCell(id),
      }),
    ];
    fit();
    giveHandle({
      insert: (text) => {
        editor.focus();
        editor.trigger('insert', 'type', { text });
      },
      reveal: (place) => {
        const range = rangeOf(model, place);
        editor.setSelection(range);
        editor.revealRange(range);
        element.scrollIntoView({ block: 'nearest' });
      },
    });
    return () => {
      giveHandle(null);
      forget();
      resized.disconnect();
      for (const listener of listeners) listener.dispose();
      editor.dispose();
      model.dispose();
      editorRef.current = null;
    };
  }, []);

  useEffect(() => {
    const model = editorRef.current?.getModel();
    if (model === null || model === undefined || model.getValue() === value) return;
    // As an edit, not as a new value, so that undo knows it.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
  }, [value]);

  useEffect(() => {
    if (editing) editorRef.current?.focus();
    else if (editorRef.current?.hasTextFocus() === true && document.activeElement instanceof HTMLElement) {
      document.activeElement.blur();
    }
  }, [editing]);

  useEffect(() => editorRef.current?.updateOptions({ ariaLabel: label }), [label]);

  useEffect(() => editorRef.current?.updateOptions({ tabFocusMode: tabLeaves }), [tabLeaves]);

  useEffect(() => {
    const model = editorRef.current?.getModel();
    if (model === null || model === undefined) return;
    const markers = error === null ? [] : [markerOf(model, error)];
    monaco.editor.setModelMarkers(model, 'timestream', markers);
  }, [error]);

  return (
    <div className="relative">
      <div ref={host} className="w-full" />
      {tabLeaves && editing && (
        <p
          role="status"
          className="absolute right-1 bottom-1 rounded-sm bg-raised px-1.5 text-xs text-ink-2 shadow-float"
        >
          Tab leaves the editor <Kbd keys={TAB_KEY} />
        </p>
      )}
    </div>
  );
}

function knownValues(place: ValuePlace, at: string, { session }: SqlLanguage): KnownValues | null {
  const { held } = place.table;
  if (held !== undefined) return heldValues(held, place.column.name);
  return session === undefined ? null : columnValuesOf(session).of(place, at);
}

const TAB_KEY = isApple ? 'Ctrl+Shift+M' : 'Ctrl+M';

function markerOf(
  model: Monaco.editor.ITextModel,
  { place, message }: NonNullable<SqlEditorProps['error']>,
): Monaco.editor.IMarkerData {
  return { severity: monaco.MarkerSeverity.Error, message, ...rangeOf(model, place) };
}

function correctionsOf(text: string, error: SqlEditorProps['error']) {
  if (error === null) return [];
  return error.suggestions.map((each) => ({
    title: `Write ${each}`,
    text: applySuggestion(text, error.place, each),
  }));
}

type EditorKey = 'onRun' | 'onRunNext' | 'onEscape' | 'onFormat';

function keysOf(
  editor: Monaco.editor.IStandaloneCodeEditor,
  on: (key: EditorKey) => void,
): Monaco.IDisposable[] {
  const { KeyMod, KeyCode } = monaco;
  const action = (id: EditorKey, label: string, key: number, precondition?: string) =>
    editor.addAction({
      id,
      label,
      keybindings: [key],
      ...(precondition === undefined ? {} : { precondition }),
      run: () => {
        // Suggestions that are still open would cover the answer.
        editor.trigger(id, 'hideSuggestWidget', null);
        on(id);
      },
    });
  return [
    action('onRun', 'Run the cell', KeyMod.CtrlCmd | KeyCode.Enter),
    action('onRunNext', 'Run the cell and go to the next', KeyMod.Shift | KeyCode.Enter),
    action('onFormat', 'Format the SQL', KeyMod.Alt | KeyMod.Shift | KeyCode.KeyF),
    action(
      'onEscape',
      'Stop, or leave the editor',
      KeyCode.Escape,
      '!suggestWidgetVisible && !findWidgetVisible && !inSnippetMode && !editorHasMultipleSelections && !editorHoverVisible && !parameterHintsVisible && !renameInputVisible && !codeActionMenuVisible',
    ),
  ];
}

/** As in VS Code, for whoever has no mouse to leave by. */
function tabLeavesKey(editor: Monaco.editor.IStandaloneCodeEditor): Monaco.IDisposable {
  const { KeyMod, KeyCode } = monaco;
  return editor.addAction({
    id: 'tabLeaves',
    label: 'Let Tab leave the editor, or indent again',
    keybindings: [isApple ? KeyMod.WinCtrl | KeyMod.Shift | KeyCode.KeyM : KeyMod.CtrlCmd | KeyCode.KeyM],
    run: toggleTabLeaves,
  });
}

function runPartKey(
  editor: Monaco.editor.IStandaloneCodeEditor,
  onRunPart: SqlEditorProps['onRunPart'],
): Monaco.IDisposable {
  return editor.addAction({
    id: 'onRunPart',
    label: 'Run the selection, or the statement under the cursor',
    keybindings: [monaco.KeyMod.Alt | monaco.KeyCode.Enter],
    run: () => {
      const [model, selection] = [editor.getModel(), editor.getSelection()];
      if (model === null || selection === null) return;
      editor.trigger('onRunPart', 'hideSuggestWidget', null);
      onRunPart(
        model.getOffsetAt(selection.getStartPosition()),
        model.getOffsetAt(selection.getEndPosition()),
      );
    },
  });
}

const OPTIONS: Monaco.editor.IStandaloneEditorConstructionOptions = {
  theme: THEME,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSize: 13,
  lineHeight: 20,
  padding: { top: EDITOR_PADDING, bottom: EDITOR_PADDING },
  lineNumbers: 'off',
  lineDecorationsWidth: 12,
  lineNumbersMinChars: 0,
  glyphMargin: false,
  folding: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  scrollBeyondLastColumn: 2,
  scrollbar: {
    vertical: 'hidden',
    horizontalScrollbarSize: 8,
    alwaysConsumeMouseWheel: false,
    useShadows: false,
  },
  overviewRulerLanes: 0,
  renderLineHighlight: 'none',
  occurrencesHighlight: 'off',
  guides: { indentation: false },
  bracketPairColorization: { enabled: false },
  stickyScroll: { enabled: false },
  contextmenu: false,
  fixedOverflowWidgets: true,
  tabSize: 2,
  // Tab indents inside; from outside, Enter on the cell goes in, so that Tab passes by on its way to the result.
  tabIndex: -1,
  wordBasedSuggestions: 'off',
  quickSuggestions: { other: true, comments: false, strings: true },
  suggest: { showWords: false, showStatusBar: false, preview: false },
  placeholder: 'SELECT …',
};
