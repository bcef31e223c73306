import { CircleAlert } from 'lucide-react';
import type { SqlCell } from '#shared/contract/notebooks.ts';
import { errorMessage, isAppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { Button } from '#web/components/button.tsx';
import { SignInLink } from '#web/components/sign-in-help.tsx';
import { applySuggestion, errorPlace, errorSuggestions } from '../model/error-place.ts';

interface RunErrorProps {
  readonly cell: SqlCell;
  readonly error: unknown;
  /** What was run. */
  readonly sql: string;
  readonly onSource: (source: string) => void;
  /** Runs it on the server; null where that is no help. */
  readonly onServer: (() => void) | null;
  /** Runs the same again; null where that comes to the same. */
  readonly onAgain: (() => void) | null;
}

const MOST_FIXES = 5;

/** Why a run failed, where, and the fixes that are one click away. */
export function RunError({ cell, error, sql, onSource, onServer, onAgain }: RunErrorProps) {
  const place = errorPlace(error, sql);
  const fixes = place !== null && sql === cell.source ? errorSuggestions(error).slice(0, MOST_FIXES) : [];
  const at = place === null ? null : lineColumn(sql, place.start);
  const where = at === null ? '' : `line ${at.line}, column ${at.column}`;
  return (
    <div role="alert" className="flex gap-2.5 border-t px-3 py-2.5">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        {isAppError(error, 'UNAUTHENTICATED') ? (
          <p className="text-ink-2">
            <span className="font-medium text-ink">This browser is signed out.</span>{' '}
            <SignInLink>Sign in again</SignInLink>, then run the cell again. What you wrote is kept.
          </p>
        ) : (
          <p className="break-words whitespace-pre-line">{errorMessage(error)}</p>
        )}
        <p className="font-mono text-xs text-ink-3">
          {isAppError(error) ? error.code : 'INTERNAL'}
          {/* Some sentences say it themselves. */}
          {where !== '' && !errorMessage(error).includes(where) && ` · ${where}`}
        </p>
        {onServer !== null && (
          <Button small className="mt-2" onClick={onServer}>
            Run on the server
          </Button>
        )}
        {onAgain !== null && (
          <Button small className="mt-2" onClick={onAgain}>
            Run again
          </Button>
        )}
        {place !== null && fixes.length > 0 && (
          <div className="mt-2 flex flex-wrap items-center gap-1.5">
            <span className="text-xs text-ink-2">Write instead</span>
            {fixes.map((fix) => (
              <Button
                key={fix}
                small
                className="font-mono"
                onClick={() => onSource(applySuggestion(sql, place, fix))}
              >
                {fix}
              </Button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
