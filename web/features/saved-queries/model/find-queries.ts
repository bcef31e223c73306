import type { SavedQuery } from '#shared/contract/saved-queries.ts';
import { withWords } from '#web/lib/words.ts';

export type KindFilter = SavedQuery['kind'] | 'all';

/** Those with each of the words in their name, folder, tags, description or SQL. */
export function findQueries(
  queries: readonly SavedQuery[],
  words: string,
  kind: KindFilter,
): readonly SavedQuery[] {
  const isWanted = withWords(words);
  return queries.filter((query) => {
    const { name, folder = '', tags, description, sql } = query;
    const text = [name, folder, ...tags, description, sql].join('\n');
    return (kind === 'all' || kind === query.kind) && isWanted(text);
  });
}

/** By folder, those in none first; each by name, as they come. */
export function byFolder(
  queries: readonly SavedQuery[],
): readonly { readonly folder: string; readonly queries: readonly SavedQuery[] }[] {
  const folders = [...new Set(queries.map(({ folder = '' }) => folder))].sort((a, b) => a.localeCompare(b));
  return folders.map((folder) => ({
    folder,
    queries: queries.filter((query) => (query.folder ?? '') === folder),
  }));
}

/** Each tag once, as it was typed first. */
export function tagsOf(text: string): string[] {
  const tags = text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  return tags.filter((tag, at) => tags.findIndex((each) => each.toLowerCase() === tag.toLowerCase()) === at);
}
