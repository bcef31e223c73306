import type { StatementResult } from '#shared/contract/statements.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { CellSlots } from './cell-slots.ts';

interface WriteResultProps {
  readonly written: StatementResult;
  readonly renderCommit: CellSlots['renderCommit'];
}

/** What a statement changed, and the commit that it made. */
export function WriteResult({ written, renderCommit }: WriteResultProps) {
  const { commit, table, branch, note } = written;
  const figures = (['inserted', 'updated', 'deleted'] as const).filter((what) => written.rows[what] !== '0');
  return (
    <div className="flex flex-wrap items-baseline gap-x-6 gap-y-2 px-3 py-3">
      {figures.map((what) => (
        <p key={what}>
          <span className="text-base font-medium text-ink tabular-nums">
            {formatInteger(written.rows[what])}
          </span>{' '}
          <span className="text-ink-2">
            {written.rows[what] === '1' ? 'row' : 'rows'} {what}
          </span>
        </p>
      ))}
      {note === undefined ? null : <p className="text-ink">{note}</p>}
      {commit === undefined && note === undefined ? (
        <p className="text-ink-2">
          Nothing to change in <span className="font-mono text-xs">{table}</span>; there is no commit.
        </p>
      ) : commit === undefined ? null : (
        <p className="ml-auto flex min-w-0 items-baseline gap-2 text-ink-2">
          <span className="truncate" title={commit.message}>
            {commit.message}
          </span>
          <span className="shrink-0 text-ink-3">on {branch}</span>
          {renderCommit({ hash: commit.hash })}
        </p>
      )}
    </div>
  );
}
