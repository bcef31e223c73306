import { GitMerge } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { givenName } from '#shared/notebook/named-cells.ts';
import { Button } from '#web/components/button.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';
import { Banner } from './banner.tsx';
import { DoubledCells } from './doubled-cells.tsx';

interface MergedBannerProps {
  readonly store: NotebookStore;
  readonly onShow: (cellId: string) => void;
}

/** So many cells are named one by one. */
const FEW = 8;

/** What was saved elsewhere while this was edited here is in it now; where both changed the same lines, both are there. */
export function MergedBanner({ store, onShow }: MergedBannerProps) {
  const merged = useSyncExternalStore(store.subscribe, store.merged);
  const { cells } = useDocument(store);
  const placeOf = (id: string) => cells.findIndex((cell) => cell.id === id);
  const nameOf = (id: string) => givenName(cells[placeOf(id)]) ?? `cell ${placeOf(id) + 1}`;
  // What was deleted since needs no word any more.
  const changed = (merged?.changed ?? []).filter((id) => placeOf(id) >= 0);
  const removed = merged?.removed ?? 0;
  const link = (id: string) => (
    <button
      key={id}
      type="button"
      onClick={() => onShow(id)}
      className="rounded-sm text-accent-text underline underline-offset-2"
    >
      {nameOf(id)}
    </button>
  );
  return (
    <>
      {merged !== null && (
        <Banner
          tone="accent"
          icon={GitMerge}
          title="Changes made elsewhere are merged into this notebook."
          text={
            <>
              {changed.length > 0 && (
                <span className="inline-flex flex-wrap gap-x-2">
                  Changed: {changed.slice(0, FEW).map(link)}
                  {changed.length > FEW && `and ${countOf(changed.length - FEW, 'other')}`}
                </span>
              )}
              {removed > 0 && ` ${removed === 1 ? 'One cell was' : `${removed} cells were`} removed.`}
            </>
          }
        >
          <Button look="quiet" onClick={() => store.dismissMerged()}>
            Dismiss
          </Button>
        </Banner>
      )}
      <DoubledCells store={store} link={link} />
    </>
  );
}
