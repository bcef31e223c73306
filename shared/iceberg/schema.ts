import { AppError } from '../errors/app-error.ts';
import { isPrimitive, type IcebergType, type NestedField } from './types.ts';

export interface Schema {
  readonly schemaId: number;
  readonly fields: readonly NestedField[];
  readonly identifierFieldIds: readonly number[];
}

/** One field of a schema, at any depth, with where it is. */
export interface LocatedField {
  readonly field: NestedField;
  /** Names from the root; 'element', 'key' and 'value' inside lists and maps. */
  readonly path: readonly string[];
  /** True beneath a list or a map: such a field has no one value per row. */
  readonly repeated: boolean;
}

/**
 * Every field of a schema at any depth, parents before children. List elements, map keys and map values are
 * fields too, because they have ids.
 */
export function* walkFields(schema: Pick<Schema, 'fields'>): Generator<LocatedField> {
  yield* walkStruct(schema.fields, [], false);
}

function* walkStruct(
  fields: readonly NestedField[],
  parents: readonly string[],
  repeated: boolean,
): Generator<LocatedField> {
  for (const field of fields) {
    const path = [...parents, field.name];
    yield { field, path, repeated };
    if (isPrimitive(field.type)) continue;
    yield* walkStruct(childFields(field.type), path, repeated || field.type.type !== 'struct');
  }
}

/** The fields directly inside a type: a struct's fields, a list's element, a map's key and value. */
export function childFields(type: IcebergType): readonly NestedField[] {
  if (isPrimitive(type)) return [];
  switch (type.type) {
    case 'struct':
      return type.fields;
    case 'list':
      return [{ id: type.elementId, name: 'element', required: type.elementRequired, type: type.element }];
    case 'map':
      return [
        { id: type.keyId, name: 'key', required: true, type: type.key },
        { id: type.valueId, name: 'value', required: type.valueRequired, type: type.value },
      ];
  }
}

/** Fields at any depth by id. */
export function indexById(schema: Pick<Schema, 'fields'>): ReadonlyMap<number, LocatedField> {
  return new Map([...walkFields(schema)].map((located) => [located.field.id, located]));
}

export function findFieldById(schema: Pick<Schema, 'fields'>, id: number): NestedField | undefined {
  for (const { field } of walkFields(schema)) if (field.id === id) return field;
  return undefined;
}

/**
 * A top-level column by name, or a field inside a struct by its path, ignoring case as DuckDB does; an exact
 * match wins over one that differs in case.
 */
export function findFieldByName(
  schema: Pick<Schema, 'fields'>,
  name: string | readonly string[],
): NestedField | undefined {
  const path = typeof name === 'string' ? [name] : name;
  let fields = schema.fields;
  let found: NestedField | undefined;
  for (const part of path) {
    found = matchName(fields, part);
    if (found === undefined) return undefined;
    fields = childFields(found.type);
  }
  return found;
}

function matchName(fields: readonly NestedField[], name: string): NestedField | undefined {
  const folded = name.toLowerCase();
  return (
    fields.find((field) => field.name === name) ?? fields.find((field) => field.name.toLowerCase() === folded)
  );
}

export function highestFieldId(schema: Pick<Schema, 'fields'>): number {
  let highest = 0;
  for (const { field } of walkFields(schema)) highest = Math.max(highest, field.id);
  return highest;
}

/**
 * Gives every field a new id above `lastColumnId`, a level at a time as other Iceberg writers do: all the
 * fields of a struct first, then what is inside each.
 *
 * @throws INVALID_INPUT for a name that is empty, or twice in one struct (names that differ only in case are
 *   twice: DuckDB could not tell them apart).
 */
export function assignFreshIds(
  fields: readonly NestedField[],
  lastColumnId = 0,
): { fields: readonly NestedField[]; lastColumnId: number } {
  let last = lastColumnId;
  const assignAll = (siblings: readonly NestedField[]): readonly NestedField[] => {
    assertNames(siblings);
    const numbered = siblings.map((field) => ({ ...field, id: ++last }));
    return numbered.map((field) => ({ ...field, type: assignInside(field.type) }));
  };
  const assignInside = (type: IcebergType): IcebergType => {
    if (isPrimitive(type)) return type;
    switch (type.type) {
      case 'struct':
        return { type: 'struct', fields: assignAll(type.fields) };
      case 'list': {
        const elementId = ++last;
        return { ...type, elementId, element: assignInside(type.element) };
      }
      case 'map': {
        const keyId = ++last;
        const valueId = ++last;
        return { ...type, keyId, valueId, key: assignInside(type.key), value: assignInside(type.value) };
      }
    }
  };
  const assigned = assignAll(fields);
  return { fields: assigned, lastColumnId: last };
}

function assertNames(fields: readonly NestedField[]): void {
  const seen = new Map<string, string>();
  for (const { name } of fields) {
    if (name === '') throw new AppError('INVALID_INPUT', 'A column has an empty name; give it one with AS.');
    const folded = name.toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) {
      throw new AppError(
        'INVALID_INPUT',
        `Two columns are named '${other}' and '${name}'; names must differ in more than case. Rename one with AS.`,
        { context: { column: name } },
      );
    }
    seen.set(folded, name);
  }
}
