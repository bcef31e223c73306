import type { RunOutcome } from '#web/duckdb/types.ts';
import { Badge } from '#web/components/badge.tsx';
import { useMovedOn } from '../api/moved-on.ts';

/** Says when tables have changed since an answer; nothing while they have not. */
export function MovedOnBadge({ outcome }: { outcome: RunOutcome | null }) {
  const moved = useMovedOn(outcome);
  if (moved.length === 0) return null;
  return (
    <Badge
      tone="past"
      title={`${moved.join(', ')} changed after this answer. Run again for the rows of now.`}
    >
      Data moved on
    </Badge>
  );
}
