import { memo } from 'react';
import type { LogEntry } from '#shared/contract/refs.ts';
import { Badge } from '#web/components/badge.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { changesInShort, rowsText } from '../model/change-text.ts';

interface CommitRowProps {
  readonly entry: LogEntry;
  readonly id: string;
  readonly position: number;
  readonly selected: boolean;
  /** Where the page reads: now, or a point in the past. */
  readonly here: 'now' | 'past' | null;
  /** The graph's line goes on upwards and downwards from this commit. */
  readonly line: { readonly up: boolean; readonly down: boolean };
  readonly onSelect: (hash: string) => void;
}

/** One line: the graph, the message, what it did to which table, who, when, hash. */
export const CommitRow = memo(function CommitRow(props: CommitRowProps) {
  const { entry, selected, here } = props;
  const { what, rows } = changesInShort(entry);
  return (
    // Keys are the list's own: it keeps the focus, and this is its active descendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      aria-selected={selected}
      aria-rowindex={props.position}
      aria-label={`${entry.message}, ${entry.author}${what ? `, ${what} ${rows}` : ''}`}
      onClick={() => props.onSelect(entry.hash)}
      className="flex h-7 items-center gap-3 pr-4 pl-2 select-none hover:bg-hover aria-selected:bg-selected"
    >
      <GraphNode merge={entry.parents.length > 1} line={props.line} here={here} />
      <span role="gridcell" className="min-w-0 flex-1 truncate" title={entry.message}>
        {entry.message}
        {here !== null && (
          <Badge tone={here === 'past' ? 'past' : 'accent'} className="ml-2">
            {here === 'past' ? 'you are here' : 'now'}
          </Badge>
        )}
      </span>
      <span
        role="gridcell"
        className="hidden min-w-0 items-baseline justify-end gap-2 text-ink-2 @lg:flex @2xl:w-72"
        title={entry.changes.map((change) => `${change.key} ${rowsText(change)}`.trim()).join('\n')}
      >
        <span className="hidden min-w-0 truncate @2xl:inline">{what}</span>
        <span className="min-w-24 shrink-0 text-right">{rows}</span>
      </span>
      <span
        role="gridcell"
        className="hidden w-36 shrink-0 truncate pl-6 text-ink-2 @4xl:block"
        title={entry.author}
      >
        {entry.author}
      </span>
      <span role="gridcell" className="w-28 shrink-0 truncate text-ink-2">
        <RelativeTime time={entry.time} />
      </span>
      <span role="gridcell" className="w-20 shrink-0">
        <CopyText text={entry.hash} shown={shortHash(entry.hash)} what="commit hash" />
      </span>
    </div>
  );
});

interface GraphNodeProps {
  readonly merge: boolean;
  readonly line: { readonly up: boolean; readonly down: boolean };
  readonly here: 'now' | 'past' | null;
}

/** The commit as a dot on the line of its branch: a ring for a merge, larger where the page reads. */
function GraphNode({ merge, line, here }: GraphNodeProps) {
  const colour = here === 'past' ? 'var(--past)' : here === 'now' ? 'var(--accent)' : 'var(--ink-3)';
  return (
    <svg aria-hidden width="24" height="28" className="shrink-0 overflow-visible">
      {line.up && <line x1="12" x2="12" y1="0" y2="14" stroke="var(--line-strong)" strokeWidth="1.5" />}
      {line.down && <line x1="12" x2="12" y1="14" y2="28" stroke="var(--line-strong)" strokeWidth="1.5" />}
      <circle
        cx="12"
        cy="14"
        r={here === null ? 3.5 : 4.5}
        fill={merge ? 'var(--surface)' : colour}
        stroke={colour}
        strokeWidth="1.75"
        className={cn(here === null && !merge && 'stroke-none')}
      />
    </svg>
  );
}
