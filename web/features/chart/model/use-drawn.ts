import { useEffect, useMemo, useState } from 'react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { isAbortError } from '#shared/errors/app-error.ts';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import { chartQuery } from './chart-sql.ts';

export type Drawn =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retry: () => void }
  | {
      readonly kind: 'ready';
      readonly table: ResultTable;
      /** The chart of that table. */
      readonly config: ChartConfig;
      readonly notes: readonly string[];
      /** The page leaves nothing of it out; see ChartQuery. */
      readonly whole: boolean;
    };

interface Answer {
  readonly sql: string;
  readonly of: AskableResult;
  readonly attempt: number;
  readonly table?: ResultTable;
  readonly truncated?: boolean;
  readonly error?: unknown;
}

/**
 * The rows that a chart is drawn from: the page's own where they are few, else what the engine makes of all of them.
 *
 * @param config null as long as it is not known what is to be drawn
 */
export function useDrawn(
  result: AskableResult | null,
  table: ResultTable,
  truncated: boolean,
  config: ChartConfig | null,
): Drawn {
  const query = useMemo(
    () =>
      result === null || config === null
        ? null
        : chartQuery(result.relation, config, { rows: table.rowCount, truncated }),
    [result, table, truncated, config],
  );
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(1);
  const sql = query?.sql ?? null;
  const maxRows = query?.maxRows;
  useEffect(() => {
    if (result === null || sql === null) return;
    const handle = result.ask(sql, maxRows);
    handle.result
      .then((outcome) =>
        setAnswer({ sql, of: result, attempt, table: outcome.table, truncated: outcome.truncated }),
      )
      .catch((error: unknown) => {
        if (!isAbortError(error)) setAnswer({ sql, of: result, attempt, error });
      });
    return () => handle.cancel();
  }, [result, sql, maxRows, attempt]);

  return useMemo((): Drawn => {
    if (config === null) return { kind: 'waiting' };
    if (query === null) return { kind: 'ready', table, config, notes: [], whole: false };
    if (answer === null || answer.sql !== query.sql || answer.of !== result || answer.attempt !== attempt)
      return { kind: 'waiting' };
    if (answer.table === undefined) {
      const retry = () => setAttempt(attempt + 1);
      return { kind: 'failed', error: answer.error, retry };
    }
    const cut = answer.truncated === true ? ['There are more groups than a chart can show.'] : [];
    const notes = [...query.notes(answer.table), ...cut];
    return { kind: 'ready', table: answer.table, config: query.config, notes, whole: query.whole === true };
  }, [answer, attempt, query, result, table, config]);
}
