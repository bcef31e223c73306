import { AppError } from '#shared/errors/app-error.ts';
import { childFields, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { defaultSortOrder, defaultSpec } from '../metadata/lookup.ts';
import { idsWithin, parentOf } from './schema-tree.ts';

/**
 * A column goes only where nothing that writers go by is made from it. Specs and orders of old files may have
 * been: those files keep what they have.
 *
 * @throws INVALID_INPUT saying what is made from it
 */
export function assertDroppable(
  metadata: TableMetadata,
  schema: Schema,
  field: NestedField,
  column: string,
): void {
  const gone = idsWithin(field);
  const partition = defaultSpec(metadata).fields.find(
    ({ sourceId, transform }) => transform !== 'void' && gone.has(sourceId),
  );
  const parent = parentOf(schema.fields, field.id);
  const siblings = parent === null ? schema.fields : childFields(parent.type);
  const problem =
    partition !== undefined
      ? `the partition field '${partition.name}' is made from it; remove that from the partition spec first`
      : defaultSortOrder(metadata).fields.some(({ sourceId }) => gone.has(sourceId))
        ? "the table's sort order uses it; replace the sort order first"
        : schema.identifierFieldIds.some((id) => gone.has(id))
          ? 'it is an identifier field or has one in it; set other identifier fields first'
          : siblings.length === 1
            ? parent === null
              ? 'it is the last one, and a table has at least one'
              : `it is the last one in '${parent.name}'; drop that instead`
            : null;
  if (problem === null) return;
  throw new AppError('INVALID_INPUT', `The column '${column}' cannot be dropped: ${problem}.`, {
    context: { column },
  });
}
