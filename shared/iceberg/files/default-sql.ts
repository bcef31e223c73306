import { AppError } from '../../errors/app-error.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quoting.ts';
import { duckDbTypeOf } from '../duckdb-types.ts';
import { stringifyJson } from '../../util/json.ts';
import { formatType, isPrimitive, parsePrimitive, type IcebergType, type NestedField } from '../types.ts';

/**
 * The SQL constant that a row has where its file was written without a field: the field's initial default, or NULL.
 *
 * @throws CORRUPT_METADATA for a default that is none of the field's type
 */
export function initialDefaultSql(field: Pick<NestedField, 'name' | 'type' | 'initialDefault'>): string {
  const sql = valueSql(field.type, field.initialDefault ?? null, field.name);
  return `CAST(${sql} AS ${duckDbTypeOf(field.type)})`;
}

/** Single-value JSON (spec, appendix D) as SQL; the caller casts it to the type. */
function valueSql(type: IcebergType, json: unknown, name: string): string {
  if (json === null || json === undefined) return 'NULL';
  if (isPrimitive(type)) return primitiveSql(type, json, name);
  switch (type.type) {
    case 'struct': {
      // A struct's own default is NULL or {}: its members have theirs. Others give values by field id.
      const given = record(json, type, name);
      const members = type.fields.map((member) => {
        const value = given[String(member.id)];
        const sql =
          value === undefined ? initialDefaultSql(member) : valueSql(member.type, value, member.name);
        return `${quoteIdentifier(member.name)} := CAST(${sql} AS ${duckDbTypeOf(member.type)})`;
      });
      return `struct_pack(${members.join(', ')})`;
    }
    case 'list':
      return `[${list(json, type, name)
        .map((item) => valueSql(type.element, item, name))
        .join(', ')}]`;
    case 'map': {
      const { keys, values } = record(json, type, name);
      const [k, v] = [list(keys, type, name), list(values, type, name)];
      if (k.length !== v.length) throw unfit(type, json, name);
      const all = (inner: IcebergType, items: readonly unknown[]) =>
        `CAST([${items.map((item) => valueSql(inner, item, name)).join(', ')}] AS ${duckDbTypeOf(inner)}[])`;
      return `map(${all(type.key, k)}, ${all(type.value, v)})`;
    }
  }
}

function primitiveSql(type: string, json: unknown, name: string): string {
  const { kind } = parsePrimitive(type);
  switch (kind) {
    case 'boolean':
      if (typeof json === 'boolean') return String(json);
      break;
    case 'int':
    case 'long':
      if (typeof json === 'bigint' || (typeof json === 'number' && Number.isInteger(json))) return `${json}`;
      break;
    case 'float':
    case 'double':
      // JSON has no NaN and no infinity; writers that need them give text.
      if (typeof json === 'number' || typeof json === 'bigint' || isText(json))
        return quoteLiteral(`${json}`);
      break;
    case 'fixed':
    case 'binary':
    case 'geometry':
    case 'geography':
      if (isText(json) && /^(?:[0-9a-f]{2})*$/i.test(json)) return `unhex(${quoteLiteral(json)})`;
      break;
    case 'unknown':
    case 'variant':
      break;
    case 'string':
      if (isText(json)) return quoteLiteral(json);
      break;
    default:
      if (isText(json)) return quoteLiteral(json);
      // Some writers give decimals as numbers.
      if (kind === 'decimal' && (typeof json === 'number' || typeof json === 'bigint'))
        return quoteLiteral(`${json}`);
  }
  throw unfit(type, json, name);
}

function isText(json: unknown): json is string {
  return typeof json === 'string';
}

function list(json: unknown, type: IcebergType, name: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw unfit(type, json, name);
}

function record(json: unknown, type: IcebergType, name: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw unfit(type, json, name);
}

function unfit(type: IcebergType, json: unknown, name: string): AppError {
  return new AppError(
    'CORRUPT_METADATA',
    `The column ${name} has an initial default that is no ${formatType(type)}: ${stringifyJson(json)}.`,
    { context: { column: name } },
  );
}
