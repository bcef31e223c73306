import { AppError } from '../errors/app-error.ts';
import { parseDuckDbType, type DuckDbType } from './duckdb-type-text.ts';
import { assignFreshIds, childFields, type Schema } from './schema.ts';
import { isPrimitive, parsePrimitive, type IcebergType, type NestedField } from './types.ts';

/** DuckDB type name → Iceberg type, each the narrowest that holds every value. */
const FROM_DUCKDB = new Map<string, string>([
  ['BOOLEAN', 'boolean'],
  ['TINYINT', 'int'],
  ['SMALLINT', 'int'],
  ['INTEGER', 'int'],
  ['BIGINT', 'long'],
  ['UTINYINT', 'int'],
  ['USMALLINT', 'int'],
  ['UINTEGER', 'long'],
  ['UBIGINT', 'decimal(20, 0)'],
  ['HUGEINT', 'decimal(38, 0)'],
  ['UHUGEINT', 'decimal(38, 0)'],
  ['FLOAT', 'float'],
  ['DOUBLE', 'double'],
  ['DATE', 'date'],
  ['TIME', 'time'],
  ['TIMESTAMP', 'timestamp'],
  ['TIMESTAMP_S', 'timestamp'],
  ['TIMESTAMP_MS', 'timestamp'],
  ['TIMESTAMP_NS', 'timestamp_ns'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
  ['VARCHAR', 'string'],
  ['JSON', 'string'],
  ['ENUM', 'string'],
  ['UUID', 'uuid'],
  ['BLOB', 'binary'],
  ['VARIANT', 'variant'],
  ['NULL', 'int'],
]);

/**
 * The Iceberg type that holds every value of a DuckDB type, as DESCRIBE prints it (common aliases too). Field
 * ids inside nested types are 0 until assignFreshIds.
 *
 * A column must be CAST to `duckDbTypeOf` of the result before Parquet is written: DuckDB would write a
 * HUGEINT as a double, for example.
 *
 * @throws UNSUPPORTED for types with no Iceberg counterpart (INTERVAL, BIT, UNION, TIME WITH TIME ZONE, …);
 *   INVALID_INPUT for text that is no type.
 */
export function icebergTypeFromDuckDb(sqlType: string): IcebergType {
  return convert(parseDuckDbType(sqlType));
}

function convert(type: DuckDbType): IcebergType {
  switch (type.kind) {
    case 'list':
      return { type: 'list', elementId: 0, elementRequired: false, element: convert(type.element) };
    case 'map':
      return {
        type: 'map',
        keyId: 0,
        key: convert(type.key),
        valueId: 0,
        valueRequired: false,
        value: convert(type.value),
      };
    case 'struct':
      return {
        type: 'struct',
        fields: type.fields.map(({ name, type }) => ({ id: 0, name, required: false, type: convert(type) })),
      };
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`;
    case 'name': {
      const iceberg = FROM_DUCKDB.get(type.name);
      if (iceberg === undefined) {
        throw new AppError(
          'UNSUPPORTED',
          `Iceberg has no type that holds DuckDB's ${type.name}; cast the column, for example to VARCHAR.`,
          { context: { type: type.name } },
        );
      }
      return iceberg;
    }
  }
}

/** The DuckDB type in which an Iceberg column is queried, e.g. 'TIMESTAMP WITH TIME ZONE', 'DECIMAL(10,2)[]'. */
export function duckDbTypeOf(type: IcebergType): string {
  if (!isPrimitive(type)) {
    switch (type.type) {
      case 'list':
        return `${duckDbTypeOf(type.element)}[]`;
      case 'map':
        return `MAP(${duckDbTypeOf(type.key)}, ${duckDbTypeOf(type.value)})`;
      case 'struct':
        return `STRUCT(${type.fields.map((f) => `${quote(f.name)} ${duckDbTypeOf(f.type)}`).join(', ')})`;
    }
  }
  const primitive = parsePrimitive(type);
  switch (primitive.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'int':
      return 'INTEGER';
    case 'long':
      return 'BIGINT';
    case 'float':
      return 'FLOAT';
    case 'double':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${primitive.precision},${primitive.scale})`;
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'timestamptz':
      return 'TIMESTAMP WITH TIME ZONE';
    case 'timestamp_ns':
    // DuckDB's zoned type holds microseconds alone: these are shown in UTC, to the nanosecond.
    case 'timestamptz_ns':
      return 'TIMESTAMP_NS';
    case 'string':
      return 'VARCHAR';
    case 'uuid':
      return 'UUID';
    case 'fixed':
    case 'binary':
    // As the bytes that files hold (WKB): DuckDB's own type has a coordinate system that no other may be cast to.
    case 'geometry':
    case 'geography':
      return 'BLOB';
    case 'unknown':
      return 'INTEGER';
    case 'variant':
      return 'VARIANT';
  }
}

/** A schema with fresh field ids from the columns of a DuckDB query, as DESCRIBE lists them. */
export function schemaFromColumns(
  columns: readonly {
    readonly name: string;
    readonly sqlType: string;
    readonly required?: boolean;
    readonly doc?: string;
  }[],
  schemaId = 0,
): Schema {
  const fields = columns.map(({ name, sqlType, required, doc }): NestedField => ({
    id: 0,
    name,
    required: required ?? false,
    type: icebergTypeFromDuckDb(sqlType),
    ...(doc === undefined ? {} : { doc }),
  }));
  return { schemaId, fields: assignFreshIds(fields).fields, identifierFieldIds: [] };
}

/** The value of COPY's FIELD_IDS option, which puts a schema's field ids into the Parquet file. */
export function duckDbFieldIds(schema: Pick<Schema, 'fields'>): string {
  const braces = (fields: readonly NestedField[], own?: number): string => {
    const entries = fields.map((field) => {
      const children = childFields(field.type);
      return `${quote(field.name)}: ${children.length === 0 ? field.id : braces(children, field.id)}`;
    });
    return `{${[...(own === undefined ? [] : [`__duckdb_field_id: ${own}`]), ...entries].join(', ')}}`;
  };
  return braces(schema.fields);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
