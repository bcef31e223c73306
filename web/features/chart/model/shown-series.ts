import { useEffect, useState } from 'react';
import type { ChartConfig } from '#shared/contract/notebooks.ts';
import { isAbortError } from '#shared/errors/app-error.ts';
import type { AskableResult } from '#web/duckdb/relation/ask-result.ts';
import { readTopValues, topValuesSql } from '#web/lib/relation/column-stats.ts';

interface Choice {
  readonly value: string;
  readonly rows: number;
}

/** Which of the things that a column names a chart shows. */
export type SeriesChoice =
  /** The chart shows all rows. */
  | { readonly kind: 'all' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retry: () => void }
  | {
      readonly kind: 'one';
      /** Those with the most rows first. */
      readonly choices: readonly Choice[];
      /** Whether the column has others too. */
      readonly more: boolean;
      readonly shown: string;
    };

/** Nobody looks through a longer list. */
export const MOST_CHOICES = 200;

interface Answer {
  readonly sql: string;
  readonly of: AskableResult;
  readonly attempt: number;
  readonly choices: readonly Choice[] | null;
  readonly error?: unknown;
}

/** The one of several things that candles show: what is kept, or what has the most rows. */
export function useShownSeries(result: AskableResult | null, config: ChartConfig): SeriesChoice {
  const column = config.type === 'candlestick' ? columnOf(result, config.series) : -1;
  const sql =
    result === null || column < 0 ? null : topValuesSql(result.relation, [], column, MOST_CHOICES + 2);
  const [attempt, setAttempt] = useState(1);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (result === null || sql === null) return;
    const handle = result.ask(sql, MOST_CHOICES + 2);
    const asked = { sql, of: result, attempt };
    handle.result
      .then(({ table }) => {
        const choices = readTopValues(table).flatMap(({ label, count }) =>
          label === null ? [] : [{ value: label, rows: count }],
        );
        return setAnswer({ ...asked, choices });
      })
      .catch((error: unknown) => {
        if (!isAbortError(error)) setAnswer({ ...asked, choices: null, error });
      });
    return () => handle.cancel();
  }, [result, sql, attempt]);

  if (sql === null) return { kind: 'all' };
  if (answer === null || answer.sql !== sql || answer.of !== result || answer.attempt !== attempt)
    return { kind: 'waiting' };
  if (answer.choices === null)
    return { kind: 'failed', error: answer.error, retry: () => setAttempt(attempt + 1) };
  return chosenOf(answer.choices, config.only);
}

/** @param all of a column, the first of them where there are more than can be chosen from */
export function chosenOf(all: readonly Choice[], only: string | undefined): SeriesChoice {
  const more = all.length > MOST_CHOICES;
  const listed = all.slice(0, MOST_CHOICES);
  const kept = listed.find(({ value }) => value === only);
  // One with few rows is not in the list, and may be there all the same.
  const unlisted = kept === undefined && more && only !== undefined ? [{ value: only, rows: 0 }] : [];
  const choices = [...unlisted, ...listed];
  const shown = kept ?? choices[0];
  // A column that is NULL in all rows has nothing to choose from.
  return shown === undefined ? { kind: 'all' } : { kind: 'one', choices, more, shown: shown.value };
}

function columnOf(result: AskableResult | null, name: string | undefined): number {
  return result?.relation.columns.findIndex((column) => column.name === name) ?? -1;
}
