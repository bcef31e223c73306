import { z } from 'zod';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import type { Relocation } from '#shared/iceberg/snapshot.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Content, ContentKey } from '#server/catalog/model.ts';
import { tableContent, tableId } from './table-content.ts';

const pathMap = z.array(z.object({ from: z.string(), to: z.string() }));

/**
 * What the catalog keeps of a table that was adopted where it lies. Its files belong to whoever writes it there, so
 * it is read only here.
 */
export function registeredContent(
  metadata: TableMetadata,
  metadataLocation: string,
  relocation: Relocation,
): Content {
  const { type, id, value } = tableContent(metadata, metadataLocation);
  return {
    type,
    id,
    value: { ...value, readOnly: true, pathMap: relocation.map(({ from, to }) => ({ from, to })) },
  };
}

/** Where the files of a table were moved to; undefined where they are where its metadata says. */
export function relocationOf({ value }: Content): Relocation | undefined {
  const rules = pathMap.safeParse(value['pathMap']).data;
  return rules === undefined || rules.length === 0 ? undefined : rules;
}

export function isReadOnly({ value }: Content): boolean {
  return value['readOnly'] === true;
}

/** @param standing null where the table does not exist. @throws FORBIDDEN for a table that another engine keeps */
export function assertWritable(key: ContentKey, standing: Content | null): void {
  if (standing === null || !isReadOnly(standing)) return;
  const table = tableId(key);
  throw new AppError(
    'FORBIDDEN',
    `${table} was registered where another engine keeps it, so it is read only here. Change it with that engine and register its new metadata with "replace", or copy it: CREATE TABLE … AS SELECT * FROM ${table}.`,
    { context: { table } },
  );
}

/** What reading a registered table throws, said for whoever registers or reads it. */
export function explainPlace(error: unknown): unknown {
  if (!isAppError(error, 'PATH_OUTSIDE_ROOT')) return error;
  const { location } = error.context;
  return new AppError(
    'FORBIDDEN',
    `${String(location)} lies in no place that this lakehouse may read. If its folder is on this machine, start the server with --allow-location FOLDER (ALLOWED_LOCATIONS); if the table was moved, register it with --map OLD_PREFIX=NEW_PREFIX.`,
    { context: { location }, cause: error },
  );
}
