import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { fileKeyOf } from './file-key.ts';
import { isDeletionVector } from './snapshot-summary.ts';

/** @throws INVALID_INPUT naming a file that cannot be part of the table, and why; UNSUPPORTED for deletes in v1 */
export function assertAddable(metadata: TableMetadata, files: readonly DataFile[]): void {
  const keys = new Set<string>();
  for (const file of files) {
    const wrong = keys.has(fileKeyOf(file)) ? 'is given twice' : misfit(metadata, file);
    if (wrong !== null) {
      throw new AppError('INVALID_INPUT', `The file ${file.filePath} cannot be added: it ${wrong}.`, {
        context: { file: file.filePath },
      });
    }
    keys.add(fileKeyOf(file));
  }
}

function misfit(metadata: TableMetadata, file: DataFile): string | null {
  const spec = metadata.partitionSpecs.find((spec) => spec.specId === file.specId);
  if (spec === undefined) return `has partition spec ${file.specId}, which the table does not have`;
  if (spec.fields.some((field) => !file.partition.has(field.fieldId)))
    return 'has no value for one of its partition fields';
  if (file.content === 'data') return file.fileFormat === 'PUFFIN' ? 'is Puffin, which holds no rows' : null;
  assertRowDeletes(metadata, file);
  if (file.content === 'equality-deletes')
    return (file.equalityIds ?? []).length === 0 ? 'does not say by which columns it deletes' : null;
  return metadata.formatVersion === 2 ? misfitOfV2(file) : misfitOfV3(file);
}

function misfitOfV2(file: DataFile): string | null {
  return isDeletionVector(file) ? 'is a deletion vector, which tables have from format version 3 on' : null;
}

function misfitOfV3(file: DataFile): string | null {
  if (!isDeletionVector(file))
    return 'has position deletes, for which tables of format version 3 have deletion vectors';
  if (file.referencedDataFile === undefined) return 'does not say of which data file its deletion vector is';
  return file.contentOffset === undefined || file.contentSizeInBytes === undefined
    ? 'does not say where in it the deletion vector is'
    : null;
}

function assertRowDeletes({ formatVersion, location }: TableMetadata, file: DataFile): void {
  if (formatVersion > 1) return;
  throw new AppError(
    'UNSUPPORTED',
    `The table at ${location} is of format version 1, which has no delete files; upgrade it to version 2, or rewrite the data files.`,
    { context: { location, file: file.filePath } },
  );
}
