import type { FileType } from '#shared/iceberg/files/file-shape.ts';
import { isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';

/**
 * Whether values may be other ones than the file has: old writers' timestamps of 96 bits come out of the decoder in
 * nanoseconds, which reach from 1677 to 2262, and begin anew beyond.
 */
export function mayHaveWrapped(file: FileType, wanted: IcebergType): boolean {
  if (isPrimitive(wanted))
    return file.kind === 'leaf' && file.sqlType === 'TIMESTAMP_NS' && !wanted.endsWith('_ns');
  if (wanted.type === 'list' && file.kind === 'list')
    return mayHaveWrapped(file.element.type, wanted.element);
  if (wanted.type === 'map' && file.kind === 'map')
    return mayHaveWrapped(file.key.type, wanted.key) || mayHaveWrapped(file.value.type, wanted.value);
  if (wanted.type === 'struct' && file.kind === 'struct')
    return wanted.fields.some((member) => {
      const inside = file.fields.find(({ id }) => id === member.id);
      return inside !== undefined && mayHaveWrapped(inside.type, member.type);
    });
  return false;
}
