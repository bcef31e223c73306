import type { ReactNode } from 'react';
import { doubledCells, type DoubledCell } from '#shared/notebook/doubled-cells.ts';
import { Button } from '#web/components/button.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';
import { useDocument } from '../model/use-store.ts';

interface DoubledCellsProps {
  readonly store: NotebookStore;
  /** A cell, as a way to it. */
  readonly link: (cellId: string) => ReactNode;
}

const VERSIONS = {
  first: 'yours, and theirs below it as',
  second: 'theirs, and yours below it as',
  unknown: 'the second version is',
} as const;

/**
 * Cells that two have written at once, in both versions. The notebook itself says which these are: whoever has it open
 * sees them, also later, and may decide for all.
 */
export function DoubledCells({ store, link }: DoubledCellsProps) {
  const doubled = doubledCells(useDocument(store).cells);
  if (doubled.length === 0) return null;
  return (
    <ul aria-label="Cells that were changed in both places" className="border-b bg-accent-soft px-4 pb-1">
      {doubled.map((pair) => (
        <li key={pair.second} className="flex min-h-8 items-center gap-3 pl-7">
          <Doubled store={store} pair={pair} link={link} />
        </li>
      ))}
    </ul>
  );
}

function Doubled({ store, pair, link }: DoubledCellsProps & { readonly pair: DoubledCell }) {
  const mine = store.mineOf(pair);
  const { first, second } = pair;
  const wordOf = (side: 'first' | 'second') => (side === mine ? 'Keep mine' : 'Take theirs');
  return (
    <>
      <p className="min-w-0 flex-1 text-ink-2">
        {link(first)} was changed in both places, and stands twice: {VERSIONS[mine ?? 'unknown']}{' '}
        {link(second)}.
      </p>
      {(['first', 'second'] as const).map((side) => (
        <Button key={side} small onClick={() => store.decide(pair, side)}>
          {mine === null ? `Keep the ${side}` : wordOf(side)}
        </Button>
      ))}
      <Button small look="quiet" onClick={() => store.decide(pair, 'both')}>
        Keep both
      </Button>
    </>
  );
}
