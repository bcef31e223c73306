import type { Relocation } from '#shared/iceberg/snapshot.ts';
import { relocate } from '../metadata/relocation.ts';
import { decodeValue, encodeValue } from '../values/single-value.ts';
import type { ByFieldId, DataFile } from './data-file.ts';

/** Reserved field id of a position delete file's column of data file locations. */
const FILE_PATH_ID = 2147483546;

/**
 * The bounds of the locations in a position delete file, for files that were moved. Of several locations the first
 * need not be the first any more, so only one that is the only one has bounds then.
 */
export function movePathBounds(file: DataFile, relocation: Relocation): DataFile {
  const lower = text(file.lowerBounds);
  const upper = text(file.upperBounds);
  if (lower === undefined && upper === undefined) return file;
  const bound =
    lower !== undefined && lower === upper ? encodeValue('string', relocate(lower, relocation)) : undefined;
  return {
    ...file,
    lowerBounds: withBound(file.lowerBounds, bound),
    upperBounds: withBound(file.upperBounds, bound),
  };
}

function text(bounds: ByFieldId<Uint8Array> | undefined): string | undefined {
  const bytes = bounds?.get(FILE_PATH_ID);
  const value = bytes === undefined ? undefined : decodeValue('string', bytes);
  return typeof value === 'string' ? value : undefined;
}

function withBound(
  bounds: ByFieldId<Uint8Array> | undefined,
  bound: Uint8Array | undefined,
): ByFieldId<Uint8Array> {
  const moved = new Map(bounds);
  if (bound === undefined) moved.delete(FILE_PATH_ID);
  else moved.set(FILE_PATH_ID, bound);
  return moved;
}
