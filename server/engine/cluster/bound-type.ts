import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { refuse } from './refuse.ts';

/** Types by DuckDB's names, and what they are in Trino. 128-bit integers are decimals there: those have sums of 38 digits. */
const TRINO_NAMES = new Map([
  ['BOOLEAN', 'boolean'],
  ['TINYINT', 'tinyint'],
  ['SMALLINT', 'smallint'],
  ['INTEGER', 'integer'],
  ['BIGINT', 'bigint'],
  ['HUGEINT', 'decimal(38,0)'],
  ['FLOAT', 'real'],
  ['DOUBLE', 'double'],
  ['VARCHAR', 'varchar'],
  ['BLOB', 'varbinary'],
  ['DATE', 'date'],
  ['TIME', 'time(6)'],
  ['TIMESTAMP', 'timestamp(6)'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamp(6) with time zone'],
  ['UUID', 'uuid'],
]);
const FLOATS = new Set(['FLOAT', 'DOUBLE']);
const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT']);

/** The type of a bound expression or column, of DuckDB's serialized plan. @throws UNSUPPORTED where Trino has none like it */
export function boundType(node: AstValue | undefined): DuckDbType {
  if (!isNode(node)) return refuse('it has a value without a type');
  const id = textOf(node['id']);
  const info = isNode(node['type_info']) ? node['type_info'] : {};
  if (textOf(info['alias']) !== '') return refuse(`the type ${textOf(info['alias'])} is not on the cluster`);
  if (textOf(info['collation']) !== '') return refuse('collations are not on the cluster');
  switch (id) {
    case 'DECIMAL':
      return { kind: 'decimal', precision: Number(info['width']), scale: Number(info['scale']) };
    case 'LIST':
      return { kind: 'list', element: boundType(info['child_type']) };
    case 'STRUCT':
      return { kind: 'struct', fields: fieldsOf(info) };
    case 'MAP': {
      const [key, value] = fieldsOf(
        isNode(info['child_type']) && isNode(info['child_type']['type_info'])
          ? info['child_type']['type_info']
          : {},
      );
      if (key === undefined || value === undefined) return refuse('it has a map without a type');
      return { kind: 'map', key: key.type, value: value.type };
    }
    default:
      return TRINO_NAMES.has(id)
        ? { kind: 'name', name: id }
        : refuse(`the type ${id} is not on the cluster`);
  }
}

function fieldsOf(info: AstNode): { name: string; type: DuckDbType }[] {
  return nodesOf(info['child_types']).map((field) => ({
    name: textOf(field['first']),
    type: boundType(field['second']),
  }));
}

/** @throws UNSUPPORTED for a type that Trino has not */
export function trinoType(type: DuckDbType): string {
  switch (type.kind) {
    case 'name':
      return TRINO_NAMES.get(type.name) ?? refuse(`the type ${type.name} is not on the cluster`);
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'list':
      return `array(${trinoType(type.element)})`;
    case 'map':
      return `map(${trinoType(type.key)}, ${trinoType(type.value)})`;
    case 'struct':
      return `row(${type.fields.map(({ name, type: field }) => (name === '' ? '' : `${quoteIdentifier(name)} `) + trinoType(field)).join(', ')})`;
  }
}

export function isFloat(type: DuckDbType): boolean {
  return type.kind === 'name' && FLOATS.has(type.name);
}

export function isInteger(type: DuckDbType): boolean {
  return type.kind === 'name' && INTEGERS.has(type.name);
}

/** Integers and decimals. */
export function isExact(type: DuckDbType): boolean {
  return isInteger(type) || type.kind === 'decimal';
}

export function isNumber(type: DuckDbType): boolean {
  return isExact(type) || isFloat(type);
}

export function isNamed(type: DuckDbType, ...names: readonly string[]): boolean {
  return type.kind === 'name' && names.includes(type.name);
}

/** Whether a struct in it has fields that no name tells apart. */
export function hasUnnamed(type: DuckDbType): boolean {
  switch (type.kind) {
    case 'list':
      return hasUnnamed(type.element);
    case 'map':
      return hasUnnamed(type.key) || hasUnnamed(type.value);
    case 'struct': {
      const names = new Set(type.fields.map(({ name }) => name));
      return (
        names.has('') ||
        names.size < type.fields.length ||
        type.fields.some((field) => hasUnnamed(field.type))
      );
    }
    default:
      return false;
  }
}

/** Not made of others. */
export function isScalar(type: DuckDbType): boolean {
  return type.kind === 'name' || type.kind === 'decimal';
}

export function sameType(left: DuckDbType, right: DuckDbType): boolean {
  return trinoType(left) === trinoType(right);
}
