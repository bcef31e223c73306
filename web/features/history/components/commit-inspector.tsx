import { Clock, GitBranchPlus, X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import type { LogChange, LogEntry } from '#shared/contract/refs.ts';
import { Badge, type Tone } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { exactInstant, formatInstant, formatRelative } from '#web/lib/format/instants.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { useNow } from '#web/lib/use-now.ts';
import { changeWord, rowsText } from '../model/change-text.ts';

interface CommitInspectorProps {
  readonly focusRef: Ref<HTMLElement>;
  readonly entry: LogEntry;
  /** Ref expression of this commit. */
  readonly expression: string;
  /** The page reads this commit already. */
  readonly here: boolean;
  readonly onTravel: () => void;
  readonly onCreateBranch: () => void;
  readonly onSelect: (hash: string) => void;
  /** Null where the name is not that of a table which can be opened. */
  readonly openTable: (id: string) => (() => void) | null;
  /** More that can be done with the commit. */
  readonly actions: ReactNode;
  readonly onClose: () => void;
}

const TONES: Readonly<Record<LogChange['kind'], Tone>> = {
  added: 'good',
  modified: 'neutral',
  removed: 'bad',
};

/** All that is known about one commit, and what can be done from it. */
export function CommitInspector(props: CommitInspectorProps) {
  const { focusRef, entry, expression, here, onTravel, onCreateBranch, onSelect, openTable, onClose } = props;
  const now = useNow();
  return (
    // Escape closes it from wherever in it the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      ref={focusRef}
      tabIndex={-1}
      aria-label="Selected commit"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="flex w-96 shrink-0 flex-col overflow-y-auto border-l outline-none"
    >
      <header className="flex items-start gap-2 py-3 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 text-base font-semibold break-words">{entry.message}</h2>
        <IconButton icon={X} label="Close" shortcut="Esc" small onClick={onClose} />
      </header>
      <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1 px-4">
        <dt className="text-ink-3">Author</dt>
        <dd className="truncate" title={entry.author}>
          {entry.author}
        </dd>
        <dt className="text-ink-3">Time</dt>
        <dd title={exactInstant(entry.time)}>
          {formatInstant(entry.time)}
          <span className="text-ink-3"> · {formatRelative(entry.time, now)}</span>
        </dd>
        <dt className="text-ink-3">Commit</dt>
        <dd>
          <CopyText text={entry.hash} shown={entry.hash.slice(0, 24) + '…'} what="commit hash" />
        </dd>
        <dt className="text-ink-3">Reference</dt>
        <dd>
          <CopyText
            text={expression}
            shown={expression.replace(entry.hash, shortHash(entry.hash))}
            what="reference"
          />
        </dd>
        <dt className="text-ink-3">{entry.parents.length > 1 ? 'Parents' : 'Parent'}</dt>
        <dd className="flex gap-2">
          {entry.parents.length === 0 && <span className="text-ink-2">none, it is the first</span>}
          {entry.parents.map((parent) => (
            <button
              key={parent}
              type="button"
              title={parent}
              onClick={() => onSelect(parent)}
              className="rounded-sm font-mono text-xs text-accent-text hover:underline"
            >
              {shortHash(parent)}
            </button>
          ))}
        </dd>
      </dl>
      <div className="flex gap-2 px-4 py-3">
        <Button look={here ? 'plain' : 'primary'} disabled={here} onClick={onTravel}>
          <Clock aria-hidden className="size-4" strokeWidth={1.75} />
          {here ? 'You are here' : 'Travel here'}
        </Button>
        <Button onClick={onCreateBranch}>
          <GitBranchPlus aria-hidden className="size-4" strokeWidth={1.75} />
          Create branch here…
        </Button>
      </div>
      {props.actions}
      <section aria-label="Changes" className="border-t px-4 py-3">
        <h3 className="mb-1 text-xs text-ink-3">
          {entry.changes.length === 0
            ? 'No table changed'
            : countOf(entry.changeCount ?? entry.changes.length, 'change')}
          {entry.changeCount === undefined ? '' : `, of which the first ${entry.changes.length}`}
        </h3>
        <ul>
          {entry.changes.map((change) => (
            <Change key={change.key} change={change} onOpen={openTable(change.key)} />
          ))}
        </ul>
      </section>
      <Properties properties={entry.properties} />
    </aside>
  );
}

function Change({ change, onOpen }: { change: LogChange; onOpen: (() => void) | null }) {
  const rows = rowsText(change);
  return (
    <li className="border-b py-1.5 last:border-b-0">
      <div className="flex items-center gap-2">
        {onOpen === null ? (
          <span className="min-w-0 flex-1 truncate font-medium" title={change.key}>
            {change.key}
          </span>
        ) : (
          <button
            type="button"
            title={`Open ${change.key}`}
            onClick={onOpen}
            className="min-w-0 flex-1 truncate rounded-sm text-left font-medium hover:text-accent-text hover:underline"
          >
            {change.key}
          </button>
        )}
        <Badge tone={TONES[change.kind]}>{changeWord(change)}</Badge>
      </div>
      <p className="flex flex-wrap gap-x-3 text-ink-2">
        {rows !== '' && <span>{rows} rows</span>}
        {change.totalRows !== undefined && <span>{formatInteger(change.totalRows)} in all</span>}
        {change.snapshotId !== undefined && (
          <CopyText text={change.snapshotId} shown={`snapshot ${change.snapshotId}`} what="snapshot id" />
        )}
      </p>
    </li>
  );
}

function Properties({ properties }: { properties: Readonly<Record<string, string>> }) {
  const entries = Object.entries(properties).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return null;
  return (
    <section aria-label="Properties" className="border-t px-4 py-3">
      <h3 className="mb-1 text-xs text-ink-3">Properties</h3>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name} className="flex gap-3 py-0.5">
            <dt className="w-40 shrink-0 truncate font-mono text-xs leading-5 text-ink-3" title={name}>
              {name}
            </dt>
            <dd className="min-w-0 flex-1 font-mono text-xs leading-5 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
