import { GitMerge } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from '#web/components/button.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';
import { Banner } from './banner.tsx';

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
    <Banner
      tone="accent"
      icon={GitMerge}
      title="Changes made elsewhere are merged into this notebook."
      text={
        both.length === 0
          ? null
          : `${both.length === 1 ? 'One cell was' : `${both.length} cells were`} changed in both places: yours stays, and theirs stands right below it.`
      }
    >
      {both[0] !== undefined && <Button onClick={() => onShow(both[0]?.theirs ?? '')}>Show</Button>}
      <Button look="quiet" onClick={() => store.dismissMerged()}>
        Dismiss
      </Button>
    </Banner>
  );
}
