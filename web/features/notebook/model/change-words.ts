import type { RevisionSummary } from '#shared/contract/notebook-history.ts';
import { countOf } from '#web/lib/format/numbers.ts';

/** Cells that are told by name. */
const MOST_NAMES = 2;

/** What tells a version from the one before it: `cell 2 changed · +1 cell · title`. */
export function changeWords({ changes, cells }: Pick<RevisionSummary, 'changes' | 'cells'>): string {
  if (changes === undefined) return countOf(cells, 'cell');
  const { about, changed, added, removed } = changes;
  const which = changed.length > MOST_NAMES ? countOf(changed.length, 'cell') : changed.join(', ');
  return [
    ...(changed.length > 0 ? [`${which} changed`] : []),
    ...(added > 0 ? [`+${countOf(added, 'cell')}`] : []),
    ...(removed > 0 ? [`−${countOf(removed, 'cell')}`] : []),
    ...about,
  ].join(' · ');
}
