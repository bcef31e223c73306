import { useEffect, useMemo, useState } from 'react';
import type { RowsView } from '#shared/contract/notebooks.ts';
import { isAbortError } from '#shared/errors/app-error.ts';
import { askableResult, type AskableResult } from '#web/duckdb/relation/ask-result.ts';
import type { QuerySession, RunOutcome } from '#web/duckdb/types.ts';
import { viewSql, WHOLE_RELATION, type RelationView } from '#web/lib/relation/relation-sql.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { namedView, viewOf } from './named-view.ts';

export interface ShownRelation {
  /** Null for a result that can't be asked further. */
  readonly result: AskableResult | null;
  readonly view: RelationView;
  readonly setView: (view: RelationView) => void;
  /** The rows to show: those of the view, or the ones before while these are on their way. */
  readonly table: ResultTable;
  /** The rows of the view as its answer has them; null where they are not here, or not all of them. */
  readonly whole: ResultTable | null;
  readonly truncated: boolean;
  /** The engine is at it. */
  readonly asking: boolean;
  /** Why the view could not be had. */
  readonly error: unknown;
  /** The SQL of what is shown. */
  readonly sql: string;
}

/** A view that outlives the page. */
export interface KeptView {
  readonly value: RowsView | undefined;
  readonly onChange: (value: RowsView | undefined) => void;
}

interface Answer {
  readonly key: string;
  readonly from: RunOutcome;
  readonly outcome: RunOutcome | null;
  readonly error: unknown;
}

/**
 * A result as a person looks at it: sorted and filtered by the engine that answers queries, over all of its rows, at
 * the snapshots that it was read from.
 */
export function useRelationView(
  session: Pick<QuerySession, 'run'>,
  outcome: RunOutcome,
  kept: KeptView | undefined,
): ShownRelation {
  const result = useMemo(() => askableResult(session, outcome), [session, outcome]);
  const columns = JSON.stringify(outcome.table.columns);
  const [chosen, setChosen] = useState<{ columns: string; view: RelationView } | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const value = kept?.value;
  const fromKept = useMemo(() => viewOf(value, outcome.table.columns), [value, outcome]);
  // Another run of the same query is looked at as the one before; other columns begin anew.
  const own = chosen?.columns === columns ? chosen.view : WHOLE_RELATION;
  const view = kept === undefined ? own : fromKept;
  const whole = view.sort.length === 0 && view.filters.length === 0;
  const sql = result === null || whole ? outcome.request.sql : viewSql(result.relation, view);

  useEffect(() => {
    if (whole || result === null) return;
    const asked = result.ask(sql);
    asked.result
      .then((next) => setAnswer({ key: sql, from: outcome, outcome: next, error: null }))
      .catch((error: unknown) => {
        if (!isAbortError(error)) setAnswer({ key: sql, from: outcome, outcome: null, error });
      });
    return () => asked.cancel();
  }, [outcome, result, sql, whole]);

  const current = !whole && answer?.key === sql && answer.from === outcome ? answer : null;
  const shown = whole ? outcome : (current?.outcome ?? (answer?.from === outcome ? answer.outcome : null));
  const table = useMemo(() => {
    const rows = (shown ?? outcome).table;
    if (rows === outcome.table) return rows;
    // The view's columns have names of their own where those of the result are empty.
    return {
      columns: outcome.table.columns,
      rowCount: rows.rowCount,
      value: (row: number, column: number) => rows.value(row, column),
    };
  }, [shown, outcome]);

  return {
    result,
    view,
    setView: (next) =>
      kept === undefined
        ? setChosen({ columns, view: next })
        : kept.onChange(namedView(next, outcome.table.columns)),
    table,
    whole: shown === null || shown.truncated || (!whole && current === null) ? null : shown.table,
    truncated: (shown ?? outcome).truncated,
    asking: !whole && current === null,
    error: current?.error ?? null,
    sql,
  };
}
