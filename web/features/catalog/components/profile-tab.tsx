import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { ColumnInfo, TableDetail } from '#shared/contract/tables.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import { Button } from '#web/components/button.tsx';
import { meanText } from '#web/components/column-stats/column-figures.tsx';
import { DistributionBars } from '#web/components/column-stats/distribution-bars.tsx';
import { nullText } from '#web/components/column-stats/column-strip.tsx';
import { Skeleton } from '#web/components/skeleton.tsx';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import { useColumnStats } from '#web/duckdb/relation/use-column-stats.ts';
import type { QuerySession } from '#web/duckdb/types.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { formatInteger } from '#web/lib/format/numbers.ts';
import type { ColumnStats } from '#web/lib/relation/column-stats.ts';
import { previewSql } from '../model/table-sql.ts';

interface ProfileTabProps {
  readonly table: TableDetail | undefined;
  readonly session: QuerySession;
}

const ROW = 44;
const NO_FILTERS: readonly never[] = [];
const GRID =
  'grid grid-cols-[minmax(8rem,1.2fr)_140px_5rem_6rem_minmax(8.75rem,1fr)_minmax(8.75rem,1fr)_6rem] items-center gap-4 px-4';

/** Each column in a line: how its values lie, what is missing, how many differ. Computed by the engine over all rows, for the columns in view. */
export function ProfileTab({ table, session }: ProfileTabProps) {
  const { expression } = useCurrentRef();
  const result = useMemo((): AskableResult | null => {
    if (table === undefined) return null;
    const columns = table.columns.map(({ name, sqlType: type }) => ({ name, type }));
    return {
      relation: { sql: previewSql(table, 'first'), columns },
      ref: expression,
      ask: (sql, maxRows = 1) => session.run({ sql, ref: expression, preference: 'auto', maxRows }),
    };
  }, [table, session, expression]);
  const { of, want, failure, retry } = useColumnStats(result, NO_FILTERS);
  const scroller = useRef<HTMLDivElement>(null);
  const columns = table?.columns ?? [];
  // oxlint-disable-next-line react/incompatible-library -- nothing that is memoized gets its values
  const rows = useVirtualizer({
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 2,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(
    () => want(Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)),
    [want, first, last],
  );
  return (
    <>
      {failure !== null && (
        <div role="alert" className="flex shrink-0 items-center gap-3 border-b bg-bad-soft px-4 py-1.5">
          <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
          <p className="min-w-0 flex-1 break-words">
            Figures of these columns could not be computed. {errorMessage(failure)}
          </p>
          <Button small onClick={retry}>
            Try again
          </Button>
        </div>
      )}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        <div
          role="table"
          aria-label="Profile of the columns"
          aria-rowcount={columns.length + 1}
          className="min-w-[950px]"
        >
          <div
            role="row"
            aria-rowindex={1}
            className={`${GRID} sticky top-0 z-10 h-8 border-b bg-canvas text-xs text-ink-3`}
          >
            {['Column', 'Values', 'NULL', 'Distinct', 'Min', 'Max', 'Mean'].map((name, at) => (
              <span key={name} role="columnheader" className={at === 3 || at === 6 ? 'text-right' : ''}>
                {name}
              </span>
            ))}
          </div>
          <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
            {items.map(({ index, start }) => {
              const column = columns[index];
              return (
                column && (
                  <ProfileRow key={index} index={index} top={start} column={column} stats={of(index)} />
                )
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}

interface ProfileRowProps {
  readonly index: number;
  readonly top: number;
  readonly column: ColumnInfo;
  readonly stats: ColumnStats | 'failed' | undefined;
}

function ProfileRow({ index, top, column, stats }: ProfileRowProps) {
  const known = typeof stats === 'object' ? stats : null;
  const waiting = stats === undefined && <Skeleton className="h-3 w-16" />;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${GRID} absolute inset-x-0 border-b hover:bg-hover`}
      style={{ top, height: ROW }}
    >
      <div role="rowheader" className="min-w-0">
        <div className="truncate font-medium" title={column.name}>
          {column.name}
        </div>
        <div className="truncate text-xs text-ink-3" title={column.sqlType}>
          {column.sqlType.toLowerCase()}
        </div>
      </div>
      <div role="cell">
        {waiting ||
          (known?.distribution && (
            <DistributionBars distribution={known.distribution} width={140} height={28} />
          ))}
        {known?.distribution && <span className="sr-only">{spoken(known)}</span>}
      </div>
      <div
        role="cell"
        className="truncate text-xs"
        title={known ? `${formatInteger(known.nulls)} of ${formatInteger(known.rows)} rows` : ''}
      >
        {waiting || (known ? nullText(known) : 'no figures')}
      </div>
      <div
        role="cell"
        className="text-right font-mono text-xs tabular-nums"
        title="Estimated by the engine, within some per cent"
      >
        {waiting || (known !== null && known.distinct !== null && `≈ ${formatInteger(known.distinct)}`)}
      </div>
      <div role="cell" className="truncate font-mono text-xs" title={known?.min ?? ''}>
        {waiting || known?.min}
      </div>
      <div role="cell" className="truncate font-mono text-xs" title={known?.max ?? ''}>
        {waiting || known?.max}
      </div>
      <div role="cell" className="text-right font-mono text-xs tabular-nums">
        {waiting || (known !== null && known.mean !== null && meanText(known.mean))}
      </div>
    </div>
  );
}

function spoken({ distribution }: ColumnStats): string {
  if (distribution?.kind !== 'values') return '';
  return distribution.values
    .slice(0, 5)
    .map(({ label, count }) => `${label}: ${formatInteger(count)}`)
    .join(', ');
}
