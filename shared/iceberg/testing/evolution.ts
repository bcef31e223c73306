import fc from 'fast-check';
import { quoteIdentifier, quoteLiteral } from '../../sql/quoting.ts';
import { duckDbTypeOf } from '../duckdb-types.ts';
import { isPrimitive, type IcebergType, type NestedField, type StructType } from '../types.ts';

/** A value of a row: a primitive as the text that casts to it (bytes as hex digits), a map as pairs. */
export type Value = string | null | readonly Value[] | Members;
export interface Members {
  readonly [fieldId: number]: Value;
}

/** A data file's schema when it was written, and its rows. */
export interface WrittenFile {
  readonly fields: readonly NestedField[];
  readonly rows: readonly Members[];
}

/** A table after random changes of its schema, each followed by a file; `rowId` is a column that none changes. */
export interface EvolvedTable {
  readonly fields: readonly NestedField[];
  readonly files: readonly WrittenFile[];
}

export const ROW_ID: NestedField = { id: 1, name: 'row_id', required: true, type: 'int' };

const VALUES: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true', 'false'],
  int: ['0', '-2147483648', '2147483647', '7'],
  long: ['-9223372036854775808', '9223372036854775807', '3'],
  float: ['1.5', '-0.25', 'NaN', 'Infinity'],
  double: ['0.1', '-1e300', 'NaN'],
  'decimal(9, 2)': ['1234567.89', '-0.01'],
  'decimal(38, 2)': ['123456789012345678901234567890123456.78', '-1.00'],
  date: ['1969-12-31', '2020-02-29'],
  time: ['00:00:00', '23:59:59.999999'],
  timestamp: ['1969-12-31 23:59:59.999999', '2020-02-29 12:00:00'],
  timestamptz: ['1969-12-31 23:59:59.999999+00', '2020-02-29 12:00:00+00'],
  timestamp_ns: ['1969-12-31 23:59:59.999999999', '2020-02-29 12:00:00.000000001'],
  string: ['', 'x', 'é\'"\\', '😀'],
  uuid: ['00112233-4455-6677-8899-aabbccddeeff', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  binary: ['', '00ff5c7845'],
  'fixed[4]': ['00112233', '5c783031'],
};
const PROMOTIONS: Readonly<Record<string, string>> = {
  int: 'long',
  float: 'double',
  'decimal(9, 2)': 'decimal(38, 2)',
  date: 'timestamp',
  unknown: 'string',
};
const LEAVES = Object.keys(VALUES);
/** Few, so that names are used again, and differ in nothing but what an engine may overlook. */
const NAMES = ['a', 'b', 'c', 'a b', 'key', 'value', 'element', 'é"', 'a.b', 'é'];

export function evolvedTable(): fc.Arbitrary<EvolvedTable> {
  return fc.gen().map((gen) => {
    const below = (limit: number): number => gen(fc.nat, { max: limit - 1 });
    return new Evolution(below).run();
  });
}

class Evolution {
  readonly #below: (limit: number) => number;
  #lastId = ROW_ID.id;
  #rows = 0;

  constructor(below: (limit: number) => number) {
    this.#below = below;
  }

  run(): EvolvedTable {
    let fields: readonly NestedField[] = [ROW_ID, ...this.#newFields(3, 0, false)];
    const files = [this.#write(fields)];
    for (let step = 0; step < 1 + this.#below(4); step += 1) {
      for (let change = 0; change < 1 + this.#below(3); change += 1) {
        const [first, ...others] = fields;
        fields = [first ?? ROW_ID, ...this.#changeStruct(others, 0, false)];
      }
      files.push(this.#write(fields));
    }
    return { fields, files };
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#below(from.length)] as T;
  }

  #newFields(count: number, depth: number, inKey: boolean): NestedField[] {
    const fields: NestedField[] = [];
    for (let index = 0; index < 1 + this.#below(count); index += 1)
      fields.push(this.#newField(fields, depth, inKey));
    return fields;
  }

  #newField(siblings: readonly NestedField[], depth: number, inKey: boolean): NestedField {
    const id = ++this.#lastId;
    return { id, name: this.#freeName(siblings), required: false, type: this.#newType(depth, inKey) };
  }

  #freeName(siblings: readonly NestedField[]): string {
    const free = NAMES.filter((name) => siblings.every((field) => field.name !== name));
    return free.length === 0 ? `n${this.#lastId}` : this.#pick(free);
  }

  #newType(depth: number, inKey: boolean): IcebergType {
    const kind = depth >= 3 ? 0 : this.#below(7);
    if (kind === 4) return { type: 'struct', fields: this.#newFields(3, depth + 1, inKey) };
    if (kind === 5 && !inKey)
      return {
        type: 'list',
        elementId: ++this.#lastId,
        elementRequired: false,
        element: this.#newType(depth + 1, inKey),
      };
    if (kind === 6 && !inKey)
      return {
        type: 'map',
        keyId: ++this.#lastId,
        key: this.#newType(2, true),
        valueId: ++this.#lastId,
        valueRequired: false,
        value: this.#newType(depth + 1, false),
      };
    // Keys are to be unequal, and stay so: see VALUES.
    if (inKey) return this.#pick(['int', 'string', 'date']);
    // Writers leave columns of type unknown out, and a struct has to have something in it.
    return depth === 0 && this.#below(8) === 0 ? 'unknown' : this.#pick(LEAVES);
  }

  #changeStruct(fields: readonly NestedField[], depth: number, inKey: boolean): readonly NestedField[] {
    const at = this.#below(Math.max(1, fields.length));
    const field = fields[at];
    if (field === undefined) return inKey ? fields : [this.#added(fields, depth)];
    const others = fields.filter((other) => other !== field);
    const put = (changed: NestedField) => fields.map((other) => (other === field ? changed : other));
    switch (this.#below(7)) {
      case 0:
        return inKey ? fields : [...fields, this.#added(fields, depth)];
      case 1:
        return inKey || (depth > 0 && others.length === 0) ? fields : others;
      case 2:
        return put({ ...field, name: this.#freeName(fields) });
      case 3:
        return [...others.slice(0, this.#below(fields.length)), field, ...others].filter(
          (other, index, all) => all.indexOf(other) === index,
        );
      case 4: {
        // Two fields take each other's name.
        const other = this.#pick(fields);
        return fields.map((each) =>
          each === field
            ? { ...each, name: other.name }
            : each === other
              ? { ...each, name: field.name }
              : each,
        );
      }
      default:
        return put({ ...field, type: this.#changeType(field.type, depth, inKey) });
    }
  }

  #added(siblings: readonly NestedField[], depth: number): NestedField {
    const field = this.#newField(siblings, depth, false);
    const { type } = field;
    if (!isPrimitive(type)) {
      // {}: the struct is there, and its members have their own defaults.
      return type.type === 'struct' && this.#below(2) === 0 ? { ...field, initialDefault: {} } : field;
    }
    const given = VALUES[type];
    if (given === undefined || this.#below(2) === 0) return field;
    return { ...field, initialDefault: defaultJson(type, this.#pick(given)) };
  }

  #changeType(type: IcebergType, depth: number, inKey: boolean): IcebergType {
    if (isPrimitive(type)) return PROMOTIONS[type] ?? type;
    switch (type.type) {
      case 'struct':
        return { ...type, fields: this.#changeStruct(type.fields, depth + 1, inKey) };
      case 'list':
        return { ...type, element: this.#changeType(type.element, depth + 1, inKey) };
      case 'map':
        return this.#below(2) === 0
          ? { ...type, key: this.#changeType(type.key, depth + 1, true) }
          : { ...type, value: this.#changeType(type.value, depth + 1, inKey) };
    }
  }

  #write(fields: readonly NestedField[]): WrittenFile {
    const rows = Array.from({ length: 1 + this.#below(3) }, () => {
      const values: Record<number, Value> = { [ROW_ID.id]: String(this.#rows++) };
      for (const field of fields) if (field !== ROW_ID) values[field.id] = this.#value(field.type, true);
      return values;
    });
    return { fields, rows };
  }

  #value(type: IcebergType, nullable: boolean): Value {
    if (nullable && this.#below(4) === 0) return null;
    if (isPrimitive(type)) return type === 'unknown' ? null : this.#pick(VALUES[type] ?? []);
    switch (type.type) {
      case 'struct': {
        const members: Record<number, Value> = {};
        for (const field of type.fields) members[field.id] = this.#value(field.type, nullable);
        return members;
      }
      case 'list':
        return Array.from({ length: this.#below(3) }, () => this.#value(type.element, true));
      case 'map': {
        const pairs = new Map<string, Value>();
        for (let index = 0; index < this.#below(3); index += 1) {
          const key = this.#value(type.key, false);
          pairs.set(JSON.stringify(key), [key, this.#value(type.value, true)]);
        }
        return [...pairs.values()];
      }
    }
  }
}

function defaultJson(type: string, text: string): unknown {
  if (type === 'boolean') return text === 'true';
  if (type === 'int') return Number(text);
  if (type === 'long') return BigInt(text);
  // The spec's form has a T, and the offset in full.
  return type.startsWith('timestamp') ? text.replace(' ', 'T').replace('+00', '+00:00') : text;
}

/** The rows as the table's schema has them. */
export function readBack(table: EvolvedTable): readonly Members[] {
  const whole = { type: 'struct', fields: table.fields } as const;
  return table.files.flatMap(({ fields, rows }) =>
    rows.map((row) => readValue({ type: 'struct', fields }, row, whole) as Members),
  );
}

function readValue(written: IcebergType, value: Value, wanted: IcebergType): Value {
  if (value === null || isPrimitive(wanted) || isPrimitive(written)) return value;
  if (wanted.type === 'struct' && written.type === 'struct') {
    const members: Record<number, Value> = {};
    for (const field of wanted.fields) {
      const inside = written.fields.find(({ id }) => id === field.id);
      members[field.id] =
        inside === undefined
          ? defaultOf(field)
          : readValue(inside.type, (value as Members)[field.id] ?? null, field.type);
    }
    return members;
  }
  const items = value as readonly Value[];
  if (wanted.type === 'list' && written.type === 'list')
    return items.map((item) => readValue(written.element, item, wanted.element));
  if (wanted.type === 'map' && written.type === 'map')
    return items.map((pair) => {
      const [key = null, item = null] = pair as readonly Value[];
      return [readValue(written.key, key, wanted.key), readValue(written.value, item, wanted.value)];
    });
  return null;
}

function defaultOf({ type, initialDefault }: NestedField): Value {
  if (initialDefault === undefined) return null;
  if (isPrimitive(type)) return (initialDefault as string | number | bigint | boolean).toString();
  return Object.fromEntries((type as StructType).fields.map((field) => [field.id, defaultOf(field)]));
}

/** SQL that gives a file's rows, and the fields that it has. */
export function writtenSql({ fields, rows }: WrittenFile): { sql: string; fields: readonly NestedField[] } {
  const written = fields.filter(({ type }) => type !== 'unknown');
  return { sql: rowsSql(written, rows), fields: written };
}

/** SQL that gives rows, each column of its type and name, in their order. */
export function rowsSql(fields: readonly NestedField[], rows: readonly Members[]): string {
  return rows
    .map((row) => {
      const items = fields.map(
        (field) => `${sqlOf(field.type, row[field.id] ?? null)} AS ${quoteIdentifier(field.name)}`,
      );
      return `SELECT ${items.join(', ')}`;
    })
    .join(' UNION ALL ');
}

function sqlOf(type: IcebergType, value: Value): string {
  const cast = (sql: string) => `CAST(${sql} AS ${duckDbTypeOf(type)})`;
  if (value === null) return cast('NULL');
  if (isPrimitive(type))
    return cast(
      duckDbTypeOf(type) === 'BLOB' ? `unhex('${value as string}')` : quoteLiteral(value as string),
    );
  switch (type.type) {
    case 'struct': {
      const members = type.fields.map(
        (field) =>
          `${quoteIdentifier(field.name)} := ${sqlOf(field.type, (value as Members)[field.id] ?? null)}`,
      );
      return cast(`struct_pack(${members.join(', ')})`);
    }
    case 'list':
      return cast(`[${(value as readonly Value[]).map((item) => sqlOf(type.element, item)).join(', ')}]`);
    case 'map': {
      const pairs = value as readonly (readonly Value[])[];
      const keys = pairs.map(([key = null]) => sqlOf(type.key, key));
      const values = pairs.map(([, item = null]) => sqlOf(type.value, item));
      const list = (items: readonly string[], inner: IcebergType) =>
        `CAST([${items.join(', ')}] AS ${duckDbTypeOf(inner)}[])`;
      return cast(`map(${list(keys, type.key)}, ${list(values, type.value)})`);
    }
  }
}

/** A name mapping that says what a schema's fields are called, as the table property has it. */
export function nameMappingOf(fields: readonly NestedField[]): string {
  return JSON.stringify(mapped(fields));
}

function mapped(fields: readonly NestedField[]): readonly unknown[] {
  return fields.map(({ id, name, type }) => ({
    'field-id': id,
    names: ['old', name],
    fields: mappedInside(type),
  }));
}

function mappedInside(type: IcebergType): readonly unknown[] {
  if (isPrimitive(type)) return [];
  switch (type.type) {
    case 'struct':
      return mapped(type.fields);
    case 'list':
      return [{ 'field-id': type.elementId, names: ['element'], fields: mappedInside(type.element) }];
    case 'map':
      return [
        { 'field-id': type.keyId, names: ['key'], fields: mappedInside(type.key) },
        { 'field-id': type.valueId, names: ['value'], fields: mappedInside(type.value) },
      ];
  }
}
