import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { Skeleton } from '#web/components/skeleton.tsx';
import { askableResult } from '#web/duckdb/relation/ask-result.ts';
import type { CellSlots } from '#web/features/notebook/components/cell-slots.ts';
import { ResultPanel } from '#web/features/results/components/result-panel.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';
import { SnapshotPicker } from '#web/features/refs/components/snapshot-picker.tsx';
import { querySession } from '../query-session.ts';

const ResultChart = lazy(async () => {
  const { ResultChart: component } = await import('#web/features/chart/components/result-chart.tsx');
  return { default: component };
});

type ChartOfOutcomeProps = Parameters<CellSlots['renderChart']>[0];

function ChartOfOutcome({ outcome, ...props }: ChartOfOutcomeProps) {
  const result = useMemo(() => askableResult(querySession(), outcome), [outcome]);
  return <ResultChart {...props} table={outcome.table} truncated={outcome.truncated} result={result} />;
}

/** Where the features that a cell is made of come together. */
export const cellSlots: CellSlots = {
  renderRows: (props) => <ResultPanel {...props} session={querySession()} />,
  renderChart: ({ outcome, ...props }) => (
    <Suspense fallback={<Skeleton className="m-3 h-80" />}>
      <ChartOfOutcome {...props} outcome={outcome} />
    </Suspense>
  ),
  renderCommit: ({ hash }) => (
    <Link
      to="/history"
      search={{ commit: hash }}
      title={`${hash}, in history`}
      className="shrink-0 rounded-sm font-mono text-xs text-accent-text hover:underline"
    >
      {shortHash(hash)}
    </Link>
  ),
  renderSnapshotPicker: (props) => <SnapshotPicker {...props} />,
};
