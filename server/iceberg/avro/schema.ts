/** Avro schema JSON with the attributes that Iceberg adds. Only what Iceberg files use. */
export type AvroSchema = AvroPrimitive | AvroNamed | AvroArray | AvroMap | readonly AvroSchema[];

export type AvroPrimitive =
  | 'null'
  | 'boolean'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'bytes'
  | 'string'
  | {
      readonly type: AvroPrimitive & string;
      readonly logicalType?: string;
      readonly [extra: string]: unknown;
    };

export type AvroNamed = AvroRecord | AvroFixed;

export interface AvroRecord {
  readonly type: 'record';
  readonly name: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroSchema;
  readonly 'field-id': number;
  readonly default?: null;
  readonly doc?: string;
}

export interface AvroFixed {
  readonly type: 'fixed';
  readonly name: string;
  readonly size: number;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
}

export interface AvroArray {
  readonly type: 'array';
  readonly items: AvroSchema;
  readonly 'element-id'?: number;
  /** 'map': an array of key-value records, Avro's own maps having text keys only. */
  readonly logicalType?: string;
}

export interface AvroMap {
  readonly type: 'map';
  readonly values: AvroSchema;
}

/** A field that must be given. */
export function required(id: number, name: string, type: AvroSchema): AvroField {
  return { name, type, 'field-id': id };
}

/** A field that may be null. */
export function optional(id: number, name: string, type: AvroSchema): AvroField {
  return { name, type: ['null', type], default: null, 'field-id': id };
}

/** A map with integer keys, in the form Iceberg gives it. */
export function mapById(keyId: number, valueId: number, value: AvroSchema): AvroArray {
  return {
    type: 'array',
    logicalType: 'map',
    items: {
      type: 'record',
      name: `k${keyId}_v${valueId}`,
      fields: [required(keyId, 'key', 'int'), required(valueId, 'value', value)],
    },
  };
}
