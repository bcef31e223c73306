import { useCallback, useMemo } from 'react';
import { ColumnStrip, STRIP_HEIGHT } from '#web/components/column-stats/column-strip.tsx';
import { DataGrid } from '#web/components/data-grid/data-grid.tsx';
import type { ColumnTools } from '#web/components/data-grid/grid-column-menu.tsx';
import type { HeaderStrip, SortMark } from '#web/components/data-grid/header-parts.ts';
import { useColumnStats } from '#web/duckdb/relation/use-column-stats.ts';
import type { QuerySession, RunOutcome } from '#web/duckdb/types.ts';
import { cn } from '#web/lib/class-names.ts';
import { valueFilter, withValueFilter } from '#web/lib/relation/value-filter.ts';
import type { CellValue, ResultTable } from '#web/lib/result-table.ts';
import type { ExportSource, RowsHere } from '../model/use-export.ts';
import { useFiguresShown } from '../model/figures-shown.ts';
import { useAllRows } from '../model/use-all-rows.ts';
import { useRelationView, type KeptView } from '../model/use-relation-view.ts';
import { ColumnMenu } from './column-menu.tsx';
import { ExportMenu } from './export-menu.tsx';
import { ViewBar } from './view-bar.tsx';

interface ResultPanelProps {
  readonly session: Pick<QuerySession, 'run'>;
  readonly outcome: RunOutcome;
  /** "cell 3", for accessible names. */
  readonly name: string;
  /** Of an exported file, without its ending. */
  readonly fileName: string;
  /** Pixels of the rows; without it, the panel fills its parent. */
  readonly maxHeight?: number;
  /** How the rows are looked at, where that is kept; else the panel keeps it while it is there. */
  readonly view?: KeptView | undefined;
}

/** Rows of a query, to be sorted, filtered, summed up and taken away; every such thing is done by the engine, over all rows. */
export function ResultPanel({ session, outcome, name, fileName, maxHeight, view: kept }: ResultPanelProps) {
  const shown = useRelationView(session, outcome, kept);
  const { result, view, setView, table, asking } = shown;
  const [figures, setFigures] = useFiguresShown();
  const stats = useColumnStats(figures ? result : null, view.filters);
  const { of, want, version, retry } = stats;
  // No state of this panel: the rows would be drawn anew with each column that comes into view.
  const onColumnsInView = useCallback(
    (first: number, last: number) => {
      if (figures && first >= 0)
        want(Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at));
    },
    [figures, want],
  );

  const strip = useMemo<HeaderStrip | undefined>(
    () =>
      figures && result !== null
        ? {
            height: STRIP_HEIGHT,
            render: (column, width) => <ColumnStrip stats={of(column)} width={width} onRetry={retry} />,
          }
        : undefined,
    // oxlint-disable-next-line react/exhaustive-deps -- what `of` answers changes with the version
    [figures, result, of, version, retry],
  );
  const sort = useMemo(
    () =>
      new Map<number, SortMark>(
        view.sort.map(({ column, direction }, at) => [
          column,
          { direction, ...(view.sort.length > 1 ? { order: at + 1 } : {}) },
        ]),
      ),
    [view.sort],
  );
  const renderColumnMenu = useCallback(
    (column: number, tools: ColumnTools) => {
      const info = result?.relation.columns[column];
      return (
        result !== null &&
        info !== undefined && (
          <ColumnMenu
            result={result}
            column={column}
            info={info}
            view={view}
            onView={setView}
            tools={tools}
          />
        )
      );
    },
    [result, view, setView],
  );
  const filterOf = useCallback(
    (column: number, value: CellValue) => {
      const info = result?.relation.columns[column];
      const kept = info === undefined ? null : valueFilter(column, info, value, true);
      const left = info === undefined ? null : valueFilter(column, info, value, false);
      if (kept === null || left === null) return null;
      return {
        keep: () => setView(withValueFilter(view, kept)),
        exclude: () => setView(withValueFilter(view, left)),
      };
    },
    [result, view, setView],
  );
  const ref = result?.ref ?? outcome.request.ref;
  const whole = useMemo(
    () => ({ sql: shown.sql, ref, columns: outcome.table.columns }),
    [shown.sql, ref, outcome],
  );
  const all = useAllRows(whole);
  // Rows of files in this tab, and of what is no query, are here or nowhere.
  const isCut = shown.truncated && result !== null && outcome.plan.locals === undefined && !asking;
  const source = useMemo<ExportSource>(() => {
    const asked = { sql: shown.sql, ref, name: fileName, filtered: view.filters.length > 0 };
    const again = outcome.plan.locals === undefined ? asked : { ...asked, inTab: inTab(session, asked) };
    if (outcome.plan.varies !== true) return again;
    return shown.whole === null
      ? { ...again, varies: 'others' }
      : { ...asked, varies: 'held', inTab: held(shown.whole) };
  }, [session, shown.sql, shown.whole, ref, outcome, fileName, view.filters.length]);

  return (
    <div className={cn('flex min-h-0 flex-col', maxHeight === undefined && 'flex-1')}>
      <ViewBar shown={shown} name={name} figures={figures} onFigures={setFigures} all={isCut ? all : null}>
        <ExportMenu source={source} name={name} />
      </ViewBar>
      <DataGrid
        table={(isCut ? all.table : null) ?? table}
        label={`Rows of ${name}`}
        {...(maxHeight === undefined ? {} : { maxHeight: maxHeight + (strip?.height ?? 0) })}
        strip={strip}
        sort={sort}
        renderColumnMenu={result === null ? undefined : renderColumnMenu}
        filterOf={result === null ? undefined : filterOf}
        onColumnsInView={onColumnsInView}
        className={cn(asking && 'opacity-60')}
      />
    </div>
  );
}

/** The rows that are here already. */
function held(table: ResultTable): RowsHere {
  return async (signal, taker) => {
    if (taker !== undefined) {
      const { takeHeld } = await import('../model/held-rows.ts');
      await takeHeld(table, taker, signal);
    }
    return { table, truncated: false };
  };
}

/** Runs a query here for all of its rows, whatever has been shown of them. */
function inTab(
  session: Pick<QuerySession, 'run'>,
  { sql, ref }: Pick<RunOutcome['request'], 'sql' | 'ref'>,
): RowsHere {
  return async (signal, taker) => {
    const request = { sql, ref, preference: 'browser', maxRows: Number.MAX_SAFE_INTEGER } as const;
    const handle = session.run(request, taker);
    signal.addEventListener('abort', () => handle.cancel(), { once: true });
    return handle.result;
  };
}
