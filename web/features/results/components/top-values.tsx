import { useEffect, useState } from 'react';
import { NullBadge } from '#web/components/null-badge.tsx';
import { share } from '#web/components/column-stats/column-strip.tsx';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import { parseSqlType } from '#web/lib/format/duckdb-type.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { readTopValues, topValuesSql, type ColumnStats } from '#web/lib/relation/column-stats.ts';
import type { ColumnFilter } from '#web/lib/relation/relation-sql.ts';

interface TopValuesProps {
  readonly result: AskableResult;
  readonly column: number;
  readonly filters: readonly ColumnFilter[];
  readonly stats: ColumnStats | 'failed' | undefined;
  readonly onPick: (value: string | null) => void;
}

const SHOWN = 8;

/** The most frequent values of a column of names; picking one filters by it. */
export function TopValues({ result, column, filters, stats, onPick }: TopValuesProps) {
  const type = result.relation.columns[column]?.type ?? '';
  const { kind } = parseSqlType(type);
  const named = kind === 'text' || kind === 'boolean' || (kind === 'integer' && isFew(stats));
  const [values, setValues] = useState<ReturnType<typeof readTopValues> | null>(null);
  useEffect(() => {
    if (!named) return;
    const handle = result.ask(topValuesSql(result.relation, filters, column, SHOWN), SHOWN);
    // Without them the menu still has what the figures say.
    handle.result.then(({ table }) => setValues(readTopValues(table))).catch(() => setValues([]));
    return () => handle.cancel();
  }, [result, column, filters, named]);
  if (!named || values === null || values.length === 0) return null;
  const most = Math.max(1, ...values.map(({ count }) => count));
  const rows = typeof stats === 'object' ? stats.rows : null;
  return (
    <section aria-label="Most frequent values" className="border-t p-2">
      <p className="px-1 pb-1 text-xs text-ink-3">Most frequent</p>
      <ul>
        {values.map(({ label, count }) => (
          <li key={label ?? '\0'}>
            <button
              type="button"
              title={`Show the rows with ${label ?? 'NULL'} only`}
              onClick={() => onPick(label)}
              className="relative flex h-6 w-full items-center justify-between gap-3 rounded-sm px-1 text-xs hover:bg-hover"
            >
              <span
                aria-hidden
                className="absolute inset-y-0.5 left-0 rounded-sm bg-accent-soft"
                style={{ width: `${(count / most) * 100}%` }}
              />
              <span className="relative truncate font-mono">
                {label === null ? <NullBadge /> : label === '' ? '“”' : label}
              </span>
              <span className="relative shrink-0 font-mono text-ink-2 tabular-nums">
                {formatInteger(count)}
                {rows !== null && rows > 0 && <span className="text-ink-3"> · {share(count, rows)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isFew(stats: ColumnStats | 'failed' | undefined): boolean {
  return typeof stats === 'object' && stats.distinct !== null && stats.distinct <= 24;
}
