import fc from 'fast-check';
import type { Expression } from '#shared/iceberg/expression.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { outwardZero } from '../manifest/partition-summary.ts';
import { transformResultType } from '../partition/transforms.ts';
import { encodeValue } from '../values/single-value.ts';
import { bytesUpperBound, textPrefix, textUpperBound } from '../values/truncate.ts';
import { anyPrimitive, anyValue } from './arbitraries.ts';

/** What DuckDB's SQL says of one row: null is "not known", and NaN is above every number and equals itself. */
export function evaluate(filter: Expression, value: IcebergValue | null): boolean | null {
  switch (filter.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and': {
      const [left, right] = [evaluate(filter.left, value), evaluate(filter.right, value)];
      return left === false || right === false ? false : left === null || right === null ? null : true;
    }
    case 'or': {
      const [left, right] = [evaluate(filter.left, value), evaluate(filter.right, value)];
      return left === true || right === true ? true : left === null || right === null ? null : false;
    }
    case 'not': {
      const child = evaluate(filter.child, value);
      return child === null ? null : !child;
    }
    case 'is-null':
      return value === null;
    case 'not-null':
      return value !== null;
    default:
      break;
  }
  if (value === null) return null;
  switch (filter.op) {
    case 'is-nan':
      return Number.isNaN(value);
    case 'not-nan':
      return !Number.isNaN(value);
    case 'in':
      return filter.values.some((literal) => order(value, literal) === 0);
    case 'not-in':
      return !filter.values.some((literal) => order(value, literal) === 0);
    case 'eq':
      return order(value, filter.value) === 0;
    case 'not-eq':
      return order(value, filter.value) !== 0;
    case 'lt':
      return order(value, filter.value) < 0;
    case 'lt-eq':
      return order(value, filter.value) <= 0;
    case 'gt':
      return order(value, filter.value) > 0;
    case 'gt-eq':
      return order(value, filter.value) >= 0;
    case 'starts-with':
      return String(value).startsWith(String(filter.value));
    case 'not-starts-with':
      return !String(value).startsWith(String(filter.value));
  }
}

function order(a: IcebergValue, b: IcebergValue): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return compareValues(a, b);
}

function anyFilter(type: string): fc.Arbitrary<Expression> {
  const value = anyValue(type);
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    fc.record({
      op: fc.constantFrom('eq', 'not-eq', 'lt', 'lt-eq', 'gt', 'gt-eq'),
      fieldId: fc.constant(1),
      value,
    }),
    fc.record({
      op: fc.constantFrom('in', 'not-in'),
      fieldId: fc.constant(1),
      values: fc.array(value, { maxLength: 3 }),
    }),
    fc.record({ op: fc.constantFrom('is-null', 'not-null'), fieldId: fc.constant(1) }),
    ...(type === 'string'
      ? [fc.record({ op: fc.constantFrom('starts-with', 'not-starts-with'), fieldId: fc.constant(1), value })]
      : []),
    ...(type === 'float' || type === 'double'
      ? [fc.record({ op: fc.constantFrom('is-nan', 'not-nan'), fieldId: fc.constant(1) })]
      : []),
  );
  return fc.letrec<{ filter: Expression }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.record({ op: fc.constantFrom('and', 'or'), left: tie('filter'), right: tie('filter') }),
      fc.record({ op: fc.constant('not'), child: tie('filter') }),
    ),
  })).filter;
}

/** The value of the one column. */
export type Row = IcebergValue | null;

/** A file of rows of one partition with the metrics that a writer would give it; fewer where `sparse`. */
export function fileOf(
  type: string,
  rows: readonly Row[],
  partition: DataFile['partition'],
  sparse: boolean,
): DataFile {
  const values = rows.filter((row): row is IcebergValue => row !== null && !Number.isNaN(row));
  const sorted = values.toSorted(compareValues);
  const [lower, upper] = [sorted[0], sorted.at(-1)];
  const short = (value: IcebergValue, up: boolean): IcebergValue | null => {
    if (typeof value === 'string' && type === 'string')
      return up ? textUpperBound(value, 3) : textPrefix(value, 3);
    if (value instanceof Uint8Array && type === 'binary')
      return up ? bytesUpperBound(value, 3) : value.slice(0, 3);
    return outwardZero(type, value, up ? 0 : -0);
  };
  const bound = (value: IcebergValue | undefined, up: boolean) => {
    const cut = value === undefined ? null : short(value, up);
    return cut === null ? new Map<number, Uint8Array>() : new Map([[1, encodeValue(type, cut)]]);
  };
  const nans = rows.filter((row) => Number.isNaN(row)).length;
  return {
    content: 'data',
    filePath: 'f',
    fileFormat: 'PARQUET',
    specId: 0,
    partition,
    recordCount: BigInt(rows.length),
    fileSizeInBytes: 1n,
    lowerBounds: bound(lower, false),
    upperBounds: bound(upper, true),
    ...(sparse
      ? {}
      : {
          valueCounts: new Map([[1, BigInt(rows.length)]]),
          nullValueCounts: new Map([[1, BigInt(rows.filter((row) => row === null).length)]]),
          nanValueCounts: new Map([[1, BigInt(nans)]]),
        }),
  };
}

const transforms = [
  'identity',
  'bucket[3]',
  'truncate[2]',
  'truncate[10]',
  'year',
  'month',
  'day',
  'hour',
  'void',
];

/** A column of some type, a partition transform of it, rows, and a filter over them. */
export const scenario = anyPrimitive.chain((type) =>
  fc.record({
    type: fc.constant(type),
    transform: fc.constantFrom(
      ...transforms.filter((text) => transformResultType(parseTransform(text), type) !== null),
    ),
    rows: fc.array(fc.option(anyValue(type), { freq: 4 }), { minLength: 1, maxLength: 12 }),
    filter: anyFilter(type),
    sparse: fc.boolean(),
  }),
);
