import { SearchX } from 'lucide-react';
import { Button } from '#web/components/button.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { SkeletonRows } from '#web/components/skeleton.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';

interface MissingCommitProps {
  readonly hash: string;
  /** Older commits are still being looked through. */
  readonly searching: boolean;
  readonly onClose: () => void;
}

/** In the inspector's place: the commit that the URL names is not among those of the list. */
export function MissingCommit({ hash, searching, onClose }: MissingCommitProps) {
  return (
    <aside aria-label="Selected commit" aria-busy={searching} className="w-96 shrink-0 border-l">
      {searching ? (
        <SkeletonRows count={8} className="p-2" />
      ) : (
        <EmptyState
          icon={SearchX}
          title={`Commit ${shortHash(hash)} is not in this list`}
          action={<Button onClick={onClose}>Close</Button>}
        >
          It belongs to another branch, or the filter leaves it out.
        </EmptyState>
      )}
    </aside>
  );
}
