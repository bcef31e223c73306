/** So many are listed at once; nobody reads more, and typing finds them. */
const LISTED = 200;

/** The choices that have a text, those that begin with it first, and how many there are beyond what is listed. */
export function foundChoices(
  choices: readonly string[],
  wanted: string,
): { readonly shown: readonly string[]; readonly more: number } {
  const text = wanted.trim().toLowerCase();
  const found = choices.filter((each) => each.toLowerCase().includes(text));
  const begins = (each: string) => each.toLowerCase().startsWith(text);
  const sorted = text === '' ? found : [...found.filter(begins), ...found.filter((each) => !begins(each))];
  return { shown: sorted.slice(0, LISTED), more: Math.max(0, sorted.length - LISTED) };
}
