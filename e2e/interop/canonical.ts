import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A DuckDB value in one textual form, the same as canonical.py gives for PyIceberg's. */
export function canonical(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof DuckDBDecimalValue || value instanceof DuckDBUUIDValue) return value.toString();
  if (value instanceof DuckDBDateValue) return String(value.days);
  if (value instanceof DuckDBTimeValue) return String(value.micros);
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return String(value.micros);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBListValue) return value.items.map(canonical);
  if (value instanceof DuckDBMapValue) {
    return value.entries.map(({ key, value }) => [canonical(key), canonical(value)]);
  }
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, item]) => [name, canonical(item)]));
  }
  throw new TypeError(`no canonical form of ${value.constructor.name}`);
}

/** DuckDB gives INTEGER and the like as numbers, which canonical.py writes as text, unlike floating ones. */
export function canonicalRow(row: readonly DuckDBValue[], types: readonly string[]): readonly unknown[] {
  return row.map((value, index) => {
    const integer = typeof value === 'number' && /INT/.test(types[index] ?? '');
    return integer ? String(value) : canonical(value);
  });
}

/** Rows as a set: sorted by their text. */
export function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
