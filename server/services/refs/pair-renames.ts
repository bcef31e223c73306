import type { ContentKey, KeyDiff } from '#server/catalog/model.ts';

export interface Change extends KeyDiff {
  /** Of what was renamed. */
  readonly previousKey?: ContentKey;
}

/** What went at one key and came at another with the same id was renamed: one change, and not two. */
export function pairRenames(diffs: readonly KeyDiff[]): readonly Change[] {
  const gone = new Map(
    diffs.flatMap((diff) => (diff.after === null && diff.before !== null ? [[diff.before.id, diff]] : [])),
  );
  const renamed = new Set<KeyDiff>();
  const changes = diffs.map((diff): Change => {
    const old = diff.before === null && diff.after !== null ? gone.get(diff.after.id) : undefined;
    if (old === undefined || renamed.has(old)) return diff;
    renamed.add(old);
    return { ...diff, before: old.before, previousKey: old.key };
  });
  return changes.filter((_, index) => !renamed.has(diffs[index] as KeyDiff));
}
