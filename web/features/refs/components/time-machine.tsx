import { Clock, History, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatRefExpression } from '#shared/refs/ref-expression.ts';
import { Button } from '#web/components/button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { Tooltip } from '#web/components/tooltip.tsx';
import { cn } from '#web/lib/class-names.ts';
import { useCommands } from '#web/lib/commands.tsx';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { useRefMoment } from '../model/use-ref-moment.ts';
import { LazyMomentPicker } from './lazy-moment-picker.tsx';

/** "now", or the commit or time that the page reads at, and the way back. */
export function TimeMachine() {
  const [open, setOpen] = useState(false);
  const current = useCurrentRef();
  const { moment, hash, readOnly, missing, now, branch, exact } = useRefMoment(current.expression);
  const back = missing ? `Back to ${now}` : 'Back to now';

  const go = (expression: string) => {
    setOpen(false);
    current.go(expression);
  };
  useCommands(
    useMemo(
      () => [
        {
          id: 'time.travel',
          title: 'Travel in time…',
          group: 'Go to',
          icon: History,
          shortcut: 'Alt+T',
          run: () => setOpen(true),
        },
        ...(readOnly
          ? [
              {
                id: 'time.now',
                title: back,
                group: 'Go to',
                icon: Undo2,
                shortcut: 'Alt+N',
                run: () => current.go(now),
              },
            ]
          : []),
      ],
      [readOnly, now, back, current],
    ),
  );

  return (
    <>
      <span aria-hidden className="text-ink-3">
        ·
      </span>
      <Popover
        label="Time machine"
        open={open}
        onOpenChange={setOpen}
        className="w-120"
        trigger={
          <Button
            look="quiet"
            title={exact}
            aria-label={`Time machine: ${moment}`}
            className={cn(
              'max-w-90 min-w-0 shrink',
              missing
                ? 'text-warn hover:text-warn'
                : readOnly && 'text-past hover:bg-past-line/40 hover:text-past',
            )}
          >
            {!missing && <Clock aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />}
            <span className="truncate">{moment}</span>
            {hash !== undefined && <span className="shrink-0 font-mono text-xs font-normal">{hash}</span>}
          </Button>
        }
      >
        <LazyMomentPicker
          branch={branch}
          selectedHash={hashOf(current.expression)}
          onCommit={(entry) => go(formatRefExpression({ kind: 'commit', name: branch, hash: entry.hash }))}
          onTime={(time) => go(formatRefExpression({ kind: 'time', name: branch, time }))}
        />
      </Popover>
      {readOnly && (
        <>
          {!missing && <span className="shrink-0 text-xs font-medium text-past">Read only</span>}
          <Tooltip content={`Read ${now} as it is now`} shortcut="Alt+N">
            <Button
              small
              onClick={() => go(now)}
              className={cn(!missing && 'border-past-line text-past hover:bg-past-line/40')}
            >
              <Undo2 aria-hidden className="size-3.5" strokeWidth={1.75} />
              {back}
            </Button>
          </Tooltip>
        </>
      )}
    </>
  );
}

/** The commit that an expression names. An address may hold any text, also one that is no ref expression. */
function hashOf(expression: string): string | null {
  return /@([0-9a-f]{8,64})$/.exec(expression)?.[1] ?? null;
}
