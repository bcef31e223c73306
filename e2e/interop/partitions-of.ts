import type { DuckDBConnection } from '@duckdb/node-api';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import type { PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { PartitionValues } from '#server/iceberg/manifest/data-file.ts';
import { partitionValuesOf } from '#server/iceberg/partition/partition-values.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';

/** The rows of `incoming` by the partition that our transforms put them into. */
export async function partitionsOf(
  connection: DuckDBConnection,
  schema: Schema,
  spec: PartitionSpec,
): Promise<readonly { where: string; partition: PartitionValues }[]> {
  const fields = spec.fields.filter(({ transform }) => transform !== 'void');
  if (fields.length === 0) return [{ where: 'true', partition: partitionValuesOf(spec, schema, () => null) }];
  const sources = fields.map((field) => findFieldById(schema, field.sourceId));
  await connection.run("SET TimeZone = 'UTC'");
  const texts = sources.map((source) => {
    const column = quoteIdentifier(source?.name ?? '');
    return source?.type === 'binary' ? `hex(${column})` : `${column}::VARCHAR`;
  });
  const rows = (await connection.runAndReadAll(`SELECT rowid, ${texts.join(', ')} FROM incoming`)).getRows();
  const groups = new Map<string, { ids: string[]; partition: PartitionValues }>();
  for (const [rowId, ...values] of rows) {
    const bySource = new Map<number, IcebergValue | null>(
      sources.map((source, i) => [
        source?.id ?? 0,
        typeof values[i] === 'string' ? parseValueText(source?.type as PrimitiveType, values[i]) : null,
      ]),
    );
    const partition = partitionValuesOf(spec, schema, (id) => bySource.get(id) ?? null);
    const key = JSON.stringify([...partition.values()].map(String));
    const group = groups.get(key) ?? { ids: [], partition };
    group.ids.push(String(rowId));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, partition }) => ({
    where: `rowid IN (${ids.join(', ')})`,
    partition,
  }));
}
