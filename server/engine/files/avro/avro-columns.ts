import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  STRUCT,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  UUID,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { AvroDecodeError, type AvroCursor } from '../../../iceberg/avro/cursor.ts';
import { fromTwosComplement } from '../../../iceberg/values/single-value.ts';

/** How a value of an Avro file is read for DuckDB. */
export interface AvroReader {
  readonly type: DuckDBType;
  readonly read: (cursor: AvroCursor) => DuckDBValue;
  /** The fewest bytes that a value takes. */
  readonly minSize: number;
  /** It never has a value: its copy leaves it out, since a column of Parquet has some type that it need not get later. */
  readonly isNull?: true;
  /** COPY's FIELD_IDS for what is inside: a list of entries; '' where there is nothing, or without ids. */
  readonly innerIds: string;
}

export interface AvroColumn {
  readonly name: string;
  /** Iceberg's; null where the file gives none. */
  readonly id: number | null;
  readonly reader: AvroReader;
}

type Json = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 64;
/** More than any real schema; stops one that names its types over and over. */
const MAX_NODES = 100_000;

/**
 * The columns of an Avro data file, by the schema in its header: Iceberg's logical types and field ids where it gives
 * them, else Avro's own.
 *
 * @throws AvroDecodeError when the schema is none of a data file's, or has what has no column type (unions of several)
 */
export function avroColumns(schema: unknown): readonly AvroColumn[] {
  const record = schema as Json | null;
  if (record?.['type'] !== 'record') throw new AvroDecodeError('its schema is no record');
  return new Columns().fieldsOf(record, 0);
}

/** One entry of FIELD_IDS; '' where neither the field nor what is in it has an id. */
export function fieldIdsOf({ name, id, reader: { innerIds } }: AvroColumn): string {
  if (innerIds === '') return id === null ? '' : `${quoteIdentifier(name)}: ${id}`;
  return `${quoteIdentifier(name)}: {${id === null ? '' : `__duckdb_field_id: ${id}, `}${innerIds}}`;
}

/** Those that may have values; all of them where none may. */
export function keptColumns(columns: readonly AvroColumn[]): readonly AvroColumn[] {
  const kept = columns.filter(({ reader }) => reader.isNull !== true);
  return kept.length === 0 ? columns : kept;
}

class Columns {
  readonly #named = new Map<string, Json>();
  #nodes = 0;

  fieldsOf(record: Json, depth: number): readonly AvroColumn[] {
    if (typeof record['name'] === 'string') this.#named.set(record['name'], record);
    const fields = record['fields'];
    if (!Array.isArray(fields) || fields.length === 0)
      throw new AvroDecodeError('its schema has a record without fields');
    return (fields as Json[]).map((field) => {
      // What Iceberg's writers had to rename, since Avro's names are letters and digits.
      const name = field['iceberg-field-name'] ?? field['name'];
      if (typeof name !== 'string') throw new AvroDecodeError('its schema has a field without a name');
      return { name, id: idOf(field['field-id']), reader: this.#reader(field['type'], depth + 1) };
    });
  }

  #reader(schema: unknown, depth: number): AvroReader {
    this.#nodes += 1;
    if (depth > MAX_DEPTH || this.#nodes > MAX_NODES)
      throw new AvroDecodeError('its schema is nested too deep or contains itself');
    if (typeof schema === 'string') {
      const known = this.#named.get(schema) ?? this.#named.get(schema.slice(schema.lastIndexOf('.') + 1));
      return known === undefined ? primitiveReader(schema, {}) : this.#reader(known, depth + 1);
    }
    if (Array.isArray(schema)) return this.#union(schema, depth);
    if (typeof schema !== 'object' || schema === null) throw new AvroDecodeError('its schema is not one');
    const json = schema as Json;
    switch (json['type']) {
      case 'record':
        return this.#struct(json, depth);
      case 'fixed':
      case 'enum':
        if (typeof json['name'] === 'string') this.#named.set(json['name'], json);
        return json['type'] === 'fixed' ? fixedReader(json) : enumReader(json);
      case 'array':
        return this.#array(json, depth);
      case 'map':
        return this.#textMap(json, depth);
      default:
        return typeof json['type'] === 'string' && !this.#named.has(json['type'])
          ? primitiveReader(json['type'], json)
          : this.#reader(json['type'], depth + 1);
    }
  }

  #union(branches: readonly unknown[], depth: number): AvroReader {
    const values = branches.filter((branch) => branch !== 'null');
    if (values.length > 1 || branches.length === 0)
      throw new AvroDecodeError('its schema has a union of several types, which no column has');
    const reader = values.length === 0 ? null : this.#reader(values[0], depth + 1);
    const read = (cursor: AvroCursor): DuckDBValue => {
      const index = cursor.small();
      if (index < 0 || index >= branches.length)
        throw new AvroDecodeError(`a union of ${branches.length} has no branch ${index}`);
      return branches[index] === 'null' || reader === null ? null : reader.read(cursor);
    };
    const inside = reader ?? NULL_READER;
    return { ...inside, read, minSize: 1 };
  }

  #struct(json: Json, depth: number): AvroReader {
    const fields = this.fieldsOf(json, depth);
    const kept = keptColumns(fields);
    const type = STRUCT(Object.fromEntries(kept.map(({ name, reader }) => [name, reader.type])));
    if (type.entryCount < kept.length) throw new AvroDecodeError('its schema has two fields of one name');
    return {
      type,
      read: (cursor) => {
        const members = Object.fromEntries(fields.map(({ name, reader }) => [name, reader.read(cursor)]));
        return new DuckDBStructValue(members);
      },
      minSize: fields.reduce((sum, { reader }) => sum + reader.minSize, 0),
      innerIds: joined(kept.map(fieldIdsOf)),
    };
  }

  #array(json: Json, depth: number): AvroReader {
    if (json['logicalType'] === 'map') return this.#idMap(json['items'], depth);
    const element = this.#reader(json['items'], depth + 1);
    return {
      type: LIST(element.type),
      read: (cursor) => {
        const items: DuckDBValue[] = [];
        cursor.items(element.minSize, () => items.push(element.read(cursor)));
        return new DuckDBListValue(items);
      },
      minSize: 1,
      innerIds: fieldIdsOf({ name: 'element', id: idOf(json['element-id']), reader: element }),
    };
  }

  /** Iceberg's maps, whose keys need not be text, are arrays of (key, value) records. */
  #idMap(items: unknown, depth: number): AvroReader {
    const json = (typeof items === 'string' ? this.#named.get(items) : items) as Json | null | undefined;
    const [key, value, ...others] = json?.['type'] === 'record' ? this.fieldsOf(json, depth + 1) : [];
    if (key === undefined || value === undefined || others.length > 0)
      throw new AvroDecodeError('its schema has a map without key and value');
    return mapReader({ ...key, name: 'key' }, { ...value, name: 'value' }, (cursor) =>
      key.reader.read(cursor),
    );
  }

  #textMap(json: Json, depth: number): AvroReader {
    const key = { name: 'key', id: idOf(json['key-id']), reader: primitiveReader('string', {}) };
    const value = {
      name: 'value',
      id: idOf(json['value-id']),
      reader: this.#reader(json['values'], depth + 1),
    };
    return mapReader(key, value, (cursor) => key.reader.read(cursor));
  }
}

function mapReader(key: AvroColumn, value: AvroColumn, readKey: AvroReader['read']): AvroReader {
  return {
    type: MAP(key.reader.type, value.reader.type),
    read: (cursor) => {
      const entries: { key: DuckDBValue; value: DuckDBValue }[] = [];
      cursor.items(key.reader.minSize + value.reader.minSize, () => {
        const entry = { key: readKey(cursor), value: value.reader.read(cursor) };
        entries.push(entry);
      });
      return new DuckDBMapValue(entries);
    },
    minSize: 1,
    innerIds: joined([fieldIdsOf(key), fieldIdsOf(value)]),
  };
}

function joined(entries: readonly string[]): string {
  return entries.filter((entry) => entry !== '').join(', ');
}

function idOf(id: unknown): number | null {
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}

function reader(type: DuckDBType, minSize: number, read: AvroReader['read']): AvroReader {
  return { type, read, minSize, innerIds: '' };
}

const NULL_READER: AvroReader = { ...reader(INTEGER, 0, () => null), isNull: true };

function primitiveReader(type: string, json: Json): AvroReader {
  const logical = json['logicalType'];
  switch (type) {
    case 'null':
      return NULL_READER;
    case 'boolean':
      return reader(BOOLEAN, 1, (cursor) => cursor.boolean());
    case 'int':
      if (logical === 'date') return reader(DATE, 1, (cursor) => new DuckDBDateValue(cursor.int()));
      if (logical === 'time-millis')
        return reader(TIME, 1, (cursor) => new DuckDBTimeValue(BigInt(cursor.int()) * 1000n));
      return reader(INTEGER, 1, (cursor) => cursor.int());
    case 'long':
      return longReader(typeof logical === 'string' ? logical : '', json['adjust-to-utc'] === true);
    case 'float':
      return reader(FLOAT, 4, (cursor) => cursor.float());
    case 'double':
      return reader(DOUBLE, 8, (cursor) => cursor.double());
    case 'bytes':
      if (logical === 'decimal') return decimalReader(json, 1, (cursor) => cursor.bytesValue());
      return reader(BLOB, 1, (cursor) => new DuckDBBlobValue(cursor.bytesValue()));
    case 'string':
      if (logical === 'uuid') return reader(UUID, 1, (cursor) => uuidFromText(cursor.text()));
      return reader(VARCHAR, 1, (cursor) => cursor.text());
    default:
      throw new AvroDecodeError(`its schema names the type '${type}', which it does not define`);
  }
}

/** Whether a timestamp is adjusted to UTC makes no difference to its number, and a cast gives the table's type. */
function longReader(logical: string, utc: boolean): AvroReader {
  const timestamp = (perUnit: bigint) =>
    utc
      ? reader(TIMESTAMPTZ, 1, (cursor) => new DuckDBTimestampTZValue(cursor.long() * perUnit))
      : reader(TIMESTAMP, 1, (cursor) => new DuckDBTimestampValue(cursor.long() * perUnit));
  switch (logical.replace(/^local-/, '')) {
    case 'time-micros':
      return reader(TIME, 1, (cursor) => new DuckDBTimeValue(cursor.long()));
    case 'timestamp-millis':
      return timestamp(1000n);
    case 'timestamp-micros':
      return timestamp(1n);
    case 'timestamp-nanos':
      return reader(TIMESTAMP_NS, 1, (cursor) => new DuckDBTimestampNanosecondsValue(cursor.long()));
    default:
      return reader(BIGINT, 1, (cursor) => cursor.long());
  }
}

function decimalReader(json: Json, minSize: number, bytes: (cursor: AvroCursor) => Uint8Array): AvroReader {
  const { precision, scale = 0 } = json as { precision?: unknown; scale?: unknown };
  if (typeof precision !== 'number' || typeof scale !== 'number' || !(precision >= 1 && precision <= 38))
    throw new AvroDecodeError('its schema has a decimal that no column has');
  const limit = 10n ** BigInt(precision);
  return reader(DECIMAL(precision, scale), minSize, (cursor) => {
    const value = fromTwosComplement(bytes(cursor));
    if (value >= limit || value <= -limit)
      throw new AvroDecodeError(`a decimal of ${precision} digits has more`);
    return new DuckDBDecimalValue(value, precision, scale);
  });
}

function fixedReader(json: Json): AvroReader {
  const { size, logicalType } = json;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw new AvroDecodeError('its schema has a fixed type without a size');
  const bytes = (cursor: AvroCursor) => cursor.fixed(size);
  if (logicalType === 'decimal') return decimalReader(json, size, bytes);
  if (logicalType === 'uuid' && size === 16)
    return reader(UUID, size, (cursor) =>
      DuckDBUUIDValue.fromUint128(BigInt(`0x${Buffer.from(bytes(cursor)).toString('hex')}`)),
    );
  return reader(BLOB, size, (cursor) => new DuckDBBlobValue(bytes(cursor)));
}

function enumReader(json: Json): AvroReader {
  const symbols = Array.isArray(json['symbols']) ? (json['symbols'] as unknown[]) : [];
  return reader(VARCHAR, 1, (cursor) => {
    const index = cursor.small();
    const symbol = symbols[index];
    if (typeof symbol !== 'string')
      throw new AvroDecodeError(`an enum of ${symbols.length} has no symbol ${index}`);
    return symbol;
  });
}

function uuidFromText(text: string): DuckDBUUIDValue {
  const digits = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new AvroDecodeError(`'${text}' is no UUID`);
  return DuckDBUUIDValue.fromUint128(BigInt(`0x${digits}`));
}
