import { Badge } from '#web/components/badge.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { CellRun } from '../model/run-store.ts';

/** Says of an answer that it is of an earlier visit; nothing of one that this page asked for. */
export function KeptBadge({ run }: { run: CellRun | undefined }) {
  if (run?.kind !== 'done' || run.kept === undefined || !('table' in run.outcome)) return null;
  const { table } = run.outcome;
  const rows =
    table.rowCount < run.kept.rows
      ? ` Of its ${formatInteger(run.kept.rows)} rows, the first ${formatInteger(table.rowCount)} are here; sorting, filtering and exporting are over all of them.`
      : '';
  return (
    <Badge
      title={`This browser kept this answer of an earlier visit, read at ${run.outcome.plan.ref.name}.${rows} Run again for the rows of now.`}
    >
      Kept, <RelativeTime time={new Date(run.at).toISOString()} />
    </Badge>
  );
}
