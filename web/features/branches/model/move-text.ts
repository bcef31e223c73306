import type { ReflogEntryInfo } from '#shared/contract/refs.ts';

const WORDS: Readonly<Record<ReflogEntryInfo['operation'], string>> = {
  create: 'created',
  delete: 'deleted',
  rename: 'renamed',
  protect: 'protection',
  reset: 'reset',
  restore: 'restored',
  commit: 'commit',
  'fast-forward': 'fast-forward',
  merge: 'merge',
  squash: 'squash',
  'cherry-pick': 'cherry-pick',
  revert: 'revert',
  rebase: 'rebase',
};

export function moveWord({ operation }: ReflogEntryInfo): string {
  return WORDS[operation];
}

/** What undoing the move would do, for the button's name. */
export function undoText({ operation, ref, type, before, after }: ReflogEntryInfo): string {
  const kind = type === 'TAG' ? 'tag' : 'branch';
  if (before === null) return `Undo: remove ${kind} ${ref} again`;
  if (after === null) return `Undo: bring ${kind} ${ref} back`;
  if (operation === 'protect') return `Undo: protection of ${ref} as it was`;
  return `Undo: put ${ref} back to ${before.slice(0, 8)}`;
}
