import { AppError } from '#shared/errors/app-error.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import { JsonNode } from '#server/iceberg/metadata/json-node.ts';

/** Far beyond what people write, and within what every store can index. */
const MAX_NAME = 2000;
const MAX_LEVELS = 50;

/** The body of a request; what does not fit in it is named by its field. */
export function requestNode(body: unknown): JsonNode {
  return new JsonNode(body, { name: 'The request', code: 'INVALID_INPUT' });
}

/** @throws INVALID_INPUT where there is no level, or one that can't be a name */
export function parseNamespace(node: JsonNode): ContentKey {
  return checkKey(node.list().map((level) => level.text()));
}

export function parseIdentifier(node: JsonNode): ContentKey {
  return identifierOf(parseNamespace(node.get('namespace')), node.get('name').text());
}

/** The key of a table or view in a namespace. @throws INVALID_INPUT */
export function identifierOf(namespace: ContentKey, name: string): ContentKey {
  return checkKey([...checkKey(namespace), name]);
}

/** @throws INVALID_INPUT */
export function checkKey(key: ContentKey): ContentKey {
  if (key.length === 0) throw new AppError('INVALID_INPUT', 'A namespace has at least one level.');
  if (key.length > MAX_LEVELS)
    throw new AppError('INVALID_INPUT', `A name has at most ${MAX_LEVELS} levels, and not ${key.length}.`);
  for (const level of key) {
    const problem = nameProblem(level);
    if (problem === null) continue;
    throw new AppError(
      'INVALID_INPUT',
      `${JSON.stringify(level.slice(0, 60))} can't be a name: ${problem}.`,
      {
        context: { name: level.slice(0, MAX_NAME) },
      },
    );
  }
  return key;
}

function nameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  // Clients resolve these in an address before they send it, so nothing of that name could be asked for again.
  if (name === '.' || name === '..') return 'addresses mean a folder by it';
  if (name.length > MAX_NAME) return `it has more than ${MAX_NAME.toLocaleString('en')} characters`;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'it has a control character';
  if (/\p{Surrogate}/u.test(name)) return 'it has half of a character';
  return null;
}

export function identifierToJson(key: ContentKey): { namespace: readonly string[]; name: string } {
  return { namespace: key.slice(0, -1), name: key.at(-1) ?? '' };
}
