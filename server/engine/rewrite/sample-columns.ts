import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { LocatedField } from '#shared/iceberg/schema.ts';
import { isPrimitive, parsePrimitive } from '#shared/iceberg/types.ts';
import { quoteIdentifier, quoteLiteral } from '#shared/sql/quoting.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { parseValueText } from '../../iceberg/values/parse-text.ts';
import type { EngineSession } from '../execute/engine-session.ts';
import type { SplitColumn } from './split-tree.ts';

/** Of a column, some values of rows that were chosen at random, the same rows for all columns. */
export interface SampledColumn extends SplitColumn {
  readonly fieldId: number;
  /** Those that a predicate can name. */
  readonly values: readonly (IcebergValue | null)[];
}

/** SQL of a field's value in a row; of one inside a struct too. */
export function fieldSql({ path }: LocatedField): string {
  return path.map(quoteIdentifier).join('.');
}

/**
 * Takes rows of a query at random, and ranks their values.
 *
 * @param rows of the sample at most
 */
export async function sampleColumns(
  session: EngineSession,
  query: string,
  fields: readonly LocatedField[],
  rows: number,
): Promise<readonly SampledColumn[]> {
  const columns = fields.map((located, index) => {
    const type = typeOf(located);
    return { located, type, value: `c${index}`, kind: parsePrimitive(type).kind };
  });
  const taken = columns.map(({ located, value }) => `${fieldSql(located)} AS ${value}`);
  const items = columns.map(({ value, kind }, index) => {
    const text = kind === 'binary' || kind === 'fixed' ? `hex(${value})` : `CAST(${value} AS VARCHAR)`;
    return `rank() OVER (ORDER BY ${value} NULLS LAST) AS r${index}, ${text} AS t${index}`;
  });
  const found = await session.run(
    `SELECT ${items.join(', ')} FROM (SELECT ${taken.join(', ')} FROM (${query}) USING SAMPLE reservoir(${rows} ROWS) REPEATABLE (1))`,
  );
  return columns.map(({ located, type, kind }, index) => {
    const texts = found.map((row) => (row[`t${index}`] === null ? null : String(row[`t${index}`])));
    const binary = kind === 'binary' || kind === 'fixed';
    return {
      fieldId: located.field.id,
      sql: fieldSql(located),
      ranks: Int32Array.from(found, (row) => Number(row[`r${index}`])),
      literal: (row) => {
        const text = texts[row] ?? null;
        if (text === null) return null;
        return binary
          ? `unhex(${quoteLiteral(text)})`
          : `CAST(${quoteLiteral(text)} AS ${duckDbTypeOf(type)})`;
      },
      values: texts.map((text) =>
        text === null ? null : binary ? new Uint8Array(Buffer.from(text, 'hex')) : parseValueText(type, text),
      ),
    };
  });
}

function typeOf({ field }: LocatedField): string {
  return isPrimitive(field.type) ? field.type : 'string';
}
