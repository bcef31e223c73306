import type { ResultColumn } from '#shared/contract/plan.ts';
import { isNested, isNumeric, isTemporal, parseSqlType } from '../format/duckdb-type.ts';
import type { CellValue, ResultTable } from '../result-table.ts';
import { columnAlias, fromRelation, whereSql, type ColumnFilter, type Relation } from './relation-sql.ts';

/** How the values of a column lie. */
export type Distribution =
  | {
      readonly kind: 'range';
      /** What the axis counts: plain numbers, or microseconds since 1970 UTC. */
      readonly axis: 'number' | 'time';
      readonly from: number;
      readonly to: number;
      /** Rows in each of as many equal parts of [from, to]. */
      readonly counts: readonly number[];
    }
  | {
      readonly kind: 'values';
      /** Every value, the most frequent first. */
      readonly values: readonly { readonly label: string; readonly count: number }[];
    };

export interface ColumnStats {
  readonly rows: number;
  readonly nulls: number;
  /** Approximate (HyperLogLog, within some per cent); null where values of the type are not compared. */
  readonly distinct: number | null;
  /** As DuckDB prints them, texts cut after 100 characters; null where there are none. */
  readonly min: string | null;
  readonly max: string | null;
  /** Of the values that have a place among numbers. */
  readonly mean: number | null;
  /** NaN and infinite values: they count as extremes, and have no place in the mean and the distribution. */
  readonly boundless: number;
  readonly distribution: Distribution | null;
}

const BINS = 20;
/** With more different values than these, a bar for each says nothing. */
const MAX_VALUES = 24;

type Axis = 'number' | 'time' | null;

function axisOf({ type }: ResultColumn): Axis {
  const parsed = parseSqlType(type);
  if (isNumeric(parsed)) return 'number';
  return isTemporal(parsed) ? 'time' : null;
}

function isComparable({ type }: ResultColumn): boolean {
  const parsed = parseSqlType(type);
  return !isNested(parsed) && parsed.kind !== 'blob';
}

/** The column on a scale of DOUBLE; NULL where a value has no place there. */
export function axisSql(name: string, type: string): string {
  const parsed = parseSqlType(type);
  if (parsed.kind === 'timestamptz') return `CAST(epoch_us(${name}) AS DOUBLE)`;
  if (isTemporal(parsed)) return `CAST(epoch_us(CAST(${name} AS TIMESTAMP)) AS DOUBLE)`;
  if (parsed.kind === 'float') return `CASE WHEN isfinite(${name}) THEN CAST(${name} AS DOUBLE) END`;
  return `CAST(${name} AS DOUBLE)`;
}

/** What is known of a column after one pass; a second one can then say how its values lie. */
export type ColumnFigures = Omit<ColumnStats, 'distribution'> & {
  readonly from: number | null;
  readonly to: number | null;
};

const FIGURES = 8;

/** One row: how many rows there are, then eight figures for each of `columns`. The engine reads no other column. */
export function figuresSql(
  relation: Relation,
  filters: readonly ColumnFilter[],
  columns: readonly number[],
): string {
  const items = columns.flatMap((column) => {
    const name = columnAlias(column);
    const info = relation.columns[column];
    if (info === undefined) return [];
    const axis = axisOf(info);
    const comparable = isComparable(info);
    const extreme = (which: string) =>
      comparable ? `left(CAST(${which}(${name}) AS VARCHAR), 100)` : 'NULL::VARCHAR';
    const place = axis === null ? 'NULL::DOUBLE' : axisSql(name, info.type);
    return [
      `count(${name})`,
      comparable ? `approx_count_distinct(${name})` : 'NULL::BIGINT',
      extreme('min'),
      extreme('max'),
      axis === 'number' ? `avg(${place})` : 'NULL::DOUBLE',
      `min(${place})`,
      `max(${place})`,
      axis === 'number' ? `count(${name}) - count(${place})` : '0',
    ];
  });
  return `SELECT ${['count(*)', ...items].join(', ')}\nFROM ${fromRelation(relation)}${whereSql(relation, filters)}`;
}

export function readFigures(table: ResultTable, columns: readonly number[]): readonly ColumnFigures[] {
  const rows = count(table.value(0, 0));
  return columns.map((_, at) => {
    const value = (figure: number) => table.value(0, 1 + at * FIGURES + figure);
    const distinct = value(1);
    return {
      rows,
      nulls: rows - count(value(0)),
      distinct: distinct === null ? null : Math.min(count(distinct), rows),
      min: text(value(2)),
      max: text(value(3)),
      mean: number(value(4)),
      from: number(value(5)),
      to: number(value(6)),
      boundless: count(value(7)),
    };
  });
}

/** How the values of some columns are to be counted. */
interface Binning {
  readonly column: number;
  readonly kind: 'range' | 'values';
  readonly axis: 'number' | 'time';
  readonly from: number;
  readonly to: number;
  readonly bins: number;
}

/** Those of `columns` whose values can be drawn, and how. */
export function binningsOf(
  relation: Relation,
  columns: readonly number[],
  figures: readonly ColumnFigures[],
): readonly Binning[] {
  return columns.flatMap((column, at): Binning[] => {
    const info = relation.columns[column];
    const known = figures[at];
    if (info === undefined || known === undefined || known.rows === known.nulls) return [];
    const axis = axisOf(info);
    if (axis === null) {
      if (known.distinct === null || known.distinct > MAX_VALUES) return [];
      return [{ column, kind: 'values', axis: 'number', from: 0, to: 0, bins: 0 }];
    }
    const { from, to } = known;
    if (from === null || to === null || !Number.isFinite(to - from)) return [];
    const whole = parseSqlType(info.type).kind === 'integer' && to - from < BINS;
    // Whole numbers in a short range have a bar each.
    if (whole) return [{ column, kind: 'range', axis, from, to: to + 1, bins: to - from + 1 }];
    return [{ column, kind: 'range', axis, from, to, bins: to > from ? BINS : 1 }];
  });
}

/** One row with a MAP of counts for each binning. */
export function distributionsSql(
  relation: Relation,
  filters: readonly ColumnFilter[],
  binnings: readonly Binning[],
): string {
  const items = binnings.map(({ column, kind, from, to, bins }) => {
    const name = columnAlias(column);
    if (kind === 'values') return `histogram(left(CAST(${name} AS VARCHAR), 100))`;
    const place = axisSql(name, relation.columns[column]?.type ?? 'DOUBLE');
    const bin =
      bins === 1
        ? '0'
        : `CAST(least(${bins - 1}, greatest(0, floor((${place} - ${double(from)}) / ${double((to - from) / bins)}))) AS INTEGER)`;
    // least and greatest pass over NULL, which is in no bin.
    return `histogram(CASE WHEN ${place} IS NOT NULL THEN ${bin} END)`;
  });
  return `SELECT ${items.join(', ')}\nFROM ${fromRelation(relation)}${whereSql(relation, filters)}`;
}

export function readDistributions(
  table: ResultTable,
  binnings: readonly Binning[],
): ReadonlyMap<number, Distribution> {
  return new Map(
    binnings.map(({ column, kind, axis, from, to, bins }, at): readonly [number, Distribution] => {
      const map = table.value(0, at);
      const entries = Array.isArray(map) ? (map as readonly (readonly [CellValue, CellValue])[]) : [];
      if (kind === 'range') {
        const counts = Array.from({ length: bins }, () => 0);
        for (const [bin, rows] of entries) if (bin !== null) counts[Number(bin)] = count(rows);
        return [column, { kind, axis, from, to, counts }];
      }
      const values = entries
        .filter(([label]) => label !== null)
        .map(([label, rows]) => ({ label: text(label) ?? '', count: count(rows) }))
        .sort((a, b) => b.count - a.count);
      return [column, { kind, values }];
    }),
  );
}

/** The most frequent values of one column, with how often each is there; exact. */
export function topValuesSql(
  relation: Relation,
  filters: readonly ColumnFilter[],
  column: number,
  limit: number,
): string {
  const name = columnAlias(column);
  return `SELECT CAST(${name} AS VARCHAR), count(*) AS n\nFROM ${fromRelation(relation)}${whereSql(relation, filters)}\nGROUP BY ${name}\nORDER BY n DESC, 1\nLIMIT ${limit}`;
}

export function readTopValues(
  table: ResultTable,
): readonly { readonly label: string | null; readonly count: number }[] {
  return Array.from({ length: table.rowCount }, (_, row) => ({
    label: text(table.value(row, 0)),
    count: count(table.value(row, 1)),
  }));
}

function count(value: CellValue): number {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string'
    ? Number(value)
    : 0;
}

function number(value: CellValue): number | null {
  return value === null ? null : count(value);
}

function text(value: CellValue): string | null {
  return typeof value === 'string' ? value : null;
}

/** Without the exponent DuckDB would take 1e21 for DOUBLE anyway, and 12 for an INTEGER whose division is whole. */
function double(value: number): string {
  return `CAST(${value} AS DOUBLE)`;
}
