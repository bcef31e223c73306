import { isAppError, AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { parseTableMetadata } from './parse.ts';

/** A table version and the file that says it; null while it has not been written. */
export interface LoadedTable {
  readonly metadata: TableMetadata;
  readonly metadataLocation: string | null;
}

/** @throws CORRUPT_METADATA also where the file is gone: whoever named it says that it is there. */
export async function loadTable(
  io: FileIO,
  metadataLocation: string,
  signal?: AbortSignal,
): Promise<LoadedTable & { readonly metadataLocation: string }> {
  try {
    const bytes = await io.read(metadataLocation, undefined, signal);
    return { metadata: parseTableMetadata(bytes, metadataLocation), metadataLocation };
  } catch (error) {
    if (!isAppError(error, 'FILE_NOT_FOUND')) throw error;
    throw new AppError(
      'CORRUPT_METADATA',
      `The table's metadata file ${metadataLocation} is gone; restore it or drop the table.`,
      { context: { source: metadataLocation }, cause: error },
    );
  }
}
