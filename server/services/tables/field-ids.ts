import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import {
  allotFieldIds,
  definitionOf,
  newFieldsOf,
  type NewField,
  type TakenId,
} from '#server/iceberg/evolution/new-fields.ts';
import { renumberUpdates } from '#server/iceberg/evolution/renumber-fields.ts';
import type { ServiceContext } from '../context.ts';

/** Which field ids the versions of a table have given out, on whatever branch; by the table's UUID. */
export interface FieldIdStore {
  /** Those above an id. */
  taken(tableUuid: string, above: number): Promise<readonly TakenId[]>;
  /** Keeps what nobody has taken yet. @returns how many of them that were */
  take(tableUuid: string, ids: readonly TakenId[]): Promise<number>;
}

const ATTEMPTS = 20;

/**
 * The change with ids for its new columns that no other branch has given to another column, so that a merge can take
 * the data files of both as they are. A gap in the ids is nothing to Iceberg. Asked in vain, it costs an id.
 *
 * @throws COMMIT_CONFLICT where others take ids again and again
 */
export async function withOwnFieldIds<T extends Pick<TableChange, 'updates'>>(
  { fieldIds }: Pick<ServiceContext, 'fieldIds'>,
  metadata: TableMetadata,
  change: T,
): Promise<T> {
  const fields = newFieldsOf(metadata, change.updates).map(hashed);
  if (fieldIds === undefined || fields.length === 0) return change;
  const { tableUuid, lastColumnId } = metadata;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = await fieldIds.taken(tableUuid, lastColumnId);
    const { renumbered, taken } = allotFieldIds(lastColumnId, fields, known);
    if (taken.length > 0 && (await fieldIds.take(tableUuid, taken)) < taken.length) continue;
    return { ...change, updates: renumberUpdates(change.updates, renumbered) };
  }
  throw new AppError('COMMIT_CONFLICT', 'Others add columns to this table at the same time; try again.', {
    context: { tableUuid },
  });
}

/** Keeps the ids that somebody else has chosen, and has data files with, from being given to other columns. */
export async function keepFieldIds(
  { fieldIds }: Pick<ServiceContext, 'fieldIds'>,
  metadata: TableMetadata,
  updates: readonly TableUpdate[],
): Promise<void> {
  const fields = newFieldsOf(metadata, updates).map(hashed);
  if (fieldIds === undefined || fields.length === 0) return;
  await fieldIds.take(
    metadata.tableUuid,
    fields.map(({ id, parentId, looks }) => ({ id, definition: definitionOf(parentId, looks) })),
  );
}

/** The highest id that any version of the table has taken, beyond those that it began with; 0 where none has. */
export async function highestTakenFieldId(
  { fieldIds }: Pick<ServiceContext, 'fieldIds'>,
  tableUuid: string,
): Promise<number> {
  const taken = (await fieldIds?.taken(tableUuid, 0)) ?? [];
  return taken.reduce((highest, { id }) => Math.max(highest, id), 0);
}

/** A name may be long, and a default longer. */
function hashed(field: NewField): NewField {
  return { ...field, looks: createHash('sha256').update(field.looks).digest('hex') };
}
