import { AppError } from '../errors/app-error.ts';
import { findFieldByName, type Schema } from './schema.ts';
import { isPrimitive } from './types.ts';

export interface PartitionSpec {
  readonly specId: number;
  readonly fields: readonly PartitionField[];
}

export interface PartitionField {
  /** Column that the value is made from. */
  readonly sourceId: number;
  /** Id of the partition value itself, from 1000 up; unique over all specs of the table. */
  readonly fieldId: number;
  readonly name: string;
  /** Canonical text, e.g. 'identity', 'bucket[16]', 'day'. */
  readonly transform: string;
}

/** A transform taken apart. `unknown`: written by a newer writer; readable, but nothing is pruned by it. */
export type Transform =
  | { readonly kind: 'identity' | 'year' | 'month' | 'day' | 'hour' | 'void' }
  | { readonly kind: 'bucket'; readonly buckets: number }
  | { readonly kind: 'truncate'; readonly width: number }
  | { readonly kind: 'unknown'; readonly text: string };

export const FIRST_PARTITION_FIELD_ID = 1000;
export const UNPARTITIONED: PartitionSpec = { specId: 0, fields: [] };

const SIMPLE = new Set(['identity', 'year', 'month', 'day', 'hour', 'void']);

export function parseTransform(text: string): Transform {
  if (SIMPLE.has(text)) return { kind: text as 'identity' };
  const parameter = /^(bucket|truncate)\[(\d{1,10})\]$/.exec(text);
  const value = Number(parameter?.[2]);
  if (parameter !== null && value >= 1 && value <= 0x7fffffff) {
    return parameter[1] === 'bucket'
      ? { kind: 'bucket', buckets: value }
      : { kind: 'truncate', width: value };
  }
  return { kind: 'unknown', text };
}

/** A spec over columns by name: what CREATE TABLE … PARTITIONED BY says. */
export function partitionSpecOf(
  schema: Schema,
  fields: readonly { readonly source: string; readonly transform: string; readonly name?: string }[],
): PartitionSpec {
  return {
    specId: 0,
    fields: fields.map(({ source, transform, name }, index) => {
      const column = findFieldByName(schema, source);
      if (column === undefined) {
        throw new AppError(
          'COLUMN_NOT_FOUND',
          `The table has no column '${source}' to partition by; its columns are ${schema.fields.map((f) => f.name).join(', ')}.`,
          { context: { column: source } },
        );
      }
      const parsed = parseTransform(transform);
      if (!isPrimitive(column.type) || parsed.kind === 'unknown') {
        throw new AppError(
          'INVALID_INPUT',
          `'${source}' cannot be partitioned by '${transform}'; use identity, bucket[N], truncate[W], year, month, day or hour of a column that is not nested.`,
          { context: { column: source, transform } },
        );
      }
      return {
        sourceId: column.id,
        fieldId: FIRST_PARTITION_FIELD_ID + index,
        name: name ?? defaultName(column.name, parsed),
        transform,
      };
    }),
  };
}

function defaultName(column: string, transform: Transform): string {
  switch (transform.kind) {
    case 'identity':
      return column;
    case 'truncate':
      return `${column}_trunc`;
    default:
      return `${column}_${transform.kind}`;
  }
}
