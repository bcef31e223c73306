import { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { parseTransform, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import { isPrimitive, parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { transformResultType } from '../../iceberg/partition/transforms.ts';

/** A transform of a column as the engine computes it. */
export interface TransformSql {
  readonly transform: Transform;
  readonly sourceType: PrimitiveType;
  readonly resultType: PrimitiveType;
  /** The column, or the field inside of one. */
  readonly source: string;
  /** Null where SQL has no expression for it: then it is computed value by value (see host-transforms). */
  readonly sql: string | null;
}

/** @throws UNSUPPORTED for a transform that is not known or does not apply */
export function transformSql(schema: Schema, sourceId: number, text: string): TransformSql {
  const located = indexById(schema).get(sourceId);
  const transform = parseTransform(text);
  if (located === undefined && transform.kind === 'void')
    return { transform, sourceType: 'int', resultType: 'int', source: 'NULL', sql: 'NULL::INTEGER' };
  const type = located?.field.type;
  const resultType = type !== undefined && isPrimitive(type) ? transformResultType(transform, type) : null;
  if (
    located === undefined ||
    located.repeated ||
    type === undefined ||
    !isPrimitive(type) ||
    resultType === null
  ) {
    throw new AppError(
      'UNSUPPORTED',
      `Rows can't be written by the transform '${text}' of field ${sourceId}; change the table's partition spec or sort order.`,
      {
        context: { transform: text, fieldId: sourceId },
      },
    );
  }
  const [first = '', ...inner] = located.path;
  const source = [quoteIdentifier(first), ...inner.map(quoteIdentifier)].join('.');
  return { transform, sourceType: type, resultType, source, sql: expression(transform, type, source) };
}

function expression(transform: Transform, type: PrimitiveType, x: string): string | null {
  const { kind } = parsePrimitive(type);
  const days = kind.endsWith('_ns')
    ? `(DATE '1970-01-01' + CAST(${floorDivide(`epoch_ns(${x})`, '86400000000000')} AS INTEGER))`
    : `CAST(${x} AS DATE)`;
  switch (transform.kind) {
    case 'identity':
      return x;
    case 'void':
      return `CAST(NULL AS ${duckDbTypeOf(type)})`;
    case 'year':
    case 'month':
      return `CAST(date_diff('${transform.kind}', DATE '1970-01-01', ${days}) AS INTEGER)`;
    case 'day':
      return days;
    case 'hour':
      return kind.endsWith('_ns')
        ? `CAST(${floorDivide(`epoch_ns(${x})`, '3600000000000')} AS INTEGER)`
        : `CAST(${floorDivide(`epoch_us(${x})`, '3600000000')} AS INTEGER)`;
    case 'truncate':
      return kind === 'string' ? `left(${x}, ${transform.width})` : null;
    case 'bucket':
    case 'unknown':
      return null;
  }
}

/** DuckDB's // goes towards zero. */
function floorDivide(x: string, by: string): string {
  return `((${x} - ((${x} % ${by}) + ${by}) % ${by}) // ${by})`;
}

/** ORDER BY for a sort order; null where it needs what SQL can't say, or there is none. */
export function sortSql(schema: Schema, order: SortOrder): string | null {
  const terms: string[] = [];
  for (const { sourceId, transform, direction, nullOrder } of order.fields) {
    const { sql } = transformSql(schema, sourceId, transform);
    if (sql === null) return null;
    terms.push(
      `${sql} ${direction === 'asc' ? 'ASC' : 'DESC'} ${nullOrder === 'nulls-first' ? 'NULLS FIRST' : 'NULLS LAST'}`,
    );
  }
  return terms.length === 0 ? null : terms.join(', ');
}
