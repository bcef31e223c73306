import type { Content } from '../model.ts';

/** Contents of a commit: what is at which name. */
export type Held = ReadonlyMap<string, Content>;

export interface NaiveCommit {
  readonly parents: readonly number[];
  readonly held: Held;
}

/** Where a thing is, and what it is there. */
interface Place {
  readonly key: string;
  readonly content: Content;
}

/**
 * Git as one would write it if nothing cost anything: whole copies, whole histories, and merges by identity of the
 * things instead of by their names. Commits are numbered from the root, 0.
 */
export class NaiveGit {
  readonly commits: NaiveCommit[] = [{ parents: [], held: new Map() }];

  add(parents: readonly number[], held: Held): number {
    return this.commits.push({ parents, held }) - 1;
  }

  heldAt(commit: number): Held {
    return this.commits[commit]?.held ?? new Map();
  }

  parentsOf(commit: number): readonly number[] {
    return this.commits[commit]?.parents ?? [];
  }

  /** The commit itself included. */
  history(commit: number): ReadonlySet<number> {
    const found = new Set<number>();
    const visit = (at: number) => {
      if (found.has(at)) return;
      found.add(at);
      for (const parent of this.parentsOf(at)) visit(parent);
    };
    visit(commit);
    return found;
  }

  /** Newest first, without the root. */
  firstParents(commit: number): readonly number[] {
    const line: number[] = [];
    for (let at: number | undefined = commit; at !== undefined && at !== 0; at = this.parentsOf(at)[0])
      line.push(at);
    return line;
  }

  bases(a: number, b: number): readonly number[] {
    const theirs = this.history(b);
    const common = [...this.history(a)].filter((commit) => theirs.has(commit));
    return common.filter((one) => !common.some((other) => other !== one && this.history(other).has(one)));
  }
}

/** The merge of two sides, or null where they conflict. */
export function naiveMerge(base: Held, ours: Held, theirs: Held): Held | null {
  const was = byIdentity(base, base);
  const [mine, other] = [byIdentity(base, ours), byIdentity(base, theirs)];
  const merged = new Map<string, Content>();
  for (const id of new Set([...was.keys(), ...mine.keys(), ...other.keys()])) {
    const place = mergePlace(was.get(id), mine.get(id), other.get(id));
    if (place === 'conflict') return null;
    if (place === undefined) continue;
    if (merged.has(place.key)) return null;
    merged.set(place.key, place.content);
  }
  return merged;
}

function mergePlace(
  base: Place | undefined,
  ours: Place | undefined,
  theirs: Place | undefined,
): Place | undefined | 'conflict' {
  if (same(ours, theirs)) return ours;
  if (same(ours, base)) return theirs;
  if (same(theirs, base)) return ours;
  if (base === undefined || ours === undefined || theirs === undefined) return 'conflict';
  const key = pick(base.key, ours.key, theirs.key, (a, b) => a === b);
  const content = pick(base.content, ours.content, theirs.content, sameValue);
  return key === null || content === null ? 'conflict' : { key, content };
}

function pick<T>(base: T, ours: T, theirs: T, equal: (a: T, b: T) => boolean): T | null {
  if (equal(ours, theirs) || equal(theirs, base)) return ours;
  return equal(ours, base) ? theirs : null;
}

/** Something new at a name whose thing is gone altogether counts as that thing, changed. */
function byIdentity(base: Held, side: Held): ReadonlyMap<string, Place> {
  const known = new Set([...base.values()].map(({ id }) => id));
  const here = new Set([...side.values()].map(({ id }) => id));
  return new Map(
    [...side].map(([key, content]) => {
      const before = base.get(key)?.id;
      const replaces = before !== undefined && !known.has(content.id) && !here.has(before);
      return [replaces ? before : content.id, { key, content }];
    }),
  );
}

function same(a: Place | undefined, b: Place | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.key === b.key && sameValue(a.content, b.content);
}

/** Contents are the same where this is. */
export function textOf(content: Content | undefined): string {
  return content === undefined ? '' : JSON.stringify([content.type, content.id, content.value]);
}

function sameValue(a: Content, b: Content): boolean {
  return textOf(a) === textOf(b);
}
