import { BookOpenText, Copy, FilePlus2, History } from 'lucide-react';
import type { QueryRun } from '#shared/contract/query-runs.ts';
import { Button } from '#web/components/button.tsx';
import { CopyText } from '#web/components/copy-text.tsx';
import { useToast } from '#web/components/toast.tsx';
import { exactBytes, formatBytes } from '#web/lib/format/bytes.ts';
import { exactDuration, formatDuration } from '#web/lib/format/durations.ts';
import { shortHash } from '#web/lib/format/hashes.ts';
import { formatInstant } from '#web/lib/format/instants.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { ENGINES } from '../model/run-words.ts';

export interface RunActions {
  /** Runs the SQL again, in a cell of its own; at the commit of then where so asked. */
  readonly onRerun: (run: QueryRun, exact: boolean) => void;
  /** Goes to the cell that ran. */
  readonly onOpenCell: (run: QueryRun) => void;
  /** Keeps the SQL under a name. */
  readonly onSave: (run: QueryRun) => void;
}

/** A run whole: its SQL, what it read, what it came to, and what can be done with it. */
export function RunDetails({ run, onRerun, onOpenCell, onSave }: RunActions & { readonly run: QueryRun }) {
  const toast = useToast();
  const copy = () =>
    void navigator.clipboard.writeText(run.sql).then(
      () => toast({ title: 'The SQL is copied.' }),
      () => toast({ title: 'The SQL was not copied: this browser does not allow it.', tone: 'bad' }),
    );
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
      <pre
        // Long SQL is reached by the keyboard too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label="SQL of the run"
        className="max-h-64 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {run.sql}
      </pre>
      {run.error !== undefined && <p className="break-words text-bad">{run.error}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onClick={() => onRerun(run, false)}>
          <FilePlus2 aria-hidden className="size-4" strokeWidth={1.75} />
          Run again in a new cell
        </Button>
        {run.commit !== undefined && run.bytes !== undefined && (
          <Button
            title="Reads the commit that was read then, so that the rows are the same."
            onClick={() => onRerun(run, true)}
          >
            <History aria-hidden className="size-4" strokeWidth={1.75} />
            Run exactly as it was
          </Button>
        )}
        <Button onClick={copy}>
          <Copy aria-hidden className="size-4" strokeWidth={1.75} />
          Copy SQL
        </Button>
        <Button onClick={() => onSave(run)}>Save as query…</Button>
        {run.notebookTitle !== undefined && (
          <Button onClick={() => onOpenCell(run)}>
            <BookOpenText aria-hidden className="size-4" strokeWidth={1.75} />
            Open the cell
          </Button>
        )}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-ink-2 *:[dt]:text-ink-3">
        <dt>Began</dt>
        <dd>
          {formatInstant(run.at)}, by {run.author}
        </dd>
        <dt>Took</dt>
        <dd title={exactDuration(run.elapsedMs)}>
          {formatDuration(run.elapsedMs)}
          {run.engine !== undefined && `, answered by the ${run.engine === 'browser' ? 'tab' : run.engine}`}
        </dd>
        {run.rows !== undefined && (
          <>
            <dt>Rows</dt>
            <dd className="tabular-nums">{formatInteger(run.rows)}</dd>
          </>
        )}
        {run.bytes !== undefined && (
          <>
            <dt>Data needed</dt>
            <dd title={exactBytes(run.bytes)}>{formatBytes(run.bytes)}</dd>
          </>
        )}
        <dt>Read at</dt>
        <dd className="flex min-w-0 items-center gap-2">
          <span className="truncate" title={run.ref}>
            {run.ref}
          </span>
          {run.commit !== undefined && (
            <CopyText text={run.commit} shown={shortHash(run.commit)} what="commit hash" />
          )}
        </dd>
        {run.snapshots.length > 0 && (
          <>
            <dt>Snapshots</dt>
            <dd className="flex flex-wrap gap-x-3 gap-y-1">
              {run.snapshots.map(({ table, snapshotId }) => (
                <span key={`${table} ${snapshotId}`} className="inline-flex min-w-0 items-center gap-1">
                  <span className="truncate">{table}</span>
                  {snapshotId !== undefined && <CopyText text={snapshotId} what={`snapshot of ${table}`} />}
                </span>
              ))}
            </dd>
          </>
        )}
        <dt>Notebook</dt>
        <dd className="truncate">{run.notebookTitle ?? (run.notebook === undefined ? 'none' : 'is gone')}</dd>
      </dl>
    </div>
  );
}

/** What answered, in a word for a column. */
export function engineWord({ engine }: QueryRun): string {
  return engine === undefined ? '' : ENGINES[engine];
}
