import type { ReactNode } from 'react';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import type { AllRows } from '../model/use-all-rows.ts';

/** Beside rows that are only the first: brings all of them within reach of the scroll bar, and says how that goes. */
export function AllRowsControl({ all }: { all: AllRows }) {
  const { table, asking, error, start, stop } = all;
  if (asking)
    return (
      <Figure action="Stop" onAction={stop}>
        The server runs the query to its end…
      </Figure>
    );
  if (error !== null)
    return (
      <Figure bad action="Try again" onAction={() => (isGone(all) ? start() : table?.retry())}>
        {errorMessage(error)}
      </Figure>
    );
  if (table !== null)
    return (
      <Figure action="First rows only" onAction={stop}>
        All {countOf(table.rowCount, 'row')}, fetched as you scroll
      </Figure>
    );
  return (
    <Button small look="quiet" onClick={start}>
      Show all rows
    </Button>
  );
}

/** Rows that never came, or are kept no more, are of a new run. */
function isGone({ table, error }: AllRows): boolean {
  return table === null || isAppError(error, 'NOT_FOUND');
}

interface FigureProps {
  readonly bad?: boolean;
  readonly action: string;
  readonly onAction: () => void;
  readonly children: ReactNode;
}

function Figure({ bad = false, action, onAction, children }: FigureProps) {
  return (
    <>
      <span role="status" className={cn('truncate px-1 text-xs', bad ? 'text-bad' : 'text-ink-2')}>
        {children}
      </span>
      <Button small look="quiet" onClick={onAction}>
        {action}
      </Button>
    </>
  );
}
