import { AppError } from '#shared/errors/app-error.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { SortField, SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import { currentSchema, defaultSortOrder } from '../metadata/lookup.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { assertSortOrder } from '../metadata/validate.ts';
import { pathText, requireField, type ColumnPath } from './schema-tree.ts';

export interface NewSortField {
  readonly source: ColumnPath;
  /** Identity where not given. */
  readonly transform?: string;
  readonly direction?: SortField['direction'];
  /** First where ascending, last where descending, if not given: null counts as the lowest. */
  readonly nullOrder?: SortField['nullOrder'];
}

/** @throws INVALID_INPUT, COLUMN_NOT_FOUND naming the column */
export function sortOrderOf(schema: Schema, fields: readonly NewSortField[]): SortOrder {
  const seen = new Set<string>();
  const order: SortOrder = {
    orderId: fields.length === 0 ? 0 : 1,
    fields: fields.map(({ source, transform = 'identity', direction = 'asc', nullOrder }) => {
      const sourceId = requireField(schema.fields, source).id;
      const key = `${sourceId} ${transform}`;
      if (seen.has(key)) {
        throw new AppError('INVALID_INPUT', `'${pathText(source)}' is in the sort order twice.`, {
          context: { column: pathText(source) },
        });
      }
      seen.add(key);
      return {
        sourceId,
        transform,
        direction,
        nullOrder: nullOrder ?? (direction === 'asc' ? 'nulls-first' : 'nulls-last'),
      };
    }),
  };
  assertSortOrder(order, schema);
  return order;
}

/** Makes writers sort by other columns; none: unsorted. Files that are there keep their order. */
export function replaceSortOrder(
  metadata: TableMetadata,
  fields: readonly NewSortField[],
  schema: Schema = currentSchema(metadata),
): TableChange {
  const sortOrder = sortOrderOf(schema, fields);
  const current = defaultSortOrder(metadata).fields;
  const same =
    current.length === sortOrder.fields.length &&
    current.every((field, index) => {
      const other = sortOrder.fields[index];
      return (
        field.sourceId === other?.sourceId &&
        field.transform === other.transform &&
        field.direction === other.direction &&
        field.nullOrder === other.nullOrder
      );
    });
  if (same) return { updates: [], requirements: [] };
  const updates: readonly TableUpdate[] = [
    { action: 'add-sort-order', sortOrder },
    { action: 'set-default-sort-order', sortOrderId: -1 },
  ];
  return { updates, requirements: requirementsFor(metadata, updates) };
}
