import type { Hash } from '../model.ts';
import type { CatalogReader } from '../reader.ts';
import { decideUnit } from './decide-unit.ts';
import { relate } from './merge-base.ts';
import { pairChanges } from './pair-changes.ts';
import { diffViews, viewOf, type View } from './view.ts';

/** Criss-crosses upon criss-crosses: deeper ones are taken at one of their bases. */
const MAX_DEPTH = 8;

/**
 * What two heads have in common. Where history criss-crosses there are several best common ancestors; these are
 * merged, on their own base in turn, and what conflicts among them stands as in that older base. So whatever both
 * heads have settled alike since counts as settled, and what they have settled differently conflicts.
 *
 * @param bases at least one
 */
export async function virtualBase(
  reader: CatalogReader,
  bases: readonly Hash[],
  depth = 0,
): Promise<View | null> {
  const [first, ...others] = await reader.getCommits(bases);
  if (first === undefined) return null;
  let base = viewOf(first.tree);
  for (const other of depth < MAX_DEPTH ? others : []) {
    const { bases: older } = await relate(reader, first.hash, other.hash);
    const common = await virtualBase(reader, older, depth + 1);
    if (common === null) continue;
    const edits = new Map(base.edits);
    const units = pairChanges(
      await diffViews(reader, common, base),
      await diffViews(reader, common, viewOf(other.tree)),
    );
    for (const unit of units) {
      const decision = await decideUnit(unit, {});
      const result = 'result' in decision ? decision.result : unit.base;
      if (unit.ours !== null && unit.ours.key !== result?.key) edits.set(unit.ours.key, null);
      if (result !== null) edits.set(result.key, result.content);
    }
    base = { ...base, edits };
  }
  return base;
}
