import { lastAtOrBefore } from '../util/last-at-or-before.ts';

/**
 * From where on, in rewritten SQL, the text stands for what is at an offset of the original: `kept` text moves on
 * with it, text that was `put-in` stands for that one place. Offsets are UTF-16 units.
 */
export type SqlAnchor = readonly [start: number, original: number, kind: 'kept' | 'put-in'];

/** Where an offset of the rewritten SQL stands in the original; `anchors` in the order of their starts. */
export function originalOffset(anchors: readonly SqlAnchor[], original: string, offset: number): number {
  const [start, at, kind] = anchors[lastAtOrBefore(anchors, ([start]) => start, offset)] ?? [0, 0, 'kept'];
  return kind === 'put-in' ? at : Math.min(original.length, at + offset - start);
}
