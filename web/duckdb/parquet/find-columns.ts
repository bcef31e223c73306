import { tableFromIPC } from 'apache-arrow';
import type { FileField } from '#shared/iceberg/files/file-shape.ts';
import { parseNameMapping } from '#shared/iceberg/files/name-mapping.ts';
import { resolveFields } from '#shared/iceberg/files/resolve-fields.ts';
import type { DecodeRequest, FoundColumn } from './decode-protocol.ts';
import { shapeOfArrow } from './arrow-shape.ts';

/**
 * Which of a file's columns are those asked for, in the file's order, in which they are decoded. The others it lacks.
 *
 * @param schema an Arrow IPC stream of the file's schema
 * @param decimals as shapeOfArrow
 * @throws AppError CORRUPT_METADATA (the name mapping)
 */
export function findColumns(
  schema: Uint8Array,
  decimals: ReadonlyMap<number, string>,
  { columns, nameMapping }: Pick<DecodeRequest, 'columns' | 'nameMapping'>,
): readonly FoundColumn[] {
  const mapping = nameMapping === null ? null : parseNameMapping(nameMapping);
  const wanted = new Map(columns.map((column) => [column.id, column]));
  const fields = resolveFields(shapeOfArrow(tableFromIPC(schema).schema, decimals), mapping, columns);
  const found = new Map<number, FileField>();
  // A field id that stands twice in a file is a mistake of its writer; the last counts, as on the server.
  for (const field of fields) if (field.id !== null && wanted.has(field.id)) found.set(field.id, field);
  const taken = new Set(found.values());
  return fields.flatMap((field) => (field.id !== null && taken.has(field) ? [{ id: field.id, field }] : []));
}
