import { AppError } from '#shared/errors/app-error.ts';
import { parseTransform } from '#shared/iceberg/partition.ts';
import { indexById, walkFields, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { UnboundPartitionField } from '#shared/iceberg/table-update.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, parsePrimitive } from '#shared/iceberg/types.ts';
import { transformResultType } from '../partition/transforms.ts';

const SINCE_V3 = new Set(['timestamp_ns', 'timestamptz_ns', 'unknown', 'variant', 'geometry', 'geography']);

/**
 * @param lowestId tables number their fields from 1
 * @throws INVALID_INPUT when a schema has a field without an id or one id twice; UNSUPPORTED when it has a
 *   type or a default that tables of this format version cannot have.
 */
export function assertSchema(schema: Schema, formatVersion: FormatVersion, lowestId = 1): void {
  const seen = new Set<number>();
  for (const { field, path } of walkFields(schema)) {
    const column = path.join('.');
    if (field.id < lowestId || seen.has(field.id)) {
      throw new AppError(
        'INVALID_INPUT',
        `The field '${column}' has the id ${field.id}; ids start at ${lowestId} and each is used once.`,
        { context: { column } },
      );
    }
    seen.add(field.id);
    if (field.type === 'unknown' && field.required) {
      throw new AppError('INVALID_INPUT', `The column '${column}' is unknown, so it cannot be required.`, {
        context: { column },
      });
    }
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
  assertNamesOnce(schema);
  assertIdentifierFields(schema);
}

function assertNamesOnce(schema: Schema): void {
  const seen = new Set<string>();
  for (const { path } of walkFields(schema)) {
    const key = JSON.stringify(path);
    if (seen.has(key) || path.at(-1) === '') {
      const column = path.join('.');
      throw new AppError('INVALID_INPUT', `The column name '${column}' is empty or used twice.`, {
        context: { column },
      });
    }
    seen.add(key);
  }
}

/**
 * Identifier fields say which rows are the same row, so each has one exact value in every row.
 *
 * @throws INVALID_INPUT naming the column that cannot be one, and why
 */
export function assertIdentifierFields(schema: Schema): void {
  const located = [...walkFields(schema)];
  for (const id of schema.identifierFieldIds) {
    const found = located.find(({ field }) => field.id === id);
    const problem = found === undefined ? 'it is no column of the schema' : identifierProblem(located, found);
    if (problem === null) continue;
    const column = found?.path.join('.') ?? String(id);
    throw new AppError('INVALID_INPUT', `'${column}' cannot be an identifier field: ${problem}.`, {
      context: { column },
    });
  }
}

function identifierProblem(located: readonly LocatedField[], found: LocatedField): string | null {
  const { field, path, repeated } = found;
  if (repeated) return 'it lies in a list or a map';
  if (!isPrimitive(field.type)) return 'it is nested';
  if (field.type === 'variant') return 'values of a variant are of many types';
  if (['float', 'double'].includes(field.type)) return 'floating-point values are not compared exactly';
  if (!field.required) return 'it may be null; make it required first';
  const optional = located.find(
    (other) =>
      !other.field.required &&
      other.path.length < path.length &&
      other.path.every((part, index) => part === path[index]),
  );
  return optional === undefined ? null : `'${optional.path.join('.')}', which it lies in, may be null`;
}

/** @throws INVALID_INPUT when a partition field's source, transform or name does not fit the schema. */
export function assertSpec(fields: readonly UnboundPartitionField[], schema: Schema): void {
  const byId = indexById(schema);
  const names = new Set<string>();
  for (const field of fields) {
    // Where a v1 table lost a partition field, void keeps its place, its source dropped or not.
    if (field.transform !== 'void')
      assertTransform(byId, field.sourceId, field.transform, `partition field '${field.name}'`);
    if (field.name === '' || names.has(field.name)) {
      throw new AppError('INVALID_INPUT', `The partition field name '${field.name}' is empty or used twice.`);
    }
    names.add(field.name);
    const column = schema.fields.find((column) => column.name === field.name);
    if (column !== undefined && column.id !== field.sourceId) {
      throw new AppError(
        'INVALID_INPUT',
        `The partition field name '${field.name}' is the name of a column that it is not made from; name it otherwise.`,
        { context: { column: field.name } },
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
