import { AppError } from '../errors/app-error.ts';

/**
 * An Iceberg type as a value. A primitive is its canonical text, as metadata JSON writes it: 'long',
 * 'decimal(10, 2)', 'fixed[16]', 'timestamptz', …
 */
export type IcebergType = PrimitiveType | StructType | ListType | MapType;
export type PrimitiveType = string;

export interface NestedField {
  /** Unique in the table for ever; 0 until assignFreshIds gives it one. */
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IcebergType;
  readonly doc?: string;
  /** Single-value JSON (spec, appendix D), as metadata holds it. For rows written before the column was. */
  readonly initialDefault?: unknown;
  /** Single-value JSON. For rows whose writer does not give the column. */
  readonly writeDefault?: unknown;
}

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly NestedField[];
}

export interface ListType {
  readonly type: 'list';
  readonly elementId: number;
  readonly elementRequired: boolean;
  readonly element: IcebergType;
}

export interface MapType {
  readonly type: 'map';
  readonly keyId: number;
  readonly key: IcebergType;
  readonly valueId: number;
  readonly valueRequired: boolean;
  readonly value: IcebergType;
}

const SIMPLE_KINDS = [
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'timestamp_ns',
  'timestamptz_ns',
  'string',
  'uuid',
  'binary',
  'unknown',
  'variant',
] as const;

/** A primitive taken apart, so that a switch over `kind` is exhaustive. */
export type Primitive =
  | { readonly kind: (typeof SIMPLE_KINDS)[number] }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'geometry' | 'geography'; readonly parameters: string };
export type PrimitiveKind = Primitive['kind'];

const SIMPLE = new Map<string, Primitive>(SIMPLE_KINDS.map((kind) => [kind, { kind }]));
const DECIMAL = /^decimal\(\s*(\d{1,9})\s*,\s*(\d{1,9})\s*\)$/;
const FIXED = /^fixed\[\s*(\d{1,9})\s*\]$/;
const GEO = /^(geometry|geography)(?:\(\s*(.*?)\s*\))?$/;

export function isPrimitive(type: IcebergType): type is PrimitiveType {
  return typeof type === 'string';
}

/**
 * Takes a primitive's text apart.
 *
 * @throws INVALID_INPUT when it is no Iceberg primitive type.
 */
export function parsePrimitive(text: PrimitiveType): Primitive {
  const simple = SIMPLE.get(text);
  if (simple !== undefined) return simple;

  const decimal = DECIMAL.exec(text);
  if (decimal !== null) {
    const precision = Number(decimal[1]);
    const scale = Number(decimal[2]);
    if (precision >= 1 && precision <= 38 && scale <= precision) return { kind: 'decimal', precision, scale };
  }
  const fixed = FIXED.exec(text);
  if (fixed !== null) return { kind: 'fixed', length: Number(fixed[1]) };

  const geo = GEO.exec(text);
  if (geo !== null)
    return { kind: geo[1] === 'geometry' ? 'geometry' : 'geography', parameters: geo[2] ?? '' };

  throw new AppError(
    'INVALID_INPUT',
    `'${text}' is not an Iceberg type; write for example int, long, string, timestamptz or decimal(10, 2).`,
    { context: { type: text } },
  );
}

/** The canonical text of a primitive; the inverse of parsePrimitive. */
export function formatPrimitive(primitive: Primitive): PrimitiveType {
  switch (primitive.kind) {
    case 'decimal':
      return `decimal(${primitive.precision}, ${primitive.scale})`;
    case 'fixed':
      return `fixed[${primitive.length}]`;
    case 'geometry':
    case 'geography':
      return primitive.parameters === '' ? primitive.kind : `${primitive.kind}(${primitive.parameters})`;
    default:
      return primitive.kind;
  }
}

/** What a person reads: long, decimal(10, 2), list<string>, map<string, int>, struct<x: int, y: string>. */
export function formatType(type: IcebergType): string {
  if (isPrimitive(type)) return type;
  switch (type.type) {
    case 'list':
      return `list<${formatType(type.element)}>`;
    case 'map':
      return `map<${formatType(type.key)}, ${formatType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((field) => `${field.name}: ${formatType(field.type)}`).join(', ')}>`;
  }
}
