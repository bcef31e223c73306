import { ArrowRight } from 'lucide-react';
import type { MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import { Badge } from '#web/components/badge.tsx';
import { cn } from '#web/lib/class-names.ts';
import { REQUEST_STATES } from '../model/request-state.ts';

export function RequestBadge({ status }: { status: MergeRequestInfo['status'] }) {
  const { word, tone, icon: Icon } = REQUEST_STATES[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={cn('size-3', status === 'MERGING' && 'animate-spin')} />
      {word}
    </Badge>
  );
}

interface BranchPathProps {
  readonly source: string;
  readonly target: string;
  readonly className?: string;
}

/** "fix-delays → main"; of long names both ends of the path stay in sight. */
export function BranchPath({ source, target, className }: BranchPathProps) {
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5 text-ink-2', className)}>
      <span className="min-w-0 truncate" title={source}>
        {source}
      </span>
      <ArrowRight role="img" aria-label="into" className="size-3.5 shrink-0 text-ink-3" />
      <span className="max-w-1/2 min-w-8 shrink-0 truncate" title={target}>
        {target}
      </span>
    </span>
  );
}
