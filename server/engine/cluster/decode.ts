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
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  FLOAT,
  HUGEINT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  TINYINT,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { daysFromCivil } from '#shared/iceberg/civil-date.ts';
import type { DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Reads values of one column, as transport.ts sends them. */
export interface Decoder {
  readonly type: DuckDBType;
  /** @throws UNAVAILABLE for what is none of the type */
  readonly decode: (value: unknown) => DuckDBValue;
}

/** @throws UNSUPPORTED for a type that the cluster has not */
export function decoderOf(type: DuckDbType): Decoder {
  const { type: duckdb, decode } = rawDecoder(type);
  return { type: duckdb, decode: (value) => (value === null ? null : decode(value)) };
}

function rawDecoder(type: DuckDbType): Decoder {
  switch (type.kind) {
    case 'name':
      return scalarDecoder(type.name);
    case 'decimal': {
      const { precision, scale } = type;
      return {
        type: DECIMAL(precision, scale),
        decode: (value) => new DuckDBDecimalValue(unscaled(textIn(value), scale), precision, scale),
      };
    }
    case 'list': {
      const element = decoderOf(type.element);
      return {
        type: LIST(element.type),
        decode: (value) => new DuckDBListValue(listIn(value).map(element.decode)),
      };
    }
    case 'map': {
      const [key, value] = [decoderOf(type.key), decoderOf(type.value)];
      return {
        type: MAP(key.type, value.type),
        decode: (entries) =>
          new DuckDBMapValue(
            listIn(entries).map((entry) => {
              const [k, v] = listIn(entry);
              return { key: key.decode(k), value: value.decode(v) };
            }),
          ),
      };
    }
    case 'struct': {
      const fields = type.fields.map((field) => ({ name: field.name, ...decoderOf(field.type) }));
      return {
        type: new DuckDBStructType(
          fields.map(({ name }) => name),
          fields.map((field) => field.type),
        ),
        decode: (value) => {
          const values = listIn(value);
          return new DuckDBStructValue(
            Object.fromEntries(fields.map(({ name, decode }, at) => [name, decode(values[at])])),
          );
        },
      };
    }
  }
}

const SCALARS: Readonly<Record<string, Decoder>> = {
  BOOLEAN: { type: BOOLEAN, decode: (value) => (typeof value === 'boolean' ? value : malformed(value)) },
  TINYINT: { type: TINYINT, decode: whole },
  SMALLINT: { type: SMALLINT, decode: whole },
  INTEGER: { type: INTEGER, decode: whole },
  BIGINT: { type: BIGINT, decode: (value) => unscaled(textIn(value), 0) },
  HUGEINT: { type: HUGEINT, decode: (value) => unscaled(textIn(value), 0) },
  FLOAT: { type: FLOAT, decode: float },
  DOUBLE: { type: DOUBLE, decode: float },
  VARCHAR: { type: VARCHAR, decode: textIn },
  // It travels as text, as from the server's engine.
  UUID: { type: VARCHAR, decode: textIn },
  BLOB: { type: BLOB, decode: (value) => new DuckDBBlobValue(Buffer.from(textIn(value), 'base64')) },
  DATE: { type: DATE, decode: (value) => new DuckDBDateValue(daysIn(textIn(value))) },
  TIME: { type: TIME, decode: (value) => new DuckDBTimeValue(clockMicros(textIn(value))) },
  TIMESTAMP: { type: TIMESTAMP, decode: (value) => new DuckDBTimestampValue(momentMicros(value)) },
  'TIMESTAMP WITH TIME ZONE': {
    type: TIMESTAMPTZ,
    decode: (value) => new DuckDBTimestampTZValue(momentMicros(value)),
  },
};

function scalarDecoder(name: string): Decoder {
  const found = SCALARS[name];
  if (found !== undefined) return found;
  throw new AppError('UNSUPPORTED', `Values of the type ${name} are not read from the cluster.`);
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : malformed(value);
}

function float(value: unknown): number {
  if (typeof value === 'number') return value;
  return ['NaN', 'Infinity', '-Infinity'].includes(String(value)) ? Number(value) : malformed(value);
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : malformed(value);
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : malformed(value);
}

function unscaled(value: string, scale: number): bigint {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  const [, sign, digits = '', part = ''] = found ?? malformed(value);
  const size = BigInt(digits + part.padEnd(scale, '0'));
  return sign === '-' ? -size : size;
}

const DAY = /^([-+]?\d{4,})-(\d{2})-(\d{2})$/;
const CLOCK = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;

function daysIn(value: string): number {
  const [, year, month, day] = DAY.exec(value) ?? malformed(value);
  return daysFromCivil({ year: Number(year), month: Number(month), day: Number(day) });
}

function clockMicros(value: string): bigint {
  const [, hours = '', minutes = '', seconds = '', part = ''] = CLOCK.exec(value) ?? malformed(value);
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return whole * 1_000_000n + BigInt(part.padEnd(6, '0'));
}

function momentMicros(value: unknown): bigint {
  const [day = '', clock = ''] = textIn(value).split(' ');
  return BigInt(daysIn(day)) * 86_400_000_000n + clockMicros(clock);
}

function malformed(value: unknown): never {
  throw new AppError(
    'UNAVAILABLE',
    `The cluster sent ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}, which is no value of the column. Look into the Trino server, or run the query on the server.`,
  );
}
