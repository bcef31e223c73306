import { quoteIdentifier, quoteLiteral } from '../../sql/quoting.ts';
import { duckDbTypeOf } from '../duckdb-types.ts';
import { isPrimitive, parsePrimitive, type IcebergType, type StructType } from '../types.ts';
import { initialDefaultSql } from './default-sql.ts';
import { duckDbTypeOfFile, type FileLeaf, type FileStruct, type FileType } from './file-shape.ts';

/** How a file's values become a table's. */
export type Projection =
  /** DuckDB's own cast to the table's type does it. */
  | { readonly kind: 'cast' }
  | { readonly kind: 'expression'; readonly sql: (value: string) => string }
  /** They can't; the text says what the file has, for people. */
  | { readonly kind: 'unfit'; readonly found: string };

const CAST: Projection = { kind: 'cast' };

/**
 * Brings values of a file to a table's type: members of structs by field id at any depth, whatever they were called
 * or where they stood; members that the file lacks as their initial default; promoted types. NULL stays NULL.
 */
export function projectFile(file: FileType, wanted: IcebergType): Projection {
  return project(file, wanted, 0);
}

/** The value itself, as the table's type. */
export function projectedSql(projection: Projection, value: string, wanted: IcebergType): string {
  const type = duckDbTypeOf(wanted);
  // The cast of an expression gives its members the exact types and names; where it has them already it costs nothing.
  return projection.kind === 'expression'
    ? `CAST(${projection.sql(value)} AS ${type})`
    : `CAST(${value} AS ${type})`;
}

function project(file: FileType, wanted: IcebergType, depth: number): Projection {
  if (isPrimitive(wanted)) return projectPrimitive(file, wanted);
  if (wanted.type === 'struct' && file.kind === 'struct') return projectStruct(file, wanted, depth);
  if (wanted.type === 'list' && file.kind === 'list') {
    const element = project(file.element.type, wanted.element, depth + 1);
    if (element.kind !== 'expression') return element;
    const x = `x${depth}`;
    return expression((value) => `list_transform(${value}, lambda ${x}: ${element.sql(x)})`);
  }
  if (wanted.type === 'map' && file.kind === 'map') {
    const key = project(file.key.type, wanted.key, depth + 1);
    const item = project(file.value.type, wanted.value, depth + 1);
    if (key.kind === 'unfit') return key;
    if (item.kind !== 'expression' && key.kind !== 'expression') return item;
    if (item.kind === 'unfit') return item;
    const x = `x${depth}`;
    const entry =
      `struct_pack(key := ${projectedSql(key, `${x}.key`, wanted.key)}, ` +
      `value := ${projectedSql(item, `${x}.value`, wanted.value)})`;
    return expression(
      (value) => `map_from_entries(list_transform(map_entries(${value}), lambda ${x}: ${entry}))`,
    );
  }
  return unfit(file);
}

function projectStruct(file: FileStruct, wanted: StructType, depth: number): Projection {
  const byId = new Map(file.fields.map((field) => [field.id, field]));
  let plain = file.unwrapped !== true && file.fields.length === wanted.fields.length;
  const members: ((value: string) => string)[] = [];
  for (const [index, member] of wanted.fields.entries()) {
    const inside = byId.get(member.id);
    if (inside === undefined) {
      const constant = initialDefaultSql(member);
      members.push(() => constant);
      plain = false;
      continue;
    }
    const projection = project(inside.type, member.type, depth + 1);
    if (projection.kind === 'unfit') return projection;
    plain &&= projection.kind === 'cast' && inside.name === member.name && file.fields[index] === inside;
    members.push((value) => {
      const held = file.unwrapped === true ? value : `struct_extract(${value}, ${quoteLiteral(inside.name)})`;
      return projectedSql(projection, held, member.type);
    });
  }
  if (plain) return CAST;
  return expression((value) => {
    const packed = wanted.fields.map(
      (member, index) => `${quoteIdentifier(member.name)} := ${members[index]?.(value) ?? 'NULL'}`,
    );
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${packed.join(', ')}) END`;
  });
}

const INTEGERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT'];
/** Of the table's types in DuckDB's words, those that narrower integers of a file become. */
export function isIntegerType(sqlType: string): boolean {
  return sqlType === 'INTEGER' || sqlType === 'BIGINT';
}

const TIMES = /^(?:DATE|TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?)$/;

function projectPrimitive(file: FileType, wanted: string): Projection {
  const { kind } = parsePrimitive(wanted);
  if (kind === 'unknown') return expression(() => 'NULL');
  if (kind === 'variant') return projectVariant(file);
  if (file.kind !== 'leaf') return unfit(file);
  // A column that was of type unknown when the file was written has no value.
  if (file.sqlType === '"NULL"') return expression(() => 'NULL');
  const projection = projectLeaf(file, kind);
  if (projection.kind !== 'unfit' || file.own === undefined) return projection;
  // Held as a wider type than is wanted now, the values are still the file's: what a type that they fit was cast to
  // is cast to another that they fit as if it came from the file.
  return projectLeaf({ kind: 'leaf', sqlType: file.own }, kind).kind === 'cast' ? CAST : projection;
}

function projectLeaf(file: FileLeaf, kind: string): Projection {
  const { sqlType } = file;
  const among = (...types: readonly string[]) => (types.includes(sqlType) ? CAST : unfit(file));
  switch (kind) {
    case 'boolean':
      return among('BOOLEAN');
    case 'int':
      return among(...INTEGERS);
    case 'long':
      return among(...INTEGERS, 'BIGINT', 'UINTEGER');
    case 'float':
      return among('FLOAT');
    case 'double':
      return among('FLOAT', 'DOUBLE');
    case 'decimal':
      return sqlType.startsWith('DECIMAL(') ? CAST : unfit(file);
    case 'date':
      return among('DATE');
    case 'time':
      // Some writers, Arrow long among them, mark times of day as UTC; the offset is always nought.
      return among('TIME', 'TIME_NS', 'TIME WITH TIME ZONE');
    case 'timestamp':
    case 'timestamptz':
    case 'timestamp_ns':
    case 'timestamptz_ns':
      if (file.cut === true && kind.endsWith('_ns')) return unfit(file);
      return TIMES.test(sqlType) ? CAST : unfit(file);
    case 'string':
      // Old writers don't mark text; a cast would give \x… escapes for what is not ASCII.
      return sqlType === 'BLOB' ? expression((value) => `decode(${value})`) : among('VARCHAR', 'JSON');
    case 'uuid':
      return among('UUID', 'BLOB');
    default:
      if (sqlType === 'VARCHAR') return expression((value) => `encode(${value})`);
      if (sqlType === 'GEOMETRY') return expression((value) => `ST_AsWKB(${value})`);
      return among('BLOB');
  }
}

/** Only the server's engine reads it, and gives it as VARIANT where the file says that it is one. */
function projectVariant(file: FileType): Projection {
  if (file.kind === 'leaf') return file.sqlType === 'VARIANT' ? CAST : unfit(file);
  return unfit(file);
}

function expression(sql: (value: string) => string): Projection {
  return { kind: 'expression', sql };
}

function unfit(file: FileType): Projection {
  const own = file.kind === 'leaf' ? file.own : undefined;
  return { kind: 'unfit', found: (own ?? duckDbTypeOfFile(file)) || 'nothing that can be read' };
}
