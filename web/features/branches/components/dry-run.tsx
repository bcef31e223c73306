import { DryRunOutcome } from '#web/components/landing/dry-run-outcome.tsx';
import { mergeOptions } from '#web/components/landing/merge-kinds.ts';
import { shortRef } from '#web/components/refs/short-ref.ts';
import { useRehearsal } from '../api/land.ts';

/** Whether one place could be merged into a branch as both are now. */
export function DryRun({ source, target }: { source: string; target: string }) {
  const plan = useRehearsal({
    kind: 'merge',
    branch: target,
    request: { from: source, ...mergeOptions('merge') },
  });
  return <DryRunOutcome plan={plan} source={shortRef(source)} />;
}
