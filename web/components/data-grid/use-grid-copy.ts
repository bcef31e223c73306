import { useState, type ClipboardEvent } from 'react';
import type { CellFormatter } from '#web/lib/format/cell.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { useToast } from '../toast.tsx';
import { copyRange, type CopiedText } from './copy.ts';
import { rangeOf, type Selection } from './selection.ts';

/** Copying from a grid, by the browser's own key or from a menu, and saying so. */
export function useGridCopy(
  table: ResultTable,
  formatters: readonly CellFormatter[],
  selection: Selection | null,
) {
  const [announced, setAnnounced] = useState('');
  const showToast = useToast();

  /** Seen by all where what is pasted is not what is selected. */
  const say = ({ rows, columns, cut, note }: CopiedText) => {
    const extent = `${countOf(rows, 'row')} × ${countOf(columns, 'column')}`;
    if (cut)
      showToast({ title: `Copied the first ${extent}`, description: 'More would not fit the clipboard.' });
    else if (note !== undefined) showToast({ title: `Copied ${extent}`, description: note });
    else setAnnounced(`Copied ${extent}`);
  };

  const write = async (text: string, done: () => void) => {
    try {
      await navigator.clipboard.writeText(text);
      done();
    } catch {
      const description = 'The browser does not let this page write to the clipboard.';
      showToast({ title: 'Nothing was copied.', description, tone: 'bad' });
    }
  };

  return {
    /** What has been copied last, for whoever can't see it. */
    announced,
    copyText: (text: string) => void write(text, () => setAnnounced('Copied')),
    copyCells: (copied: CopiedText) => void write(copied.text, () => say(copied)),
    onCopy: (event: ClipboardEvent<HTMLDivElement>) => {
      if (!selection || event.target !== event.currentTarget) return;
      const copied = copyRange(table, formatters, rangeOf(selection));
      event.clipboardData.setData('text/plain', copied.text);
      event.preventDefault();
      say(copied);
    },
  };
}
