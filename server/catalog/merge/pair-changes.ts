import type { Content } from '../model.ts';
import type { ViewChange } from './view.ts';

/** Where a thing is on one side, and what it is there. The key is encoded. */
export interface Place {
  readonly key: string;
  readonly content: Content;
}

/** One thing on three sides; null where it is not there. A rename moves the thing, and does not make another. */
export interface Unit {
  readonly base: Place | null;
  readonly ours: Place | null;
  readonly theirs: Place | null;
}

type Changes = ReadonlyMap<string, ViewChange>;

/** Everything that one of two sides has changed since their base: each thing once, with where it is on every side. */
export function pairChanges(ours: Changes, theirs: Changes): readonly Unit[] {
  const sides = [sideOf(ours), sideOf(theirs)] as const;
  const units: Unit[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const base = (ours.get(key) ?? theirs.get(key))?.before ?? null;
    const [mine, other] = sides;
    if (base !== null) {
      const place = { key, content: base };
      units.push({ base: place, ours: mine.whereIs(place), theirs: other.whereIs(place) });
    }
    const [myNew, theirNew] = [mine.addedAt(key), other.addedAt(key)];
    if (myNew !== null || theirNew !== null) units.push({ base: null, ours: myNew, theirs: theirNew });
  }
  return units;
}

function sideOf(changes: Changes) {
  /** From the key before to the key after. */
  const renames = renamesIn(changes);
  const arrived = new Set(renames.values());
  const placeAt = (key: string | undefined): Place | null => {
    const content = key === undefined ? null : (changes.get(key)?.after ?? null);
    return key === undefined || content === null ? null : { key, content };
  };
  return {
    whereIs(base: Place): Place | null {
      if (!changes.has(base.key)) return base;
      if (renames.has(base.key)) return placeAt(renames.get(base.key));
      return arrived.has(base.key) ? null : placeAt(base.key);
    },
    addedAt(key: string): Place | null {
      const change = changes.get(key);
      if (change === undefined || arrived.has(key)) return null;
      return change.before === null || renames.has(key) ? placeAt(key) : null;
    },
  };
}

/** What went from one key and came to another under the same id. An id that is in several places is no rename. */
function renamesIn(changes: Changes): ReadonlyMap<string, string> {
  const gone = new Map<string, string[]>();
  const come = new Map<string, string[]>();
  for (const [key, { before, after }] of changes) {
    if (before?.id === after?.id && before?.type === after?.type) continue;
    if (before !== null) addTo(gone, identity(before), key);
    if (after !== null) addTo(come, identity(after), key);
  }
  const renames = new Map<string, string>();
  for (const [id, from] of gone) {
    const to = come.get(id) ?? [];
    const [only, target] = [from[0], to[0]];
    if (from.length === 1 && to.length === 1 && only !== undefined && target !== undefined) {
      renames.set(only, target);
    }
  }
  return renames;
}

function identity({ type, id }: Content): string {
  return `${type}:${id}`;
}

function addTo(map: Map<string, string[]>, name: string, value: string): void {
  const values = map.get(name);
  if (values === undefined) map.set(name, [value]);
  else values.push(value);
}
