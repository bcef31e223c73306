import { decodeKey, sameContent } from '../canonical.ts';
import { NAMESPACE_TYPE, type Content } from '../model.ts';
import type { ContentMerger } from './content-merger.ts';
import type { Place, Unit } from './pair-changes.ts';

export interface Clash {
  readonly kind: string;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What becomes of a thing, or why nobody can tell. */
export type Decision = { readonly result: Place | null } | { readonly clash: Clash };

export interface DecideOptions {
  readonly merger?: ContentMerger;
}

/** Three-way: what one side left alone is taken from the other; what both changed alike is taken as it is. */
export async function decideUnit(unit: Unit, options: DecideOptions): Promise<Decision> {
  const { base, ours, theirs } = unit;
  if (isSame(ours, theirs) || isSame(theirs, base)) return { result: ours };
  if (isSame(ours, base)) return { result: theirs };
  const name = nameOf(theirs ?? ours ?? base);
  if (base === null) {
    if (ours === null || theirs === null) return { result: ours ?? theirs };
    const content = mergeNamespaces(null, ours.content, theirs.content);
    if (content !== null) return { result: { key: ours.key, content } };
    return clash('KEY_EXISTS', `Both sides made a ${name} of their own.`);
  }
  if (ours === null || theirs === null) {
    const [changed, removed] = ours === null ? ['theirs', 'ours'] : ['ours', 'theirs'];
    return clash('KEY_MISSING', `${name} was changed by ${changed} and removed by ${removed}.`);
  }
  const moved = { ours: ours.key !== base.key, theirs: theirs.key !== base.key };
  if (moved.ours && moved.theirs && ours.key !== theirs.key) {
    return clash(
      'RENAMED_APART',
      `${nameOf(base)} was renamed to ${nameOf(ours)} by ours and to ${name} by theirs.`,
    );
  }
  const key = moved.ours ? ours.key : theirs.key;
  const content = await mergeContents({ key, base, ours, theirs }, name, options);
  return 'clash' in content ? content : { result: { key, content: content.content } };
}

interface Three {
  readonly key: string;
  readonly base: Place;
  readonly ours: Place;
  readonly theirs: Place;
}

async function mergeContents(
  { key, base, ours, theirs }: Three,
  name: string,
  { merger }: DecideOptions,
): Promise<{ readonly content: Content } | { readonly clash: Clash }> {
  if (sameContent(ours.content, theirs.content)) return { content: ours.content };
  if (sameContent(ours.content, base.content)) return { content: theirs.content };
  if (sameContent(theirs.content, base.content)) return { content: ours.content };
  const replaced = [ours, theirs].some(
    ({ content }) => content.id !== base.content.id || content.type !== base.content.type,
  );
  if (replaced) {
    return clash(
      'CONTENT_ID_DIFFERS',
      `${name} was replaced by something else of that name on one side, and changed on the other.`,
    );
  }
  const namespace = mergeNamespaces(base.content, ours.content, theirs.content);
  if (namespace !== null) return { content: namespace };
  if (merger === undefined || base.content.type === NAMESPACE_TYPE) {
    return clash('VALUE_DIFFERS', `Both sides changed ${name}.`);
  }
  const merged = await merger.merge({
    key: decodeKey(key),
    base: base.content,
    ours: ours.content,
    theirs: theirs.content,
  });
  if ('content' in merged) return merged;
  const { kind, message, detail } = merged.conflict;
  return clash(kind, message ?? `Both sides changed ${name}.`, detail);
}

/** Properties one by one, since two branches may well make the same namespace. Null where the sides disagree, or are no namespaces. */
function mergeNamespaces(base: Content | null, ours: Content, theirs: Content): Content | null {
  if (ours.type !== NAMESPACE_TYPE || theirs.type !== NAMESPACE_TYPE) return null;
  const properties = [base, ours, theirs].map((side) => propertiesOf(side));
  const [before, mine, other] = properties;
  if (before === undefined || mine === undefined || other === undefined) return null;
  const { properties: _, ...restOfOurs } = ours.value;
  const { properties: __, ...restOfTheirs } = theirs.value;
  if (!sameContent({ ...ours, value: restOfOurs }, { ...ours, value: restOfTheirs })) return null;
  const merged: Record<string, unknown> = {};
  for (const name of new Set([...before.keys(), ...mine.keys(), ...other.keys()])) {
    const [was, here, there] = [before.get(name), mine.get(name), other.get(name)];
    if (here !== there && was !== here && was !== there) return null;
    const value = here === was ? there : here;
    if (value !== undefined) merged[name] = value;
  }
  return { ...ours, value: { ...ours.value, properties: merged } };
}

function propertiesOf(side: Content | null): ReadonlyMap<string, unknown> {
  const properties = side?.value['properties'];
  return new Map(typeof properties === 'object' && properties !== null ? Object.entries(properties) : []);
}

export function isSame(a: Place | null, b: Place | null): boolean {
  if (a === null || b === null) return a === b;
  return a.key === b.key && sameContent(a.content, b.content);
}

export function nameOf(place: Place | null): string {
  return place === null ? 'nothing' : decodeKey(place.key).join('.');
}

export function clash(
  kind: string,
  message: string,
  detail: Clash['detail'] = {},
): { readonly clash: Clash } {
  return { clash: { kind, message, detail } };
}
