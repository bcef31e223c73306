import { DataType, TimeUnit, type Field, type Schema } from 'apache-arrow';
import type { FileField, FileType } from '#shared/iceberg/files/file-shape.ts';

/** Under which a Parquet reader keeps the field ids of the file. */
const FIELD_ID = 'PARQUET:field_id';

/**
 * A file's columns, as the Arrow schema says that was made from its footer.
 *
 * @param decimals DuckDB's types of those that the schema has as integers; see narrowDecimals
 */
export function shapeOfArrow(schema: Schema, decimals: ReadonlyMap<number, string>): readonly FileField[] {
  return schema.fields.map((field, number) => {
    const sqlType = decimals.get(number);
    return sqlType === undefined
      ? fieldOf(field)
      : { ...fieldOf(field), type: { kind: 'leaf' as const, sqlType } };
  });
}

function fieldOf(field: Field): FileField {
  const id = field.metadata.get(FIELD_ID);
  return { id: id === undefined ? null : Number(id), name: field.name, type: typeOf(field.type) };
}

function typeOf(type: DataType): FileType {
  if (DataType.isStruct(type)) return { kind: 'struct', fields: type.children.map(fieldOf) };
  if (DataType.isMap(type)) {
    const [key, value] = type.children[0]?.type.children ?? [];
    if (key !== undefined && value !== undefined)
      return { kind: 'map', key: fieldOf(key), value: fieldOf(value) };
  }
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const [element] = type.children;
    if (element !== undefined) return { kind: 'list', element: fieldOf(element) };
  }
  const leaf = { kind: 'leaf' as const, sqlType: leafType(type) };
  return isUtcNanoseconds(type) ? { ...leaf, cut: true } : leaf;
}

function isUtcNanoseconds(type: DataType): boolean {
  return DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND && (type.timezone ?? null) !== null;
}

/** What DuckDB makes of a value of Arrow's type; '' where it makes nothing of it. */
function leafType(type: DataType): string {
  if (DataType.isNull(type)) return '"NULL"';
  if (DataType.isBool(type)) return 'BOOLEAN';
  if (DataType.isInt(type)) return integerType(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return ['', 'FLOAT', 'DOUBLE'][type.precision] ?? '';
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'VARCHAR';
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type))
    return 'BLOB';
  if (DataType.isDecimal(type)) return `DECIMAL(${type.precision},${type.scale})`;
  if (DataType.isDate(type)) return 'DATE';
  if (DataType.isTime(type)) return 'TIME';
  if (DataType.isTimestamp(type)) {
    if (type.timezone !== null && type.timezone !== undefined) return 'TIMESTAMP WITH TIME ZONE';
    return TIMESTAMPS[type.unit];
  }
  return '';
}

const TIMESTAMPS: Readonly<Record<TimeUnit, string>> = {
  [TimeUnit.SECOND]: 'TIMESTAMP_S',
  [TimeUnit.MILLISECOND]: 'TIMESTAMP_MS',
  [TimeUnit.MICROSECOND]: 'TIMESTAMP',
  [TimeUnit.NANOSECOND]: 'TIMESTAMP_NS',
};

function integerType(bits: number, signed: boolean): string {
  const name = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[bits] ?? '';
  return signed || name === '' ? name : `U${name}`;
}
