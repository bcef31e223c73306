import type * as Monaco from 'monaco-editor/editor';
import { complete, type CompletionTable, type Suggestion } from '../../model/completion.ts';

type TablesOf = () => readonly CompletionTable[];
const tablesByModel = new Map<string, TablesOf>();

/** Says which tables an editor's text can name; the returned function forgets it. */
export function offerTables(model: Monaco.editor.ITextModel, tables: TablesOf): () => void {
  const key = model.uri.toString();
  tablesByModel.set(key, tables);
  return () => tablesByModel.delete(key);
}

/** One provider for all editors, as Monaco has one per language. */
export function registerCompletion(monaco: typeof Monaco): void {
  const kinds: Readonly<Record<Suggestion['kind'], Monaco.languages.CompletionItemKind>> = {
    column: monaco.languages.CompletionItemKind.Field,
    table: monaco.languages.CompletionItemKind.Struct,
    namespace: monaco.languages.CompletionItemKind.Module,
    function: monaco.languages.CompletionItemKind.Function,
    keyword: monaco.languages.CompletionItemKind.Keyword,
  };
  monaco.languages.registerCompletionItemProvider('sql', {
    triggerCharacters: ['.'],
    provideCompletionItems(model, position) {
      const tables = tablesByModel.get(model.uri.toString())?.() ?? [];
      const { from, suggestions } = complete(model.getValue(), model.getOffsetAt(position), tables);
      const range = monaco.Range.fromPositions(model.getPositionAt(from), position);
      return {
        suggestions: suggestions.map((each) => ({
          kind: kinds[each.kind],
          label: each.detail === '' ? each.label : { label: each.label, description: each.detail },
          insertText: each.insert,
          filterText: each.label,
          sortText: `${each.rank}${each.label}`,
          range,
        })),
      };
    },
  });
}
