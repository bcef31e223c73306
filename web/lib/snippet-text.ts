/** `${1:table}`, `${1}` and `$1`: the places of a snippet that are filled one after another. */
const PLACE = /\$\{\d+(?::([^}]*))?\}|\$\d+/g;

/** A snippet as text: what its places say first stands in them. */
export function snippetText(snippet: string): string {
  return snippet.replaceAll(PLACE, (_whole, word: string | undefined) => word ?? '');
}

/** A snippet that people wrote, for Monaco, to which every `$` begins a place or a variable. */
export function editorSnippet(snippet: string): string {
  return snippet.replaceAll('\\', '\\\\').replaceAll(/\$(?!\d|\{\d)/g, String.raw`\$`);
}
