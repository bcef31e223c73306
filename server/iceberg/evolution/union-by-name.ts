import { AppError } from '#shared/errors/app-error.ts';
import { childFields, findFieldByName } from '#shared/iceberg/schema.ts';
import { formatType, isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import type { SchemaEvolution } from './evolve-schema.ts';
import { isPromotion } from './type-promotion.ts';

/**
 * Widens a schema until rows of another one fit it too: columns that it lacks are added as optional at the end,
 * types are promoted, and what may be null there may be null here. Columns are matched by name; what only the
 * table has stays, and a type there that the table's holds already changes nothing.
 *
 * @param incoming ids are not looked at
 * @throws SCHEMA_MISMATCH naming a column whose types cannot be brought together
 */
export function unionByName(evolution: SchemaEvolution, incoming: readonly NestedField[]): SchemaEvolution {
  unionFields(evolution, [], incoming);
  return evolution;
}

function unionFields(
  evolution: SchemaEvolution,
  parent: readonly string[],
  incoming: readonly NestedField[],
): void {
  for (const field of incoming) {
    const existing = findFieldByName(evolution.schema, [...parent, field.name]);
    if (existing !== undefined) {
      unionField(evolution, [...parent, existing.name], existing, field);
      continue;
    }
    evolution.addColumn({
      name: field.name,
      type: field.type,
      ...(parent.length === 0 ? {} : { parent }),
      ...(field.doc === undefined ? {} : { doc: field.doc }),
    });
  }
}

function unionField(
  evolution: SchemaEvolution,
  path: readonly string[],
  existing: NestedField,
  incoming: NestedField,
): void {
  if (existing.required && !incoming.required) evolution.makeOptional(path);
  if (incoming.doc !== undefined && incoming.doc !== existing.doc) evolution.setDoc(path, incoming.doc);
  const { formatVersion } = evolution.metadata;
  const [from, to] = [existing.type, incoming.type];
  if (isPrimitive(from) && isPrimitive(to)) {
    // The table's type holds the values already, or is made to.
    if (from === to || to === 'unknown' || isPromotion(to, from, formatVersion)) return;
    if (isPromotion(from, to, formatVersion)) {
      evolution.updateType(path, to);
      return;
    }
  } else if (!isPrimitive(from) && !isPrimitive(to) && from.type === to.type) {
    unionFields(evolution, path, childFields(to));
    return;
  }
  mismatch(path, from, to);
}

function mismatch(path: readonly string[], expected: IcebergType, got: IcebergType): never {
  const column = path.join('.');
  throw new AppError(
    'SCHEMA_MISMATCH',
    `The column '${column}' is ${formatType(expected)} in the table and ${formatType(got)} in the rows; neither can become the other. Cast it.`,
    { context: { column, expected: formatType(expected), got: formatType(got) } },
  );
}
