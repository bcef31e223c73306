import type { Context } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../../services/context.ts';

const AUTHOR = 'timestream-author';
const MOST_LETTERS = 200;
const PROPERTIES = 'timestream-properties';
const MOST_PROPERTIES = 100;
/** What the server itself writes into commits. */
const RESERVED = /^(?:timestream\.|squashed-from$|reverts$|cherry-picked-from$)/;

/**
 * The context of a request that says in headers whom it is by (`timestream-author: ada`) and what is to stand in the
 * commits that it makes (`timestream-properties: ticket=12&run=nightly`), both percent-encoded. Without them, it is by
 * the person whose server this is. Whoever has the token is believed.
 *
 * @throws INVALID_INPUT for what is no name, and for properties that only the server sets
 */
export function by<C extends ServiceContext>(ctx: C, c: Context): C {
  const author = c.req.header(AUTHOR);
  const properties = c.req.header(PROPERTIES);
  const named = author === undefined ? ctx : { ...ctx, author: nameOf(author) };
  return properties === undefined
    ? named
    : { ...named, catalog: withProperties(ctx.catalog, propertiesOf(properties)) };
}

function nameOf(given: string): string {
  const name = decoded(given)?.trim() ?? '';
  if (name !== '' && name.length <= MOST_LETTERS && !/\p{Cc}/u.test(name)) return name;
  throw refused(AUTHOR, `has to be a name of 1 to ${MOST_LETTERS} letters, percent-encoded`);
}

function propertiesOf(given: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const pair of given.split('&')) {
    const at = pair.indexOf('=');
    const [name, value] = [decoded(pair.slice(0, Math.max(0, at))), decoded(pair.slice(at + 1))];
    if (name === null || value === null || name === '' || name.length > MOST_LETTERS)
      throw refused(PROPERTIES, 'has to be written as name=value&name=value, percent-encoded');
    if (RESERVED.test(name))
      throw refused(PROPERTIES, `can't set "${name}", which only the server does; take another name`);
    found.set(name, value);
  }
  if (found.size <= MOST_PROPERTIES) return Object.fromEntries(found);
  throw refused(PROPERTIES, `has more than ${MOST_PROPERTIES} properties`);
}

function withProperties<K extends ServiceContext['catalog']>(
  catalog: K,
  properties: Readonly<Record<string, string>>,
): K {
  const more = <I extends { readonly properties?: Readonly<Record<string, string>> }>(input: I): I => ({
    ...input,
    properties: { ...properties, ...input.properties },
  });
  return {
    ...catalog,
    commit: async (input) => catalog.commit(more(input)),
    merge: async (input) => catalog.merge(more(input)),
    cherryPick: async (input) => catalog.cherryPick(more(input)),
    revert: async (input) => catalog.revert(more(input)),
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function refused(header: string, why: string): AppError {
  return new AppError('INVALID_INPUT', `The header ${header} ${why}.`, { context: { header } });
}
