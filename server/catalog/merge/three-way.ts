import { decodeKey, encodeKey } from '../canonical.ts';
import type { Content } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { clash, decideUnit, isSame, nameOf, type Clash, type DecideOptions } from './decide-unit.ts';
import { namespaceClashes, removeBeneath } from './namespace-clashes.ts';
import type { Choice, LandInput, MergeConflict, MergeSide } from './outcome.ts';
import { pairChanges, type Place, type Unit } from './pair-changes.ts';
import { diffViews, type View } from './view.ts';

export interface ThreeWayInput extends DecideOptions, Pick<LandInput, 'choices' | 'defaultChoice'> {
  readonly base: View;
  readonly ours: View;
  readonly theirs: View;
}

export interface ThreeWayResult {
  /** What makes ours the result, by encoded key; where there are conflicts, without these. */
  readonly edits: Map<string, Content | null>;
  readonly conflicts: readonly MergeConflict[];
  /** Encoded keys for which a choice was asked, made or not: of each conflict all names that it goes by. */
  readonly asked: ReadonlySet<string>;
}

interface Decided {
  readonly unit: Unit;
  result: Place | null;
}

/** Costs what the sides changed since the base, not what they hold. */
export async function mergeThreeWay(reader: CatalogReader, input: ThreeWayInput): Promise<ThreeWayResult> {
  const units = pairChanges(
    await diffViews(reader, input.base, input.ours),
    await diffViews(reader, input.base, input.theirs),
  );
  const asked = new Set<string>();
  const choose = choicesOf(input);
  const chosen = (keys: readonly string[]) => {
    for (const key of keys) asked.add(key);
    return choose(keys);
  };
  const conflicts: MergeConflict[] = [];
  const decided: Decided[] = [];
  for (const unit of units) {
    const decision = await decideUnit(unit, input);
    if ('result' in decision) {
      decided.push({ unit, result: decision.result });
      continue;
    }
    const choice = chosen(keysOf(unit));
    if (choice === undefined) conflicts.push(conflictOf(unit, decision.clash));
    decided.push({ unit, result: choice === undefined ? unit.ours : sideFor(choice, unit) });
  }
  conflicts.push(...settleCollisions(decided, chosen));
  const edits = editsFrom(decided);
  const byKey = new Map(decided.map((one) => [one.result?.key ?? one.unit.ours?.key ?? '', one.unit]));
  for (const { key, kind, message, withNamespaces } of await namespaceClashes(reader, input, edits)) {
    const choice = chosen([key]);
    const unit = byKey.get(key) ?? { base: null, ours: null, theirs: null };
    if (choice === undefined) {
      conflicts.push(conflictOf(unit, clash(kind, message).clash, key));
      edits.delete(key);
      if (unit.ours !== null) edits.delete(unit.ours.key);
    } else if (kind === 'NAMESPACE_NOT_EMPTY') {
      if (choice === 'OURS') edits.delete(key);
      else await removeBeneath(reader, input.ours, edits, key);
    } else if (choice === 'THEIRS') {
      for (const [namespace, content] of withNamespaces) edits.set(namespace, content);
    } else {
      edits.delete(key);
      if (choice === 'DROP' && unit.ours !== null) edits.set(unit.ours.key, null);
      if (choice === 'OURS' && unit.ours !== null) edits.delete(unit.ours.key);
    }
  }
  return { edits, conflicts, asked };
}

/** Two things that would stand at one key: one of them was renamed to it. */
function settleCollisions(
  decided: readonly Decided[],
  chosen: (keys: readonly string[]) => Choice | undefined,
): readonly MergeConflict[] {
  const conflicts: MergeConflict[] = [];
  const settled = new Set<string>();
  for (;;) {
    const key = firstTwice(decided);
    if (key === null) return conflicts;
    const here = decided.filter(({ result }) => result?.key === key);
    const choice = settled.has(key) ? undefined : chosen([key]);
    settled.add(key);
    const side = choice === 'THEIRS' ? 'theirs' : 'ours';
    if (choice === undefined) {
      const ours = here.find(({ unit }) => unit.ours?.key === key)?.unit.ours ?? null;
      const theirs = here.find(({ unit }) => unit.theirs?.key === key)?.unit.theirs ?? null;
      const names = here.map(({ unit }) => nameOf(unit.base ?? unit.theirs ?? unit.ours)).join(' and ');
      const message = `${names} would both be ${decodeKey(key).join('.')}.`;
      conflicts.push(conflictOf({ base: null, ours, theirs }, clash('KEY_EXISTS', message).clash, key));
    }
    for (const one of here) {
      const back = one.unit[side];
      if (choice === 'DROP') one.result = null;
      else if (back?.key !== key) one.result = back;
    }
    // What went back to its place may find it taken: then neither is there, and the conflict says so.
    const still = here.filter(({ result }) => result?.key === key);
    for (const extra of still.slice(1)) extra.result = null;
  }
}

function firstTwice(decided: readonly Decided[]): string | null {
  const seen = new Set<string>();
  for (const { result } of decided) {
    if (result !== null && seen.has(result.key)) return result.key;
    if (result !== null) seen.add(result.key);
  }
  return null;
}

function editsFrom(decided: readonly Decided[]): Map<string, Content | null> {
  const edits = new Map<string, Content | null>();
  const changed = decided.filter(({ unit, result }) => !isSame(unit.ours, result));
  for (const { unit } of changed) if (unit.ours !== null) edits.set(unit.ours.key, null);
  for (const { result } of changed) if (result !== null) edits.set(result.key, result.content);
  return edits;
}

function choicesOf({ choices, defaultChoice }: Pick<LandInput, 'choices' | 'defaultChoice'>) {
  const byKey = new Map(choices?.map(({ key, choice }) => [encodeKey(key), choice]));
  return (keys: readonly string[]): Choice | undefined =>
    keys.map((key) => byKey.get(key)).find((choice) => choice !== undefined) ?? defaultChoice;
}

function sideFor(choice: Choice, unit: Unit): Place | null {
  if (choice === 'DROP') return null;
  return choice === 'OURS' ? unit.ours : unit.theirs;
}

function keysOf({ theirs, ours, base }: Unit): readonly string[] {
  return [theirs, ours, base].flatMap((place) => (place === null ? [] : [place.key]));
}

function conflictOf(unit: Unit, { kind, message, detail }: Clash, at?: string): MergeConflict {
  const key = at ?? keysOf(unit)[0] ?? '';
  return {
    key: decodeKey(key),
    kind,
    message,
    detail,
    base: told(unit.base),
    ours: told(unit.ours),
    theirs: told(unit.theirs),
  };
}

function told(place: Place | null): MergeSide | null {
  return place === null ? null : { key: decodeKey(place.key), content: place.content };
}
