import { GitMerge } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { givenName } from '#shared/notebook/named-cells.ts';
import { Button } from '#web/components/button.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';
import { Banner } from './banner.tsx';

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
  if (merged === null) return null;
  const { removed } = merged;
  const placeOf = (id: string) => cells.findIndex((cell) => cell.id === id);
  const nameOf = (id: string) => {
    return givenName(cells[placeOf(id)]) ?? `cell ${placeOf(id) + 1}`;
  };
  // What was deleted since needs no word any more.
  const both = merged.both.filter(({ mine, theirs }) => placeOf(mine) >= 0 && placeOf(theirs) >= 0);
  const changed = merged.changed.filter((id) => placeOf(id) >= 0);
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
      {both.length > 0 && (
        <ul aria-label="Cells that were changed in both places" className="border-b bg-accent-soft px-4 pb-1">
          {both.map((pair) => (
            <li key={pair.theirs} className="flex min-h-8 items-center gap-3 pl-7">
              <p className="min-w-0 flex-1 text-ink-2">
                {link(pair.mine)} was changed in both places, and stands twice: yours, and theirs below it as{' '}
                {link(pair.theirs)}.
              </p>
              <Button small onClick={() => store.takeOfBoth(pair, 'mine')}>
                Keep mine
              </Button>
              <Button small onClick={() => store.takeOfBoth(pair, 'theirs')}>
                Take theirs
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
