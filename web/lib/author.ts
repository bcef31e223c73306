import { storedChoice } from './stored-choice.ts';

/** As many as the API takes. */
export const MOST_LETTERS = 200;

const choice = storedChoice<string>('timestream.author', (text) => clean(text ?? ''), clean);

/**
 * Who works in this browser, as commits and approvals say it; empty: the person who runs the server. It is believed by
 * the server.
 */
export const authorName = choice.get;
export const useAuthorName = choice.use;

/** @param name control characters are dropped; empty: the person who runs the server */
export function setAuthorName(name: string): void {
  choice.set(clean(name));
}

function clean(name: string): string {
  return name
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, MOST_LETTERS);
}
