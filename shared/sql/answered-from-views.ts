/** A materialized view of a plan, see Plan.views. */
interface PlannedView {
  readonly table: string;
  readonly insteadOf?: readonly string[] | undefined;
  readonly snapshotId?: string | undefined;
}

/** One line on the views that a query is answered from though it names their tables; null where there are none. */
export function answeredFromViews(views: readonly PlannedView[] | undefined): string | null {
  const used = (views ?? []).filter(({ insteadOf }) => insteadOf !== undefined);
  if (used.length === 0) return null;
  const each = used.map(({ table, snapshotId }) => `${table}, fresh at snapshot ${snapshotId}`);
  return `answered from the materialized view${used.length === 1 ? '' : 's'} ${each.join(', and ')}`;
}
