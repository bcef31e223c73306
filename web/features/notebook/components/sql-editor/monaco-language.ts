import type * as Monaco from 'monaco-editor/editor';
import { displayIdentifier } from '#shared/sql/quoting.ts';
import { unquote } from '#shared/sql/scope/token-list.ts';
import { complete, type Suggestion } from '../../language/complete.ts';
import { renamePlaces } from '../../language/definition.ts';
import { hoverAt } from '../../language/hover.ts';
import { NO_FACTS, type LanguageFacts } from '../../language/language-facts.ts';
import { signatureHelpAt } from '../../language/signature-help.ts';

/** What Monaco asks of the editor that a text belongs to: it has one provider per language, for all of them. */
export interface LanguageHost {
  facts(): LanguageFacts;
  /** Asks for what of them is not known yet; null where there is nothing to wait for. */
  ready(): Promise<void> | null;
  /** Asks for values that may be written at a place (UTF-16 offset); null where there is nothing to wait for. */
  valuesReady(offset: number): Promise<void> | null;
  /** Names that may stand in place of the wrong one at the error that is marked. */
  corrections(): readonly Correction[];
}

export interface Correction {
  readonly title: string;
  /** The whole text, corrected. */
  readonly text: string;
}

const hosts = new Map<string, LanguageHost>();

/** Says what an editor's text can name; the returned function forgets it. */
export function hostLanguage(model: Monaco.editor.ITextModel, host: LanguageHost): () => void {
  const key = model.uri.toString();
  hosts.set(key, host);
  return () => hosts.delete(key);
}

function factsOf(model: Monaco.editor.ITextModel): LanguageFacts {
  return hosts.get(model.uri.toString())?.facts() ?? NO_FACTS;
}

/** A list that comes later than this disturbs more than it helps. */
const PATIENCE_MS = 1000;

/** What is to be said of a text, once what it names is known, or after a while. */
function onceKnown<T>(
  model: Monaco.editor.ITextModel,
  token: Monaco.CancellationToken,
  say: (complete: boolean) => T,
): T | Promise<T | null> {
  const waiting = hosts.get(model.uri.toString())?.ready() ?? null;
  if (waiting === null) return say(true);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS));
  const known = Promise.race([waiting.then(() => true), late]);
  return known.then((complete) => (token.isCancellationRequested ? null : say(complete)));
}

/** Waits for the values at a place, no longer than it takes to look up. */
async function onceCounted(waiting: Promise<void> | null): Promise<void> {
  if (waiting === null) return;
  await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

export function rangeOf(
  model: Monaco.editor.ITextModel,
  { start, end }: { readonly start: number; readonly end: number },
): Monaco.IRange {
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(end);
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}

export function registerLanguage(monaco: typeof Monaco): void {
  registerCompletion(monaco);
  registerHover(monaco);
  registerSignatures(monaco);
  registerRename(monaco);
  registerCorrections(monaco);
}

function registerCompletion(monaco: typeof Monaco): void {
  const Kind = monaco.languages.CompletionItemKind;
  const kinds: Readonly<Record<Suggestion['kind'], Monaco.languages.CompletionItemKind>> = {
    column: Kind.Field,
    table: Kind.Struct,
    namespace: Kind.Module,
    function: Kind.Function,
    keyword: Kind.Keyword,
    ref: Kind.Reference,
    template: Kind.Snippet,
    parameter: Kind.Variable,
    value: Kind.Value,
  };
  const asSnippet = monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet;
  monaco.languages.registerCompletionItemProvider('sql', {
    triggerCharacters: ['.', "'", '$'],
    provideCompletionItems: async (model, position, context, token) => {
      const offset = model.getOffsetAt(position);
      const known = await onceKnown(model, token, (whole) => whole);
      if (known === null) return null;
      await onceCounted(hosts.get(model.uri.toString())?.valuesReady(offset) ?? null);
      if (token.isCancellationRequested) return null;
      const { from, to = offset, suggestions, more } = complete(model.getValue(), offset, factsOf(model));
      // A quote begins a string, and only some have names or values to offer.
      if (
        context.triggerCharacter === "'" &&
        !suggestions.every(({ kind }) => kind === 'ref' || kind === 'value')
      )
        return { suggestions: [] };
      const range = monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to));
      return {
        incomplete: !known || more === true,
        suggestions: suggestions.map((each) => ({
          kind: kinds[each.kind],
          label: {
            label: each.label,
            ...(each.signature === undefined ? {} : { detail: each.signature }),
            description: each.detail,
          },
          insertText: each.insert,
          ...(each.snippet === true ? { insertTextRules: asSnippet } : {}),
          ...(each.about === undefined || each.about === '' ? {} : { documentation: each.about }),
          ...(each.kind === 'function' && each.snippet === true ? { command: SHOW_PARAMETERS } : {}),
          filterText: each.match ?? each.label,
          sortText: each.order ?? `${each.rank}${each.label}`,
          range,
        })),
      };
    },
  });
}

const SHOW_PARAMETERS = { id: 'editor.action.triggerParameterHints', title: 'Show the parameters' };

function registerHover(monaco: typeof Monaco): void {
  monaco.languages.registerHoverProvider('sql', {
    provideHover: (model, position, token) =>
      onceKnown(model, token, () => {
        const hover = hoverAt(model.getValue(), model.getOffsetAt(position), factsOf(model));
        if (hover === null) return null;
        return {
          range: rangeOf(model, hover),
          contents: [
            { value: `\`\`\`sql\n${hover.code}\n\`\`\`` },
            // What the catalog says is a person's text, not Markdown of ours.
            ...hover.text.map((text) => ({ value: escapeMarkdown(text) })),
          ],
        };
      }),
  });
}

function registerSignatures(monaco: typeof Monaco): void {
  monaco.languages.registerSignatureHelpProvider('sql', {
    signatureHelpTriggerCharacters: ['(', ','],
    signatureHelpRetriggerCharacters: [')'],
    provideSignatureHelp(model, position) {
      const help = signatureHelpAt(model.getValue(), model.getOffsetAt(position), factsOf(model));
      if (help === null) return null;
      return {
        dispose: () => undefined,
        value: {
          activeSignature: help.active,
          activeParameter: help.argument,
          signatures: help.signatures.map(({ label, parameters }) => ({
            label,
            parameters: parameters.map((each) => ({ label: each })),
            ...(help.about === undefined ? {} : { documentation: { value: escapeMarkdown(help.about) } }),
          })),
        },
      };
    },
  });
}

const NOT_RENAMED =
  'Only the alias of a table and the name of a common table expression can be renamed here.';

function registerRename(monaco: typeof Monaco): void {
  monaco.languages.registerRenameProvider('sql', {
    resolveRenameLocation(model, position) {
      const offset = model.getOffsetAt(position);
      const places = renamePlaces(model.getValue(), offset, factsOf(model));
      const here = places?.find(({ start, end }) => start <= offset && offset <= end);
      if (here === undefined)
        return { range: rangeOf(model, { start: offset, end: offset }), text: '', rejectReason: NOT_RENAMED };
      return { range: rangeOf(model, here), text: model.getValue().slice(here.start, here.end) };
    },
    provideRenameEdits(model, position, newName) {
      const places = renamePlaces(model.getValue(), model.getOffsetAt(position), factsOf(model));
      if (places === null) return { edits: [], rejectReason: NOT_RENAMED };
      const versionId = model.getVersionId();
      const text = displayIdentifier(unquote(newName.trim()));
      return {
        edits: places.map((place) => ({
          resource: model.uri,
          versionId,
          textEdit: { range: rangeOf(model, place), text },
        })),
      };
    },
  });
}

function registerCorrections(monaco: typeof Monaco): void {
  monaco.languages.registerCodeActionProvider('sql', {
    provideCodeActions(model, range, { markers }) {
      const marked = markers.filter((marker) => monaco.Range.areIntersectingOrTouching(marker, range));
      const corrections = marked.length === 0 ? [] : (hosts.get(model.uri.toString())?.corrections() ?? []);
      return {
        dispose: () => undefined,
        actions: corrections.map(({ title, text }, index) => ({
          title,
          kind: 'quickfix',
          diagnostics: marked,
          isPreferred: index === 0,
          edit: {
            edits: [
              {
                resource: model.uri,
                versionId: model.getVersionId(),
                textEdit: { range: model.getFullModelRange(), text },
              },
            ],
          },
        })),
      };
    },
  });
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~-]/g, String.raw`\$&`);
}
