import { GitMerge } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from '#web/components/button.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';

interface MergedBannerProps {
  readonly store: NotebookStore;
  readonly onShow: (cellId: string) => void;
}

/** What was saved elsewhere while this was edited here is in it now; where both changed the same lines, both are there. */
export function MergedBanner({ store, onShow }: MergedBannerProps) {
  const merged = useSyncExternalStore(store.subscribe, store.merged);
  if (merged === null) return null;
  const { both } = merged;
  return (
    <div role="status" className="flex items-center gap-3 border-b bg-accent-soft px-4 py-2">
      <GitMerge aria-hidden className="size-4 shrink-0 text-accent-text" strokeWidth={1.75} />
      <p className="min-w-0 flex-1">
        <span className="font-medium">Changes made elsewhere are merged into this notebook.</span>{' '}
        {both.length > 0 && (
          <span className="text-ink-2">
            {both.length === 1 ? 'One cell was' : `${both.length} cells were`} changed in both places: yours
            stays, and theirs stands right below it.
          </span>
        )}
      </p>
      {both[0] !== undefined && <Button onClick={() => onShow(both[0]?.theirs ?? '')}>Show</Button>}
      <Button look="quiet" onClick={() => store.dismissMerged()}>
        Dismiss
      </Button>
    </div>
  );
}
