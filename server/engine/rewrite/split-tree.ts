/** A column that rows are split by, and a sample of its values. */
export interface SplitColumn {
  /** SQL of the value in a row. */
  readonly sql: string;
  /** Of each row of the sample: how many rows have a smaller value; nulls are largest. */
  readonly ranks: Int32Array;
  /** SQL constant of a sample row's value; null for NULL. */
  readonly literal: (row: number) => string | null;
}

export interface SplitTree {
  /** Gives the number of a row's leaf, from 0; leaves with near numbers are near in every column. */
  readonly sql: string;
  /** For each leaf the file that it is in, ascending from 0. */
  readonly fileOf: readonly number[];
}

interface Node {
  readonly rows: Int32Array;
  readonly files: number;
  readonly leaves: number;
}

/** What DuckDB computes for every row: so many comparisons are made in about the time of a few. */
const MAX_LEAVES = 512;
/** Inside a file, so that row groups are narrow too. */
const LEAVES_A_FILE = 8;

/**
 * Splits rows into files that are alike in all of several columns: again and again in two, at the median of the rows
 * that are left, each time by the column in which these reach furthest. The path to a leaf, read as bits, is a
 * z-order key whose bits each halve what is really there, so neither skewed nor correlated columns waste one, and
 * types do not matter as long as they have an order. No two files have a combination of values in common.
 */
export function splitTree(columns: readonly SplitColumn[], files: number): SplitTree {
  const size = columns[0]?.ranks.length ?? 0;
  const builder = new TreeBuilder(columns);
  const wanted = Math.min(files, MAX_LEAVES);
  const inside = Math.min(LEAVES_A_FILE, Math.max(1, Math.floor(MAX_LEAVES / wanted)));
  const sql = builder.split({
    rows: Int32Array.from({ length: size }, (_, row) => row),
    files: wanted,
    leaves: inside,
  });
  return { sql, fileOf: builder.fileOf };
}

class TreeBuilder {
  readonly fileOf: number[] = [];
  readonly #columns: readonly SplitColumn[];
  #file = 0;

  constructor(columns: readonly SplitColumn[]) {
    this.#columns = columns;
  }

  split({ rows, files, leaves }: Node): string {
    const before = Math.floor(files / 2);
    const cut = files > 1 ? this.#cut(rows, before / files) : null;
    if (cut === null) {
      // Rows that can't be told apart are one leaf, however many files they take.
      const sql = this.#inside(rows, files > 1 ? 1 : leaves);
      this.#file += 1;
      return sql;
    }
    const left = this.split({ rows: cut.left, files: before, leaves });
    return `CASE WHEN ${cut.condition} THEN ${left} ELSE ${this.split({ rows: cut.right, files: files - before, leaves })} END`;
  }

  /** Leaves of the file that is being made. */
  #inside(rows: Int32Array, leaves: number): string {
    const before = Math.floor(leaves / 2);
    const cut = leaves > 1 ? this.#cut(rows, before / leaves) : null;
    if (cut === null) return String(this.fileOf.push(this.#file) - 1);
    const left = this.#inside(cut.left, before);
    return `CASE WHEN ${cut.condition} THEN ${left} ELSE ${this.#inside(cut.right, leaves - before)} END`;
  }

  /** By the column that reaches furthest, or the next one where that has one value only. */
  #cut(rows: Int32Array, share: number): Cut | null {
    const spreads = this.#columns.map((column, index) => ({ index, spread: spreadOf(column.ranks, rows) }));
    spreads.sort((a, b) => b.spread - a.spread);
    for (const { index, spread } of spreads) {
      const column = this.#columns[index];
      if (spread === 0 || column === undefined) return null;
      const cut = cutBy(column, rows, share);
      if (cut !== null) return cut;
    }
    return null;
  }
}

interface Cut {
  readonly condition: string;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

function spreadOf(ranks: Int32Array, rows: Int32Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (const row of rows) {
    const rank = ranks[row] ?? 0;
    if (rank < low) low = rank;
    if (rank > high) high = rank;
  }
  return rows.length === 0 ? 0 : high - low;
}

/** Equal values stay together: the cut is between two values, whichever is nearest to the share. */
function cutBy({ sql, ranks, literal }: SplitColumn, rows: Int32Array, share: number): Cut | null {
  const sorted = Int32Array.from(rows, (row) => ranks[row] ?? 0).sort();
  const middle = Math.min(sorted.length - 1, Math.max(1, Math.round(sorted.length * share)));
  const at = sorted[middle] ?? 0;
  const first = sorted.indexOf(at);
  const behind = sorted.findIndex((rank, index) => index >= middle && rank > at);
  const useFirst = first > 0 && (behind < 0 || middle - first <= behind - middle);
  const rank = useFirst ? at : behind < 0 ? null : (sorted[behind] ?? null);
  if (rank === null) return null;
  const example = rows.find((row) => ranks[row] === rank) ?? 0;
  const value = literal(example);
  return {
    condition: value === null ? `${sql} IS NOT NULL` : `${sql} < ${value}`,
    left: rows.filter((row) => (ranks[row] ?? 0) < rank),
    right: rows.filter((row) => (ranks[row] ?? 0) >= rank),
  };
}
