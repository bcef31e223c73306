/** A materialized view of a plan, see Plan.views. */
interface PlannedView {
  readonly table: string;
  readonly insteadOf?: readonly string[] | undefined;
  readonly snapshotId?: string | undefined;
}

/** As a sentence, which follows the reason for an engine. */
export function answeredFromViewsSentence(views: readonly PlannedView[] | undefined): string | null {
  const line = answeredFromViews(views);
  return line === null ? null : `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

/** What views a query is answered from though it names their tables, as a part of a sentence; null where there are none. */
export function answeredFromViews(views: readonly PlannedView[] | undefined): string | null {
  const used = (views ?? []).filter(({ insteadOf }) => insteadOf !== undefined);
  if (used.length === 0) return null;
  const each = used.map(({ table, snapshotId }) => `${table}, fresh at snapshot ${snapshotId}`);
  return `answered from the materialized view${used.length === 1 ? '' : 's'} ${each.join(', and ')}`;
}
