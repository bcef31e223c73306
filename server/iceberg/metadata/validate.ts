import { AppError } from '#shared/errors/app-error.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { indexById, walkFields, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { UnboundPartitionField } from '#shared/iceberg/table-update.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, parsePrimitive } from '#shared/iceberg/types.ts';
import { transformResultType } from '../partition/transforms.ts';

const SINCE_V3 = new Set(['timestamp_ns', 'timestamptz_ns', 'unknown', 'variant', 'geometry', 'geography']);

/**
 * @throws INVALID_INPUT when a schema has a field without an id or one id twice; UNSUPPORTED when it has a
 *   type or a default that tables of this format version cannot have.
 */
export function assertSchema(schema: Schema, formatVersion: FormatVersion): void {
  const seen = new Set<number>();
  for (const { field, path } of walkFields(schema)) {
    const column = path.join('.');
    if (field.id < 1 || seen.has(field.id)) {
      throw new AppError(
        'INVALID_INPUT',
        `The field '${column}' has the id ${field.id}; ids start at 1 and each is used once.`,
        { context: { column } },
      );
    }
    seen.add(field.id);
    if (formatVersion >= 3) continue;
    if (isPrimitive(field.type) && SINCE_V3.has(parsePrimitive(field.type).kind)) {
      const hint = field.type.startsWith('timestamp') ? '; cast it to one of microseconds' : '';
      throw new AppError(
        'UNSUPPORTED',
        `The column '${column}' is ${field.type}, which tables of format version ${formatVersion} cannot hold${hint}.`,
        { context: { column, type: field.type } },
      );
    }
    if (field.initialDefault !== undefined) {
      throw new AppError(
        'UNSUPPORTED',
        `The column '${column}' has a default for older rows, which needs format version 3.`,
        { context: { column } },
      );
    }
  }
}

/** @throws INVALID_INPUT when a partition field's source, transform or name does not fit the schema. */
export function assertSpec(fields: readonly UnboundPartitionField[], schema: Schema): void {
  const byId = indexById(schema);
  const names = new Set<string>();
  for (const field of fields) {
    assertTransform(byId, field.sourceId, field.transform, `partition field '${field.name}'`);
    if (field.name === '' || names.has(field.name)) {
      throw new AppError('INVALID_INPUT', `The partition field name '${field.name}' is empty or used twice.`);
    }
    names.add(field.name);
    const column = schema.fields.find((column) => column.name === field.name);
    if (column !== undefined && (column.id !== field.sourceId || field.transform !== 'identity')) {
      throw new AppError(
        'INVALID_INPUT',
        `The partition field name '${field.name}' is a column's name; only an identity of that column may have it.`,
      );
    }
  }
}

/** @throws INVALID_INPUT when a sort field's source or transform does not fit the schema. */
export function assertSortOrder(order: SortOrder, schema: Schema): void {
  const byId = indexById(schema);
  for (const field of order.fields) {
    assertTransform(byId, field.sourceId, field.transform, `sort field over ${field.sourceId}`);
  }
}

function assertTransform(
  byId: ReturnType<typeof indexById>,
  sourceId: number,
  text: string,
  what: string,
): void {
  const source = byId.get(sourceId);
  if (source === undefined || source.repeated || !isPrimitive(source.field.type)) {
    throw new AppError(
      'INVALID_INPUT',
      `The ${what} must be of a column that has one plain value a row; field ${sourceId} is none.`,
    );
  }
  const transform = parseTransform(text);
  if (transformResultType(transform, source.field.type) === null) {
    throw new AppError(
      'INVALID_INPUT',
      `The transform '${text}' of the ${what} does not apply to ${source.field.type}.`,
      { context: { column: source.path.join('.'), transform: text } },
    );
  }
}
