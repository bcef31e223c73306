import type { KeyboardEvent } from 'react';

/**
 * Place in a list that a key leads to from `at`: arrows, j and k, Home and End. Null for other keys, and for those
 * with Ctrl, Meta or Alt, which are commands.
 */
export function listMove(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  at: number,
  count: number,
): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return null;
  const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: count - 1 }[
    event.key
  ];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}
