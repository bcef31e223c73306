import { duckDbTypeOf } from '../duckdb-types.ts';
import { isPrimitive, type IcebergType, type NestedField } from '../types.ts';

/** A column of a data file, or a part of one, as the file's own footer has it. */
export interface FileField {
  /** Iceberg's field id; null where the file gives none. */
  readonly id: number | null;
  readonly name: string;
  readonly type: FileType;
}

/** Elements, keys and values are found by where they are; members of structs by id. */
export type FileType = FileLeaf | FileStruct | FileList | FileMap;

export interface FileLeaf {
  readonly kind: 'leaf';
  /** DuckDB's type for it before any cast; '' where it has none. */
  readonly sqlType: string;
  /** It has nanoseconds in UTC, which DuckDB reads as microseconds. */
  readonly cut?: true;
  /** What the file has, of which values were cast to sqlType. */
  readonly own?: string;
}

export interface FileStruct {
  readonly kind: 'struct';
  readonly fields: readonly FileField[];
  /** The engine gives the only member in the struct's place, as lists of old writers are read. */
  readonly unwrapped?: true;
}

export interface FileList {
  readonly kind: 'list';
  readonly element: FileField;
}

export interface FileMap {
  readonly kind: 'map';
  readonly key: FileField;
  readonly value: FileField;
}

/** The DuckDB type in which a file's values come before any cast. */
export function duckDbTypeOfFile(type: FileType): string {
  switch (type.kind) {
    case 'leaf':
      return type.sqlType;
    case 'list':
      return `${duckDbTypeOfFile(type.element.type)}[]`;
    case 'map':
      return `MAP(${duckDbTypeOfFile(type.key.type)}, ${duckDbTypeOfFile(type.value.type)})`;
    case 'struct': {
      const [only] = type.fields;
      if (type.unwrapped === true && only !== undefined) return duckDbTypeOfFile(only.type);
      const members = type.fields.map(
        (field) => `"${field.name.replaceAll('"', '""')}" ${duckDbTypeOfFile(field.type)}`,
      );
      return `STRUCT(${members.join(', ')})`;
    }
  }
}

/** The shape of values that were already brought to a table's type; what they were before is not known of them. */
export function shapeOfType(type: IcebergType): FileType {
  if (isPrimitive(type)) return { kind: 'leaf', sqlType: duckDbTypeOf(type) };
  switch (type.type) {
    case 'list':
      return { kind: 'list', element: field(type.elementId, 'element', type.element) };
    case 'map':
      return {
        kind: 'map',
        key: field(type.keyId, 'key', type.key),
        value: field(type.valueId, 'value', type.value),
      };
    case 'struct':
      return {
        kind: 'struct',
        fields: type.fields.map((member: NestedField) => field(member.id, member.name, member.type)),
      };
  }
}

function field(id: number, name: string, type: IcebergType): FileField {
  return { id, name, type: shapeOfType(type) };
}

/**
 * The shape of a file's values after DuckDB's cast to a table's type. It has what the file has, too: a table that was
 * of a narrower type before can be read from them.
 */
export function shapeOfCast(file: FileType, type: IcebergType): FileType {
  return withOwn(shapeOfType(type), file);
}

function withOwn(cast: FileType, file: FileType): FileType {
  const inside = (now: FileField, was: FileField): FileField => ({
    ...now,
    type: withOwn(now.type, was.type),
  });
  if (cast.kind === 'leaf' && file.kind === 'leaf')
    return file.sqlType === cast.sqlType ? cast : { ...cast, own: file.sqlType };
  if (cast.kind === 'list' && file.kind === 'list')
    return { ...cast, element: inside(cast.element, file.element) };
  if (cast.kind === 'map' && file.kind === 'map')
    return { ...cast, key: inside(cast.key, file.key), value: inside(cast.value, file.value) };
  if (cast.kind === 'struct' && file.kind === 'struct')
    return {
      ...cast,
      // A cast leaves members where they are.
      fields: cast.fields.map((member, index) => {
        const was = file.fields[index];
        return was === undefined ? member : inside(member, was);
      }),
    };
  return cast;
}

/** The fields directly inside. */
export function insideOf(type: FileType): readonly FileField[] {
  switch (type.kind) {
    case 'leaf':
      return [];
    case 'struct':
      return type.fields;
    case 'list':
      return [type.element];
    case 'map':
      return [type.key, type.value];
  }
}
