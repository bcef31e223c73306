import type { OptimizeRequest, OptimizeResult } from '#shared/contract/maintenance.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { findFieldByName, indexById, type LocatedField } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { isPrimitive, parsePrimitive } from '#shared/iceberg/types.ts';
import { sortSql } from '#server/engine/dml/partition-sql.ts';
import type { RewriteOrder } from '#server/engine/rewrite/rewrite-rows.ts';
import { fieldSql } from '#server/engine/rewrite/sample-columns.ts';
import type { RowOrder } from '#server/iceberg/maintenance/plan-rewrite.ts';
import { currentSchema, defaultSortOrder } from '#server/iceberg/metadata/lookup.ts';

/** Dotted names with commas between: columns by which `optimize` keeps a table clustered. */
const CLUSTERING_PROPERTY = 'timestream.clustering.columns';

/** What a request comes to: how files are chosen, and how rows are written. */
export interface ChosenOrder {
  readonly strategy: OptimizeResult['strategy'];
  readonly columns: readonly string[];
  readonly plan: RowOrder;
  readonly write: RewriteOrder;
}

/** @throws INVALID_INPUT, COLUMN_NOT_FOUND, UNSUPPORTED naming what does not go together or can't be ordered by */
export function chooseOrder(metadata: TableMetadata, request: OptimizeRequest): ChosenOrder {
  const declared = metadata.properties[CLUSTERING_PROPERTY];
  const strategy =
    request.strategy ??
    (request.columns !== undefined
      ? 'z-order'
      : request.sortBy !== undefined
        ? 'sort'
        : declared === undefined
          ? 'bin-pack'
          : 'cluster');
  if (request.columns !== undefined && strategy !== 'z-order')
    throw new AppError('INVALID_INPUT', `'columns' are for the strategy z-order, not for ${strategy}.`);
  if (request.sortBy !== undefined && strategy !== 'sort')
    throw new AppError('INVALID_INPUT', `'sortBy' is for the strategy sort, not for ${strategy}.`);
  switch (strategy) {
    case 'bin-pack':
      return { strategy, columns: [], plan: { kind: 'as-is' }, write: { kind: 'as-is' } };
    case 'sort':
      return sorted(metadata, request);
    case 'z-order':
      if (request.columns === undefined)
        throw new AppError('INVALID_INPUT', "Say in 'columns' by which columns to z-order the table.");
      return clustered(metadata, strategy, request.columns);
    case 'cluster':
      if (declared === undefined || declared.trim() === '')
        throw new AppError(
          'INVALID_INPUT',
          `The table has no clustering columns; set its property '${CLUSTERING_PROPERTY}' to their names, with commas between.`,
          { context: { property: CLUSTERING_PROPERTY } },
        );
      return clustered(
        metadata,
        strategy,
        declared.split(',').map((name) => name.trim().split('.')),
      );
  }
}

function clustered(
  metadata: TableMetadata,
  strategy: 'z-order' | 'cluster',
  columns: readonly (string | readonly string[])[],
): ChosenOrder {
  const fields = columns.map((name) => orderable(metadata, name));
  const fieldIds = fields.map(({ field }) => field.id);
  const twice = fields.find(({ field }, index) => fieldIds.indexOf(field.id) < index);
  if (twice !== undefined)
    throw new AppError('INVALID_INPUT', `The column ${twice.path.join('.')} is named twice.`);
  return {
    strategy,
    columns: fields.map(({ path }) => path.join('.')),
    plan: { kind: 'cluster', fieldIds },
    write: { kind: 'cluster', fields },
  };
}

function sorted(metadata: TableMetadata, { sortBy }: OptimizeRequest): ChosenOrder {
  if (sortBy !== undefined) {
    const terms = sortBy.map(({ source, direction = 'asc', nullOrder }) => {
      const located = orderable(metadata, source);
      const nulls = (nullOrder ?? (direction === 'asc' ? 'nulls-first' : 'nulls-last')) === 'nulls-first';
      return { located, sql: `${fieldSql(located)} ${direction} NULLS ${nulls ? 'FIRST' : 'LAST'}` };
    });
    const fields = terms.map(({ located }) => located);
    return sort(fields, terms.map(({ sql }) => sql).join(', '));
  }
  const order = defaultSortOrder(metadata);
  const schema = currentSchema(metadata);
  const orderBy = sortSql(schema, order);
  if (orderBy === null)
    throw new AppError(
      'INVALID_INPUT',
      "The table has no sort order that rows can be sorted by; give 'sortBy', or set its sort order.",
      { context: { location: metadata.location } },
    );
  const byId = indexById(schema);
  const fields = order.fields.flatMap(({ sourceId }) => byId.get(sourceId) ?? []);
  return sort(fields, orderBy, order.orderId);
}

function sort(fields: readonly LocatedField[], orderBy: string, sortOrderId?: number): ChosenOrder {
  const fieldIds = fields.map(({ field }) => field.id);
  return {
    strategy: 'sort',
    columns: fields.map(({ path }) => path.join('.')),
    plan: { kind: 'sort', fieldIds, ...(sortOrderId === undefined ? {} : { sortOrderId }) },
    write: { kind: 'sort', orderBy, fields },
  };
}

const UNORDERED = new Set(['variant', 'unknown', 'geometry', 'geography']);

function orderable(metadata: TableMetadata, name: string | readonly string[]): LocatedField {
  const schema = currentSchema(metadata);
  const found = findFieldByName(schema, name);
  const text = typeof name === 'string' ? name : name.join('.');
  const located = found === undefined ? undefined : indexById(schema).get(found.id);
  if (located === undefined)
    throw new AppError(
      'COLUMN_NOT_FOUND',
      `The table has no column '${text}' to order by; its columns are ${schema.fields.map((field) => field.name).join(', ')}.`,
      { context: { column: text } },
    );
  const { type } = located.field;
  if (!located.repeated && isPrimitive(type) && !UNORDERED.has(parsePrimitive(type).kind)) return located;
  throw new AppError('INVALID_INPUT', `Rows can't be ordered by '${text}': its values have no order.`, {
    context: { column: text },
  });
}
