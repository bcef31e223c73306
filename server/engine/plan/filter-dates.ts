import type { Expression } from '#shared/iceberg/expression.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { isNode, nodesOf, textOf, type AstNode } from '../analyze/ast.ts';
import { integerConstant, intervalConstant, literalOf, textConstant } from './filter-literal.ts';

/** Moments that follow each other, in microseconds: `from` is one of them, `until` the first that is none any more. */
interface Span {
  readonly from?: bigint;
  readonly until?: bigint;
}

/** Moments that a condition leaves to a column: at least those that pass it. */
interface Moments {
  readonly field: NestedField;
  readonly spans: readonly Span[];
}

/** What a condition compares: it says at which moments of its column it has such a value, or null where it does not know. */
interface Term {
  readonly field: NestedField;
  spansOf(comparison: string, constant: AstNode): readonly Span[] | null;
}

type ColumnOf = (node: AstNode | undefined) => NestedField | null;

const DAY = 86_400_000_000n;
const MOST_YEARS = 100_000n;
const MOST_MOVED = 4_000_000n * DAY;
/** Bounds beyond it come near what stands for infinity in a column, which no interval moves. */
const FARTHEST = 70_000_000n * DAY;

/**
 * Where a condition on a function of a date leaves its column: `year(d) = 2002`, `strftime(d, '%Y-%m') < '2001-03'`,
 * `d + INTERVAL 1 DAY > …`. It holds for every row that passes the condition, and may hold for others (infinite dates have no
 * year), so that it must not be negated. Null where nothing is known.
 *
 * With time zones neither years nor days are the same in every session, so columns that have one are left alone.
 */
export function dateCondition(node: AstNode, columnOf: ColumnOf): Expression | null {
  switch (textOf(node['type'])) {
    case 'COMPARE_BETWEEN': {
      const { input, lower, upper } = node;
      const from = compared('COMPARE_GREATERTHANOREQUALTO', input, lower, columnOf);
      const to = compared('COMPARE_LESSTHANOREQUALTO', input, upper, columnOf);
      if (from === null || to === null) return from ?? to;
      return { op: 'and', left: from, right: to };
    }
    case 'COMPARE_IN': {
      const [input, ...items] = nodesOf(node['children']);
      const any = items.map((item) => compared('COMPARE_EQUAL', input, item, columnOf));
      const known = any.filter((one) => one !== null);
      if (known.length === 0 || known.length < any.length) return null;
      return known.reduce((left, right) => ({ op: 'or', left, right }));
    }
    default: {
      const { left, right } = node;
      const type = textOf(node['type']);
      return compared(type, left, right, columnOf) ?? compared(FLIPPED[type] ?? type, right, left, columnOf);
    }
  }
}

const FLIPPED: Readonly<Record<string, string>> = {
  COMPARE_LESSTHAN: 'COMPARE_GREATERTHAN',
  COMPARE_LESSTHANOREQUALTO: 'COMPARE_GREATERTHANOREQUALTO',
  COMPARE_GREATERTHAN: 'COMPARE_LESSTHAN',
  COMPARE_GREATERTHANOREQUALTO: 'COMPARE_LESSTHANOREQUALTO',
};

function compared(
  comparison: string,
  value: AstNode[string],
  constant: AstNode[string],
  columnOf: ColumnOf,
): Expression | null {
  if (!isNode(value) || !isNode(constant)) return null;
  const term = termOf(value, columnOf);
  const spans = term?.spansOf(comparison, constant) ?? null;
  return term === null || spans === null ? null : expressionOf({ field: term.field, spans });
}

function expressionOf({ field, spans }: Moments): Expression | null {
  const any = spans.map((span) => spanExpression(field, span)).filter((one) => one !== null);
  if (any.length === 0 || any.length < spans.length) return null;
  return any.reduce((left, right) => ({ op: 'or', left, right }));
}

function spanExpression(field: NestedField, { from, until }: Span): Expression | null {
  const low = from === undefined ? null : bound(field, 'gt-eq', from);
  const high = until === undefined ? null : bound(field, 'lt', until);
  return low === null || high === null ? (low ?? high) : { op: 'and', left: low, right: high };
}

function bound({ id, type }: NestedField, op: 'gt-eq' | 'lt', moment: bigint): Expression | null {
  if (moment > FARTHEST || moment < -FARTHEST) return null;
  // A date is its midnight: one that is not before a moment, or is before it, is so by the next midnight too.
  const value = type === 'date' ? Number(nextMidnight(moment) / DAY) : moment;
  return { op, fieldId: id, value };
}

function termOf(node: AstNode, columnOf: ColumnOf): Term | null {
  const name = textOf(node['function_name']);
  const children = nodesOf(node['children']);
  const [first, second] = children;
  if (node['class'] !== 'FUNCTION' || first === undefined) return periodTerm(node, momentOf, columnOf);
  if (name === 'year' && children.length === 1) return periodTerm(first, yearsOf, columnOf);
  if (second === undefined || children.length > 2) return null;
  if (/^date_?part$/.test(name))
    return /^(y|yrs?|years?)$/i.test(textConstant(first) ?? '')
      ? periodTerm(second, yearsOf, columnOf)
      : null;
  if (name !== 'strftime') return periodTerm(node, momentOf, columnOf);
  const [format, value] = textConstant(first) === null ? [second, first] : [first, second];
  const pattern = FORMATS[textConstant(format) ?? ''];
  return pattern === undefined
    ? null
    : periodTerm(value, (constant) => formattedPeriod(constant, pattern), columnOf);
}

/** A stretch of time that a constant names, and where there are later moments whose text stands before others'. */
interface Period {
  readonly start: bigint;
  readonly end: bigint;
  readonly unordered?: bigint;
}

/** Of a function that has one value for a stretch of time, and higher ones for later stretches. */
function periodTerm(
  argument: AstNode,
  periodOf: (constant: AstNode) => Period | null,
  columnOf: ColumnOf,
): Term | null {
  const inner = movedColumn(argument, columnOf);
  if (inner === null) return null;
  return {
    field: inner.field,
    spansOf: (comparison, constant) => {
      const period = periodOf(constant);
      return period === null ? null : inner.back(periodSpans(comparison, period));
    },
  };
}

function periodSpans(comparison: string, { start, end, unordered }: Period): readonly Span[] {
  const later = unordered === undefined ? [] : [{ from: unordered }];
  switch (comparison) {
    case 'COMPARE_EQUAL':
      return [{ from: start, until: end }];
    case 'COMPARE_GREATERTHAN':
      return [{ from: end }];
    case 'COMPARE_GREATERTHANOREQUALTO':
      return [{ from: start }];
    case 'COMPARE_LESSTHAN':
      return [{ until: start }, ...later];
    case 'COMPARE_LESSTHANOREQUALTO':
      return [{ until: end }, ...later];
    default:
      return [];
  }
}

function yearsOf(constant: AstNode): Period | null {
  const year = integerConstant(constant);
  if (year === null || year > MOST_YEARS || year < -MOST_YEARS) return null;
  return { start: midnight(Number(year), 0, 1), end: midnight(Number(year) + 1, 0, 1) };
}

/** Formats whose texts sort as the dates of the years 0 to 9999 do; earlier years begin with a sign, which sorts first. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  '%Y': /^(\d{4})$/,
  '%Y-%m': /^(\d{4})-(0[1-9]|1[0-2])$/,
  '%Y-%m-%d': /^(\d{4})-(0[1-9]|1[0-2])-(\d\d)$/,
};

function formattedPeriod(constant: AstNode, pattern: RegExp): Period | null {
  const match = pattern.exec(textConstant(constant) ?? '');
  if (match === null) return null;
  const [year = 0, month, day] = match.slice(1).map(Number);
  const start = midnight(year, (month ?? 1) - 1, day ?? 1);
  // '2001-02-30' is the text of no date.
  if (new Date(Number(start / 1000n)).getUTCDate() !== (day ?? 1)) return null;
  const next: [number, number, number] =
    month === undefined
      ? [year + 1, 0, 1]
      : day === undefined
        ? [year, month, 1]
        : [year, month - 1, day + 1];
  // '10000' sorts before '2001'.
  return { start, end: midnight(...next), unordered: midnight(10_000, 0, 1) };
}

/** By the calendar that DuckDB has too: Gregorian at all times, with a year 0. */
function midnight(year: number, month: number, day: number): bigint {
  return BigInt(new Date(0).setUTCFullYear(year, month, day)) * 1000n;
}

function nextMidnight(moment: bigint): bigint {
  const past = moment % DAY;
  return past === 0n ? moment : moment - past + (past > 0n ? DAY : 0n);
}

/** A column, moved by what is added to it, or cast to a date. */
interface MovedColumn {
  readonly field: NestedField;
  /** Moments of the column that come to be these. */
  back(spans: readonly Span[]): readonly Span[];
}

/** A date or a time, as the shortest period. */
function momentOf(constant: AstNode): Period | null {
  const days = literalOf(constant, 'date');
  const moment = typeof days === 'number' ? BigInt(days) * DAY : literalOf(constant, 'timestamp');
  return typeof moment === 'bigint' ? { start: moment, end: moment + 1n } : null;
}

function movedColumn(node: AstNode, columnOf: ColumnOf): MovedColumn | null {
  const field = columnOf(node);
  if (field !== null)
    return field.type === 'date' || field.type === 'timestamp' ? { field, back: (spans) => spans } : null;
  if (node['class'] === 'CAST') return castColumn(node, columnOf);
  const sign = SIGNS[textOf(node['function_name'])];
  const [left, right, ...more] = nodesOf(node['children']);
  if (node['class'] !== 'FUNCTION' || sign === undefined) return null;
  if (left === undefined || right === undefined || more.length > 0) return null;
  const added = moveOf(right);
  if (added !== null) return moved(movedColumn(left, columnOf), sign * added);
  const first = sign > 0n ? moveOf(left) : null;
  return first === null ? null : moved(movedColumn(right, columnOf), first);
}

const SIGNS: Readonly<Record<string, bigint>> = { '+': 1n, '-': -1n };

/** In microseconds; an integer is days. Months are not the same length, and so are left out. */
function moveOf(constant: AstNode): bigint | null {
  const days = integerConstant(constant);
  const by = days === null ? intervalConstant(constant) : days * DAY;
  return by === null || by > MOST_MOVED || by < -MOST_MOVED ? null : by;
}

function moved(column: MovedColumn | null, by: bigint): MovedColumn | null {
  if (column === null) return null;
  return { field: column.field, back: (spans) => column.back(mapSpans(spans, (moment) => moment - by)) };
}

function castColumn(node: AstNode, columnOf: ColumnOf): MovedColumn | null {
  const { child, cast_type: target } = node;
  const type = isNode(target) ? textOf(target['id']) : '';
  const column = isNode(child) ? movedColumn(child, columnOf) : null;
  if (column === null || (type !== 'DATE' && type !== 'TIMESTAMP')) return null;
  // A day is not before a moment, or is before it, as the next midnight says of all that is in it.
  return type === 'TIMESTAMP'
    ? column
    : { field: column.field, back: (spans) => column.back(mapSpans(spans, nextMidnight)) };
}

function mapSpans(spans: readonly Span[], change: (moment: bigint) => bigint): readonly Span[] {
  return spans.map(({ from, until }) => ({
    ...(from === undefined ? {} : { from: change(from) }),
    ...(until === undefined ? {} : { until: change(until) }),
  }));
}
