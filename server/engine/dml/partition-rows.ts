import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { PartitionValues } from '../../iceberg/manifest/data-file.ts';
import type { SqlSession } from '../execute/engine-session.ts';
import { readValue, tabulateTransform, valueTextSql } from './host-transforms.ts';
import { transformSql } from './partition-sql.ts';

export interface PlacedRows {
  /** A temporary table with the query's columns and `_timestream_part`, a partition's rows together. */
  readonly table: string;
  readonly partitions: readonly { readonly id: number; readonly values: PartitionValues }[];
}

const KEYS = ['_timestream_raw', '_timestream_keyed', '_timestream_parts'] as const;

/** Finds the partition of every row of a query. @throws UNSUPPORTED for a transform that is not known */
export async function placeInPartitions(
  session: SqlSession,
  schema: Schema,
  spec: PartitionSpec,
  query: string,
): Promise<PlacedRows> {
  const [raw, keyed, parts] = KEYS;
  const table = '_timestream_placed';
  const transforms = spec.fields.map((field) => transformSql(schema, field.sourceId, field.transform));
  await session.run(`CREATE TEMP TABLE ${raw} AS ${query}`);

  const joins: string[] = [];
  const keys: string[] = [];
  for (const [index, transform] of transforms.entries()) {
    const name = `_timestream_k${index}`;
    if (transform.sql !== null) {
      keys.push(`${transform.sql} AS ${name}`);
      continue;
    }
    const lookup = `_timestream_t${index}`;
    await tabulateTransform(session, raw, lookup, transform);
    joins.push(
      `LEFT JOIN ${quoteIdentifier(lookup)} ON ${lookup}."text" = ${valueTextSql(transform.sourceType, transform.source)}`,
    );
    keys.push(`${lookup}."value" AS ${name}`);
  }
  await session.run(
    `CREATE TEMP TABLE ${keyed} AS SELECT ${raw}.*, ${keys.join(', ')} FROM ${raw} ${joins.join(' ')}`,
  );
  await session.run(`DROP TABLE ${raw}`);

  const names = transforms.map((_, index) => `_timestream_k${index}`);
  await session.run(
    `CREATE TEMP TABLE ${parts} AS SELECT row_number() OVER () AS _timestream_part, * FROM (SELECT DISTINCT ${names.join(', ')} FROM ${keyed} ORDER BY ALL)`,
  );
  const same = names.map((name) => `p.${name} IS NOT DISTINCT FROM r.${name}`).join(' AND ');
  await session.run(
    `CREATE TEMP TABLE ${table} AS SELECT r.* EXCLUDE (${names.join(', ')}), p._timestream_part FROM ${keyed} r JOIN ${parts} p ON ${same} ORDER BY p._timestream_part`,
  );
  const texts = transforms.map(
    ({ resultType }, index) =>
      `${valueTextSql(resultType, `CAST(_timestream_k${index} AS ${duckDbTypeOf(resultType)})`)} AS k${index}`,
  );
  const rows = await session.run(
    `SELECT _timestream_part AS id, ${texts.join(', ')} FROM ${parts} ORDER BY 1`,
  );
  for (const name of [keyed, parts]) await session.run(`DROP TABLE ${name}`);
  for (const [index, { sql }] of transforms.entries())
    if (sql === null) await session.run(`DROP TABLE ${quoteIdentifier(`_timestream_t${index}`)}`);
  return {
    table,
    partitions: rows.map((row) => ({
      id: Number(row['id']),
      values: new Map(
        spec.fields.map((field, index) => [
          field.fieldId,
          readValue(transforms[index]?.resultType ?? 'int', textOf(row[`k${index}`])),
        ]),
      ),
    })),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
