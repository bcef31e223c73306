import type { MergeConflictInfo } from '#shared/contract/merges.ts';

export type Choice = MergeConflictInfo['choices'][number];
type Side = MergeConflictInfo['base'];

const KINDS: Readonly<Record<string, string>> = {
  KEY_EXISTS: 'made on both sides',
  KEY_MISSING: 'gone on one side',
  CONTENT_ID_DIFFERS: 'replaced by another',
  VALUE_DIFFERS: 'changed on both sides',
  RENAMED_APART: 'renamed apart',
  NAMESPACE_ABSENT: 'namespace absent',
  NAMESPACE_NOT_EMPTY: 'namespace not empty',
};

/** "VALUE_DIFFERS" → "changed on both sides"; a kind that is not known here is spelled out. */
export function conflictKind(kind: string): string {
  return KINDS[kind] ?? kind.toLowerCase().replaceAll('_', ' ');
}

/** What a side has, in short, and the rest for hover. */
export function sideText(side: Side): { readonly text: string; readonly exact: string } {
  if (side === null) return { text: 'not there', exact: 'Not there on this side' };
  const { metadataLocation, snapshotId } = side.value;
  const exact = typeof metadataLocation === 'string' ? `${side.key}\n${metadataLocation}` : side.key;
  if (typeof snapshotId === 'string' || typeof snapshotId === 'number') {
    return { text: `snapshot ${snapshotId}`, exact };
  }
  if (side.type === 'NAMESPACE') return { text: 'namespace', exact };
  return { text: side.type === 'ICEBERG_VIEW' ? 'view' : 'no rows yet', exact };
}

/** @param ours name of the branch that is merged into, and @param theirs of what is merged */
export function choiceText(choice: Choice, ours: string, theirs: string): string {
  if (choice === 'DROP') return 'Drop it';
  return `Take ${choice === 'OURS' ? ours : theirs}`;
}

/** Addresses of files in a sentence are cut to the file's name: the folders are the same for all. */
export function shortPaths(message: string): string {
  return message.replaceAll(/\b[a-z][a-z0-9]*:\/\/\/?[^\s),]*\/([^\s),/]+)/g, '…/$1');
}
