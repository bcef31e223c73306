import { Badge } from '#web/components/badge.tsx';
import { useMovedOn } from '../api/moved-on.ts';
import type { PastRead } from '../model/past-read.ts';

/** Says when tables have changed since an answer; nothing while they have not. */
export function MovedOnBadge({ read }: { read: PastRead | null }) {
  const moved = useMovedOn(read);
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
