/** What a DuckDB type means for showing, sorting out axes and copying. Nested types carry their parts. */
export type SqlType =
  | { readonly kind: 'integer'; readonly name: string }
  | { readonly kind: 'float'; readonly name: string; readonly single: boolean }
  | { readonly kind: 'decimal'; readonly name: string; readonly scale: number }
  | {
      readonly kind: 'boolean' | 'date' | 'time' | 'timestamp' | 'timestamptz' | 'blob';
      readonly name: string;
    }
  | { readonly kind: 'text'; readonly name: string }
  | { readonly kind: 'list'; readonly name: string; readonly element: SqlType }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: ReadonlyMap<string, SqlType> }
  | { readonly kind: 'map'; readonly name: string; readonly key: SqlType; readonly value: SqlType };

const SIMPLE: Readonly<Record<string, SqlType['kind']>> = {
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  INT: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  BIGNUM: 'integer',
  VARINT: 'integer',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  TIME_NS: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_US: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  DATETIME: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  TIMESTAMPTZ: 'timestamptz',
  BLOB: 'blob',
  BYTEA: 'blob',
};

const cache = new Map<string, SqlType>();

/**
 * Reads a type as DuckDB prints it, e.g. `DECIMAL(10,2)`, `STRUCT(a INTEGER, "b c" VARCHAR[])`,
 * `MAP(VARCHAR, BIGINT)`, `INTEGER[3]`. A type it does not know is shown as text; it never throws.
 */
export function parseSqlType(text: string): SqlType {
  const known = cache.get(text);
  if (known) return known;
  const parsed = parse(text.trim());
  cache.set(text, parsed);
  return parsed;
}

function parse(name: string): SqlType {
  const upper = name.toUpperCase();
  const element = /^(.*)\[\d*\]$/s.exec(name)?.[1];
  if (element !== undefined) return { kind: 'list', name, element: parse(element.trim()) };
  if (upper.startsWith('STRUCT(')) return { kind: 'struct', name, fields: structFields(name) };
  if (upper.startsWith('MAP(')) {
    const [key = 'VARCHAR', value = 'VARCHAR'] = splitTopLevel(inside(name));
    return { kind: 'map', name, key: parse(key), value: parse(value) };
  }
  if (upper.startsWith('DECIMAL') || upper.startsWith('NUMERIC')) {
    return { kind: 'decimal', name, scale: Number(/,\s*(\d+)\s*\)$/.exec(name)?.[1] ?? 0) };
  }
  if (upper === 'DOUBLE' || upper === 'FLOAT8') return { kind: 'float', name, single: false };
  if (upper === 'FLOAT' || upper === 'REAL' || upper === 'FLOAT4')
    return { kind: 'float', name, single: true };
  return { kind: SIMPLE[upper] ?? 'text', name } as SqlType;
}

function structFields(name: string): ReadonlyMap<string, SqlType> {
  const fields = new Map<string, SqlType>();
  for (const [at, part] of splitTopLevel(inside(name)).entries()) {
    const quoted = /^"((?:[^"]|"")*)"\s+(.*)$/s.exec(part);
    const plain = /^(\S+)\s+(.*)$/s.exec(part);
    const [, field, type] = quoted ?? plain ?? [];
    if (field !== undefined && type !== undefined) {
      const own = quoted ? field.replaceAll('""', '"') : field;
      fields.set(structFieldName(own, at), parse(type.trim()));
    }
  }
  return fields;
}

/** What a field of a struct is called here: those of row(1, 2) have no names, and by their places are not one another. */
export function structFieldName(name: string | null, at: number): string {
  return name === null || name === '' ? String(at + 1) : name;
}

function inside(name: string): string {
  return name.slice(name.indexOf('(') + 1, name.lastIndexOf(')'));
}

/** Splits at commas that are in no brackets and in no quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  if (last) parts.push(last);
  return parts;
}

export function isNumeric(type: SqlType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'decimal';
}

export function isTemporal(type: SqlType): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz';
}

export function isNested(type: SqlType): boolean {
  return type.kind === 'list' || type.kind === 'struct' || type.kind === 'map';
}

/** The type as a column header says it: short, lower case, without what nested parts are made of. */
export function shortTypeName(type: SqlType): string {
  switch (type.kind) {
    case 'list':
      return `${shortTypeName(type.element)}[]`;
    case 'struct':
      return 'struct';
    case 'map':
      return 'map';
    case 'timestamptz':
      return 'timestamptz';
    default:
      return type.name.toUpperCase().startsWith('ENUM(') ? 'enum' : type.name.toLowerCase();
  }
}
