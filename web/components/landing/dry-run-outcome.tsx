import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { LandResult } from '#shared/contract/merges.ts';
import { cn } from '#web/lib/class-names.ts';
import { rehearsalText } from './merge-kinds.ts';
import type { LandingPlan } from './use-landing.ts';

interface DryRunOutcomeProps {
  readonly plan: LandingPlan;
  /** What is brought to the branch, as the page calls it. */
  readonly source: string;
  readonly className?: string;
}

/** What the dry run found, in a sentence. */
export function DryRunOutcome({ plan, source, className }: DryRunOutcomeProps) {
  const { result, error, stale } = plan;
  const state = error !== null ? 'bad' : result === undefined || stale ? 'busy' : stateOf(result);
  const { icon: Icon, look } = LOOKS[state];
  return (
    <output aria-label="Result of the dry run" className={cn('flex items-start gap-2', className)}>
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', look)} strokeWidth={1.75} />
      <span className="min-w-0 break-words">
        {error !== null
          ? errorMessage(error)
          : result === undefined
            ? 'Trying it out…'
            : rehearsalText(result, source, plan.conflicts.length > 0)}
      </span>
    </output>
  );
}

function stateOf({ outcome }: LandResult): keyof typeof LOOKS {
  if (outcome === 'COMMITTED' || outcome === 'FAST_FORWARD') return 'good';
  return outcome === 'UP_TO_DATE' ? 'quiet' : 'warn';
}

const LOOKS = {
  good: { icon: CircleCheck, look: 'text-good' },
  quiet: { icon: CircleCheck, look: 'text-ink-3' },
  warn: { icon: CircleAlert, look: 'text-warn' },
  bad: { icon: CircleAlert, look: 'text-bad' },
  busy: { icon: LoaderCircle, look: 'text-ink-3 animate-spin' },
} as const;
