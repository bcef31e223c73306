import { lazy, Suspense } from 'react';
import { Skeleton } from '#web/components/skeleton.tsx';
import type { CellSlots } from '#web/features/notebook/components/cell-slots.ts';
import { SnapshotPicker } from '#web/features/refs/components/snapshot-picker.tsx';

const ResultChart = lazy(async () => {
  const { ResultChart: component } = await import('#web/features/chart/components/result-chart.tsx');
  return { default: component };
});

/** Where the features that a cell is made of come together. */
export const cellSlots: CellSlots = {
  renderChart: (props) => (
    <Suspense fallback={<Skeleton className="m-3 h-80" />}>
      <ResultChart {...props} />
    </Suspense>
  ),
  renderSnapshotPicker: (props) => <SnapshotPicker {...props} />,
};
