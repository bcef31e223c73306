import { Bool, Field, Float64, Int64, List, Struct, Utf8, type DataType } from 'apache-arrow';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { stringifyJson } from '#shared/util/json.ts';

/** What values of JSON have in common. `json`: nothing but that they are values, which stay as their text. */
export type JsonType =
  | { readonly kind: 'null' | 'boolean' | 'integer' | 'double' | 'date' | 'timestamp' | 'text' | 'json' }
  | { readonly kind: 'list'; readonly element: JsonType }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, JsonType> };

const NULL: JsonType = { kind: 'null' };
const JSON_TEXT: JsonType = { kind: 'json' };
const TEXT: JsonType = { kind: 'text' };
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIMESTAMP =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/;
const INT64_MAX = 2n ** 63n - 1n;
/** An object with more names than this has values for names. */
const MOST_FIELDS = 500;

export function jsonTypeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return NULL;
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'bigint')
    return { kind: value > INT64_MAX || value < -INT64_MAX ? 'double' : 'integer' };
  if (typeof value === 'number') return { kind: Number.isSafeInteger(value) ? 'integer' : 'double' };
  if (typeof value === 'string') return { kind: textKind(value) };
  if (Array.isArray(value)) {
    let element = NULL;
    for (const item of value as readonly unknown[]) element = mergeTypes(element, jsonTypeOf(item));
    return { kind: 'list', element };
  }
  const entries = Object.entries(value);
  if (entries.length > MOST_FIELDS || tooAlike(entries.map(([name]) => name))) return JSON_TEXT;
  return { kind: 'object', fields: new Map(entries.map(([name, item]) => [name, jsonTypeOf(item)])) };
}

/** The type that has the values of both. */
export function mergeTypes(a: JsonType, b: JsonType): JsonType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'list' && b.kind === 'list') {
    const element = mergeTypes(a.element, b.element);
    return element === a.element ? a : { kind: 'list', element };
  }
  if (a.kind === 'object' && b.kind === 'object') return mergeObjects(a.fields, b.fields, a);
  if (a.kind === b.kind) return a;
  const kinds = new Set([a.kind, b.kind]);
  const both = (...of: JsonType['kind'][]) => [...kinds].every((kind) => of.includes(kind));
  if (both('integer', 'double')) return { kind: 'double' };
  if (both('date', 'timestamp')) return { kind: 'timestamp' };
  return both('date', 'timestamp', 'text') ? TEXT : JSON_TEXT;
}

function mergeObjects(
  a: ReadonlyMap<string, JsonType>,
  b: ReadonlyMap<string, JsonType>,
  unchanged: JsonType,
): JsonType {
  let fields: Map<string, JsonType> | null = null;
  for (const [name, type] of b) {
    const known = a.get(name);
    const merged = known === undefined ? type : mergeTypes(known, type);
    if (merged !== known) (fields ??= new Map(a)).set(name, merged);
  }
  if (fields === null) return unchanged;
  return fields.size > MOST_FIELDS || tooAlike([...fields.keys()]) ? JSON_TEXT : { kind: 'object', fields };
}

/** DuckDB takes names that differ in case alone for one. */
function tooAlike(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length || names.includes('');
}

function textKind(text: string): 'date' | 'timestamp' | 'text' {
  if (text.length < 10 || text.length > 26) return 'text';
  return DATE.test(text) ? 'date' : TIMESTAMP.test(text) ? 'timestamp' : 'text';
}

/** The DuckDB type of a column; what is nested keeps dates as text. */
export function columnTypeOf(type: JsonType): string {
  return type.kind === 'date' ? 'DATE' : type.kind === 'timestamp' ? 'TIMESTAMP' : sqlTypeOf(type);
}

function sqlTypeOf(type: JsonType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'list':
      return `${sqlTypeOf(type.element)}[]`;
    case 'object':
      if (type.fields.size === 0) return 'VARCHAR';
      return `STRUCT(${[...type.fields].map(([name, field]) => `${quoteIdentifier(name)} ${sqlTypeOf(field)}`).join(', ')})`;
    default:
      return 'VARCHAR';
  }
}

export function arrowTypeOf(type: JsonType): DataType {
  switch (type.kind) {
    case 'boolean':
      return new Bool();
    case 'integer':
      return new Int64();
    case 'double':
      return new Float64();
    case 'list':
      return new List(new Field('element', arrowTypeOf(type.element), true));
    case 'object':
      if (type.fields.size === 0) return new Utf8();
      return new Struct([...type.fields].map(([name, field]) => new Field(name, arrowTypeOf(field), true)));
    default:
      return new Utf8();
  }
}

/** A value as a column of the type takes it. */
export function valueFor(value: unknown, type: JsonType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'integer':
      return BigInt(value as number | bigint);
    case 'double':
      return Number(value);
    case 'list':
      return (value as readonly unknown[]).map((item) => valueFor(item, type.element));
    case 'object':
      if (type.fields.size === 0) return stringifyJson(value);
      return Object.fromEntries(
        [...type.fields].map(([name, field]) => [
          name,
          valueFor((value as Record<string, unknown>)[name], field),
        ]),
      );
    case 'json':
      return typeof value === 'string' ? value : stringifyJson(value);
    default:
      return value;
  }
}
