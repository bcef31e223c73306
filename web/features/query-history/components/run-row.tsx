import { ChevronRight } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { QueryRun } from '#shared/contract/query-runs.ts';
import { Badge } from '#web/components/badge.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';
import { exactDuration, formatDuration } from '#web/lib/format/durations.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { oneLine, STATES } from '../model/run-words.ts';
import { engineWord, RunDetails, type RunActions } from './run-details.tsx';

interface RunRowProps extends RunActions {
  readonly run: QueryRun;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** A run in a line, and whole below it while it is open. */
export function RunRow({ run, open, onToggle, onKeyDown, ...actions }: RunRowProps) {
  const { word, tone } = STATES[run.state];
  const line = oneLine(run.sql);
  const where = run.notebookTitle ?? '';
  return (
    <>
      <tr className={cn('relative h-8 hover:bg-hover focus-within:bg-hover', !open && 'border-b')}>
        <th scope="row" className="pl-2 text-left font-normal">
          {/* The whole row is the button's target. */}
          <button
            type="button"
            aria-expanded={open}
            title={line.slice(0, 400)}
            onClick={onToggle}
            onKeyDown={onKeyDown}
            className="flex w-full min-w-0 items-center gap-2 rounded-sm after:absolute after:inset-0"
          >
            <ChevronRight
              aria-hidden
              className={cn('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
            />
            <span className="min-w-0 truncate font-mono text-xs">{line}</span>
          </button>
        </th>
        <td className="pl-3">
          <Badge tone={tone}>{word}</Badge>
        </td>
        <td className="truncate pl-3 text-ink-2 @max-4xl:hidden">{engineWord(run)}</td>
        <td className="truncate pl-3 text-right text-ink-2 tabular-nums">
          <span title={exactDuration(run.elapsedMs)}>{formatDuration(run.elapsedMs)}</span>
        </td>
        <td className="truncate pl-3 text-right text-ink-2 tabular-nums">
          {run.rows === undefined ? '' : formatInteger(run.rows)}
        </td>
        <td className="truncate pl-4 text-ink-2 @max-6xl:hidden" title={where}>
          {where}
        </td>
        <td className="truncate pr-3 pl-3 text-ink-2">
          <RelativeTime time={run.at} className="relative" />
        </td>
      </tr>
      {open && (
        <tr className="border-b">
          {/* As many as there always are; more are there where the page is wide, and this is as wide as all of them. */}
          <td colSpan={5}>
            <div className="w-[100cqw]">
              <RunDetails run={run} {...actions} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
