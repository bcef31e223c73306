import type { NotebookRunSummary } from '#shared/contract/notebook-history.ts';
import { Badge } from '#web/components/badge.tsx';

export function RunOutcome({
  run: { failed, cells },
}: {
  run: Pick<NotebookRunSummary, 'failed' | 'cells'>;
}) {
  return (
    <Badge tone={failed === 0 ? 'good' : 'bad'}>
      {failed === 0 ? 'Done' : `${failed} of ${cells} failed`}
    </Badge>
  );
}
