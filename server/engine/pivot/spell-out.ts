import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { sqlError } from '../analyze/parse.ts';
import { applySplices, type Splice, type SplicedSql } from '../analyze/splices.ts';
import { ComposedSql } from '../dml/composed-sql.ts';
import type { OpenElement, OpenPivot } from './find-pivots.ts';

/** DuckDB's own limit for the columns of a PIVOT. */
const PIVOT_LIMIT = 100_000;
/** Nobody's value: the column of a PIVOT that has none, which is taken out again. */
const NONE = '__timestream_no_value';

/** The first column of a query's rows as text, in their order, and whether it is the same when it is asked again. */
export type PivotValues = (sql: string) => Promise<{
  readonly values: readonly (string | null)[];
  readonly columns: number;
  /** There are more. */
  readonly truncated: boolean;
  readonly repeatable: boolean;
}>;

/** The same for a PIVOT that begins at an offset. */
type ValuesAt = (sql: string, start: number) => ReturnType<PivotValues>;

export interface SpelledOut extends SplicedSql {
  readonly repeatable: boolean;
}

/**
 * The SQL with the values of every PIVOT written down that takes them from the data, as DuckDB takes them: those of an
 * expression as text, in its order, those of a query in the order that it gives them in.
 *
 * @param pivots of the SQL, as openPivots finds them
 * @throws SQL_BINDING for more columns than DuckDB makes; as `valuesOf`, with places in the SQL
 */
export async function spellOutPivots(
  sql: string,
  pivots: readonly OpenPivot[],
  valuesOf: ValuesAt,
): Promise<SpelledOut> {
  const splices: Splice[] = [];
  let repeatable = true;
  for (const pivot of pivots) {
    const found = await Promise.all(
      pivot.elements.map(async (element) => elementValues(sql, pivot, element, valuesOf)),
    );
    repeatable &&= found.every((each) => each.repeatable);
    if (found.some(({ values }) => values.length === 0)) splices.push(...without(pivot, found));
    else
      splices.push(
        ...found.map(({ element, values }) => spliceOf(element, values.map(quoteLiteral).join(', '))),
      );
  }
  return { ...applySplices(sql, outermost(splices)), repeatable };
}

async function elementValues(
  sql: string,
  { source, withs, start }: OpenPivot,
  element: OpenElement,
  valuesOf: ValuesAt,
) {
  const { expression, query } = element;
  const asked = new ComposedSql(sql);
  for (const [at, each] of withs.entries())
    asked.add(...(at === 0 ? [each, '\n'] : ['SELECT * FROM (\n', each, '\n']));
  if (query === null)
    asked.add(
      'SELECT DISTINCT CAST(',
      expression,
      '\n AS VARCHAR) FROM ',
      source,
      '\n WHERE (',
      expression,
      '\n) IS NOT NULL ORDER BY 1',
    );
  else asked.add('SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (', query, '\n)');
  if (withs.length > 1) asked.add(`${')'.repeat(withs.length - 1)}${query === null ? ' ORDER BY 1' : ''}`);
  const { columns, values, truncated, repeatable } = await valuesOf(asked.sql, start).catch(
    (error: unknown) => {
      throw asked.placed(error);
    },
  );
  if (columns !== 1)
    throw sqlError(
      'SQL_BINDING',
      `The query of PIVOT … IN has to give one column, not ${columns}.`,
      sql,
      query?.start ?? null,
    );
  const kept = [...new Set(values.filter((value) => value !== null))];
  if (truncated || kept.length > PIVOT_LIMIT)
    throw sqlError(
      'SQL_BINDING',
      `PIVOT would make more than ${PIVOT_LIMIT.toLocaleString('en')} columns of this. Pivot on what has fewer values, or name those that matter: ON … IN ('a', 'b').`,
      sql,
      expression.start,
    );
  return { element, values: kept, repeatable };
}

function spliceOf({ expression, query }: OpenElement, list: string): Splice {
  return query === null
    ? { start: expression.end, end: expression.end, text: ` IN (${list})` }
    : { start: query.start, end: query.end, text: list };
}

/** Where one element has no values there are no columns for any: the PIVOT is made with one that nobody sees. */
function without(
  { start, end }: OpenPivot,
  found: readonly { readonly element: OpenElement; readonly values: readonly string[] }[],
): readonly Splice[] {
  const none = `NULL AS ${quoteIdentifier(NONE)}`;
  return [
    { start, end: start, text: `SELECT COLUMNS(lambda c: NOT contains(c, ${quoteLiteral(NONE)})) FROM (` },
    ...found.map(({ element }) => spliceOf(element, none)),
    { start: end, end, text: '\n)' },
  ];
}

/** Those that stand in what another one takes out are gone with it. */
function outermost(splices: readonly Splice[]): readonly Splice[] {
  return splices.filter(
    (inner) =>
      !splices.some(
        (outer) =>
          outer !== inner && outer.start < outer.end && outer.start <= inner.start && inner.end <= outer.end,
      ),
  );
}
