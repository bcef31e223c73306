import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type NestedField, type PrimitiveType } from '#shared/iceberg/types.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import { isFloating, rangeInFile } from '../../iceberg/scan/value-range.ts';
import type { SimpleAggregate } from '../analyze/simple-select.ts';

/**
 * The answer of aggregates over all rows of some files, as SQL without tables, where the files' metadata says it
 * exactly; null where it does not.
 *
 * Bounds of numbers and times are taken to be values of the column, as every writer that is known makes them and other
 * engines rely on; those of text and bytes may be cut short, so they are not.
 *
 * @param files those that hold rows of the answer, each with nothing but such rows
 * @param columns of the result, one for each aggregate
 */
export function metadataAnswer(
  aggregates: readonly SimpleAggregate[],
  files: readonly PlannedFile[],
  schema: Schema,
  columns: readonly ResultColumn[],
): string | null {
  const items: string[] = [];
  for (const [index, aggregate] of aggregates.entries()) {
    const column = columns[index];
    const value = column === undefined ? null : aggregateSql(aggregate, files, schema);
    if (column === undefined || value === null) return null;
    items.push(`CAST(${value} AS ${column.type}) AS ${quoteIdentifier(column.name)}`);
  }
  return `SELECT ${items.join(', ')}`;
}

function aggregateSql(
  { name, column }: SimpleAggregate,
  files: readonly PlannedFile[],
  schema: Schema,
): string | null {
  if (column === null) return sumSql(files.map(liveRows));
  const field = schema.fields.find((one) => one.name.toLowerCase() === column.toLowerCase());
  if (field === undefined || files.some(({ deletes }) => deletes.length > 0)) return null;
  if (name === 'count') return sumSql(files.map((planned) => presentValues(planned, field)));
  return isPrimitive(field.type) ? boundSql(name, files, field, field.type) : null;
}

function sumSql(counts: readonly (bigint | null)[]): string | null {
  let sum = 0n;
  for (const count of counts) {
    if (count === null) return null;
    sum += count;
  }
  return String(sum);
}

/** A deletion vector says how many rows it deletes; other deletes may name a row twice, or none. */
function liveRows({ file, deletes }: PlannedFile): bigint | null {
  const [only, ...others] = deletes;
  if (only === undefined) return file.recordCount;
  const isVector = others.length === 0 && only.file.fileFormat === 'PUFFIN';
  return isVector ? file.recordCount - only.file.recordCount : null;
}

function presentValues({ file }: PlannedFile, { id }: NestedField): bigint | null {
  const values = file.valueCounts?.get(id);
  const nulls = file.nullValueCounts?.get(id);
  return values === undefined || nulls === undefined || values !== file.recordCount ? null : values - nulls;
}

const EXACT = /^(int|long|date|time|timestamp|timestamptz|float|double|decimal\(.*\))$/;

function boundSql(
  name: 'min' | 'max',
  files: readonly PlannedFile[],
  { id }: NestedField,
  type: PrimitiveType,
): string | null {
  if (!EXACT.test(type)) return null;
  let best: IcebergValue | undefined;
  for (const { file } of files) {
    const range = rangeInFile(file, id, type);
    if (file.recordCount === 0n || !range.mayBeValue) continue;
    const bound = name === 'min' ? range.lower : range.upper;
    // NaN has a place of its own in the order, and of zero bounds do not tell the sign.
    if (bound === undefined || range.mayBeNan || (isFloating(type) && bound === 0)) return null;
    const order = best === undefined ? 0 : compareValues(bound, best);
    if (best === undefined || (name === 'min' ? order < 0 : order > 0)) best = bound;
  }
  return best === undefined ? 'NULL' : valueSql(type, best);
}

/** Years 1 to 9999, in days and in microseconds: what lies beyond may have no text that reads back. */
const DAYS = { from: -719_162n, to: 2_932_896n };
const MICROSECONDS = 86_400_000_000n;

function valueSql(type: PrimitiveType, value: IcebergValue): string | null {
  if (type === 'date' || type.startsWith('timestamp')) {
    const days = BigInt(value as number | bigint) / (type === 'date' ? 1n : MICROSECONDS);
    if (days <= DAYS.from || days >= DAYS.to) return null;
  }
  // Text with a zone is for ICU to read, which the tab lacks; a time without one is in UTC.
  const plain = type === 'timestamptz' ? 'timestamp' : type;
  return `CAST(${quoteLiteral(formatValue(plain, value))} AS ${duckDbTypeOf(plain)})`;
}
