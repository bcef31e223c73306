const SEPARATORS = /[\s.,:;/_\-–—…()]+/;

/**
 * How well a command answers to what was typed, 0 (not at all) to 1. Each word typed has to be in the title or in the
 * name of the group; without a blank, they may also be the initials of the title's words ("ra" is Run all). Letters
 * strewn over a title are no match: among many names they nearly always are somewhere.
 */
export function rankCommand(title: string, group: string, typed: string): number {
  const asked = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return 1;
  const name = title.toLowerCase();
  const words = name.split(SEPARATORS).filter(Boolean);
  const ranks = asked.map((word) => rankWord(word, name, words, group.toLowerCase()));
  return ranks.includes(0) ? 0 : ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
}

function rankWord(word: string, name: string, words: readonly string[], group: string): number {
  if (name === word) return 1;
  if (words.includes(word)) return 0.9;
  if (name.startsWith(word)) return 0.8;
  if (words.some((each) => each.startsWith(word))) return 0.7;
  if (name.includes(word)) return 0.5;
  if (
    word.length > 1 &&
    words
      .map(([initial]) => initial)
      .join('')
      .startsWith(word)
  )
    return 0.4;
  return group.includes(word) ? 0.2 : 0;
}
