import type { RowChangeKind } from '#shared/contract/diff.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';

export interface RowDiffInput {
  readonly before: string;
  readonly after: string;
  /** Names, in the order of the views' columns. */
  readonly columns: readonly string[];
  /** Indexes of the columns that say which row is which; none: whole rows. */
  readonly keys: readonly number[];
  /** Indexes of the columns that rows can be put in order by. */
  readonly sortable: readonly number[];
}

/**
 * Rows that are equal as a whole cancel, as often as both sides have them. Of what is left, one row that went and one
 * that came with the same key are one row that changed; a key that is there more than once says nothing.
 */
function keyedSql({ before, after, columns, keys }: RowDiffInput): string {
  const named = columns.map((name, index) => `${quoteIdentifier(name)} AS c${index}`).join(', ');
  const all = columns.map((_, index) => `c${index}`).join(', ');
  const window = keys.map((index) => `c${index}`).join(', ');
  const kind =
    keys.length === 0
      ? `CASE WHEN n > 0 THEN 'added' ELSE 'removed' END`
      : `CASE WHEN sum(greatest(n, 0)) OVER same = 1 AND sum(greatest(-n, 0)) OVER same = 1 THEN 'changed' WHEN n > 0 THEN 'added' ELSE 'removed' END`;
  return `WITH net AS (
  SELECT ${all}, sum(side)::BIGINT AS n FROM (
    SELECT ${named}, 1 AS side FROM ${quoteIdentifier(after)}
    UNION ALL SELECT ${named}, -1 AS side FROM ${quoteIdentifier(before)}
  ) GROUP BY ${all} HAVING sum(side) <> 0
), keyed AS MATERIALIZED (
  SELECT ${all}, n, ${kind} AS kind FROM net${keys.length === 0 ? '' : ` WINDOW same AS (PARTITION BY ${window})`}
)`;
}

/**
 * One row of BIGINT: how many rows were added, removed, changed; then, where rows have keys, for each column in how
 * many of the changed rows it differs.
 */
export function countsSql(input: RowDiffInput): string {
  const totals = `SELECT coalesce(sum(n) FILTER (kind = 'added'), 0)::BIGINT, coalesce(sum(-n) FILTER (kind = 'removed'), 0)::BIGINT, (count(*) FILTER (kind = 'changed') // 2)::BIGINT FROM keyed`;
  if (input.keys.length === 0) return `${keyedSql(input)}\n${totals}`;
  const columns = input.columns.map(
    (_, index) => `count(*) FILTER (r.c${index} IS DISTINCT FROM a.c${index})`,
  );
  return `${keyedSql(input)}
SELECT * FROM (${totals}) CROSS JOIN (SELECT ${columns.join(', ')} FROM ${changedPairs(input)})`;
}

/** Each changed row as it was (r) and as it is (a). */
function changedPairs({ keys }: RowDiffInput): string {
  const same = keys.map((index) => `r.c${index} IS NOT DISTINCT FROM a.c${index}`).join(' AND ');
  return `keyed r JOIN keyed a ON ${same} WHERE r.kind = 'changed' AND a.kind = 'changed' AND r.n < 0 AND a.n > 0`;
}

/** Which of the rows that differ are wanted. */
export interface RowFilter {
  readonly kinds?: readonly RowChangeKind[] | undefined;
  /** Index of a column. */
  readonly changedIn?: number | undefined;
  readonly text?: string | undefined;
}

function filterSql({ columns }: RowDiffInput, { kinds, changedIn, text }: RowFilter): string {
  const conditions: string[] = [];
  if (kinds !== undefined) conditions.push(`kind IN (${kinds.map(quoteLiteral).join(', ')})`);
  if (changedIn !== undefined)
    conditions.push(`kind = 'changed' AND b${changedIn} IS DISTINCT FROM a${changedIn}`);
  if (text !== undefined) {
    const wanted = `lower(${quoteLiteral(text)})`;
    const values = columns.flatMap((_, index) => [`b${index}`, `a${index}`]);
    const has = values.map((value) => `contains(lower(${value}::VARCHAR), ${wanted})`);
    conditions.push(`(${has.join(' OR ')})`);
  }
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** A page of rows: kind, how often, the columns before, the columns after. */
export function rowsSql(
  input: RowDiffInput,
  page: { readonly limit: number; readonly offset: number },
  filter: RowFilter = {},
): string {
  const { columns, keys, sortable } = input;
  const indexes = columns.map((_, index) => index);
  const sides = (before: (index: number) => string, after: (index: number) => string) =>
    [
      ...indexes.map((index) => `${before(index)} AS b${index}`),
      ...indexes.map((index) => `${after(index)} AS a${index}`),
    ].join(', ');
  const of = (side: string) => (index: number) => `${side}.c${index}`;
  const nothing = () => 'NULL';
  const lines = [
    `SELECT 'added' AS kind, a.n AS times, ${sides(nothing, of('a'))} FROM keyed a WHERE a.kind = 'added'`,
    `SELECT 'removed', -r.n, ${sides(of('r'), nothing)} FROM keyed r WHERE r.kind = 'removed'`,
  ];
  if (keys.length > 0) {
    lines.push(`SELECT 'changed', 1::BIGINT, ${sides(of('r'), of('a'))} FROM ${changedPairs(input)}`);
  }
  // Pages must not overlap, so rows that differ anywhere have an order.
  const others = indexes.filter((index) => !keys.includes(index));
  const order = [...keys, ...others].map((index) => {
    const value = `coalesce(b${index}, a${index})`;
    return sortable.includes(index) ? value : `hash(${value})`;
  });
  return `${keyedSql(input)}, lines AS (
${lines.join('\nUNION ALL ')}
)
SELECT * FROM lines${filterSql(input, filter)} ORDER BY ${[...order, 'kind'].join(', ')} LIMIT ${page.limit} OFFSET ${page.offset}`;
}
