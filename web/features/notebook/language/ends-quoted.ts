import { tokenize, type Token } from '#shared/sql/tokenize.ts';

/**
 * Whether a quote that is typed behind the text ends the string or quoted name that the text ends inside of. A backslash
 * before it escapes it in E'…' alone.
 */
export function endsQuoted(text: string, quote: string): boolean {
  const inside = lastOf(text);
  const typed = lastOf(text + quote);
  return inside?.open === true && typed?.open === false && typed.start === inside.start;
}

function lastOf(text: string): Token | undefined {
  return [...tokenize(text)].at(-1);
}
