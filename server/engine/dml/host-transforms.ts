import { AppError } from '#shared/errors/app-error.ts';
import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import { formatValue } from '#shared/iceberg/format-value.ts';
import { parsePrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import { applyTransform } from '../../iceberg/partition/transforms.ts';
import { parseValueText } from '../../iceberg/values/parse-text.ts';
import type { SqlSession } from '../execute/engine-session.ts';
import type { TransformSql } from './partition-sql.ts';

const ROWS_AT_ONCE = 5000;

/** A value as text that readValue takes back. */
export function valueTextSql(type: PrimitiveType, sql: string): string {
  const { kind } = parsePrimitive(type);
  if (kind === 'binary' || kind === 'fixed') return `hex(${sql})`;
  return `CAST(${sql} AS VARCHAR)`;
}

/** @throws UNSUPPORTED for what no partition can have, such as an infinite date */
export function readValue(type: PrimitiveType, text: string | null): IcebergValue | null {
  if (text === null) return null;
  const special: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity };
  const { kind } = parsePrimitive(type);
  const value =
    parseValueText(type, text) ?? (kind === 'float' || kind === 'double' ? special[text] : undefined);
  if (value !== undefined) return value;
  throw new AppError('UNSUPPORTED', `The value ${text} can't be a partition's.`, {
    context: { value: text },
  });
}

export function valueSql(type: PrimitiveType, value: IcebergValue | null): string {
  if (value === null) return `CAST(NULL AS ${duckDbTypeOf(type)})`;
  if (value instanceof Uint8Array) return `unhex(${quoteLiteral(Buffer.from(value).toString('hex'))})`;
  return `CAST(${quoteLiteral(formatValue(type, value))} AS ${duckDbTypeOf(type)})`;
}

/**
 * Makes a table `name` (text of the source, result) of a transform that SQL can't compute, for every value that
 * the rows of a table have.
 */
export async function tabulateTransform(
  session: SqlSession,
  rows: string,
  name: string,
  { transform, source, sourceType, resultType }: TransformSql,
): Promise<void> {
  const text = valueTextSql(sourceType, source);
  const table = quoteIdentifier(name);
  await session.run(`CREATE TEMP TABLE ${table} ("text" VARCHAR, "value" ${duckDbTypeOf(resultType)})`);
  const values = await session.run(
    `SELECT DISTINCT ${text} AS "text" FROM ${quoteIdentifier(rows)} WHERE ${source} IS NOT NULL`,
  );
  for (let at = 0; at < values.length; at += ROWS_AT_ONCE) {
    const tuples = values.slice(at, at + ROWS_AT_ONCE).map((row) => {
      const value = String(row['text']);
      const result = applyTransform(transform, sourceType, readValue(sourceType, value)) ?? null;
      if (!isHeld(resultType, result)) throw beyond(value, source, resultType, result);
      return `(${quoteLiteral(value)}, ${valueSql(resultType, result)})`;
    });
    await session.run(`INSERT INTO ${table} VALUES ${tuples.join(', ')}`);
  }
}

/** What a decimal is cut down to may have a digit more than its type has. */
function isHeld(type: PrimitiveType, value: IcebergValue | null): boolean {
  const parsed = parsePrimitive(type);
  if (parsed.kind !== 'decimal' || typeof value !== 'bigint') return true;
  const limit = 10n ** BigInt(parsed.precision);
  return -limit < value && value < limit;
}

function beyond(value: string, source: string, type: PrimitiveType, result: IcebergValue | null): AppError {
  const cut = result === null ? 'null' : formatValue(type, result);
  return new AppError(
    'UNSUPPORTED',
    `The value ${value} of ${source} has no partition: truncated it is ${cut}, which is no ${type}. Leave its rows out, or partition the table in another way.`,
    { context: { value, column: source } },
  );
}
