import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDbFieldIds, duckDbTypeOf, schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { partitionSpecOf, type PartitionSpec } from '#shared/iceberg/partition.ts';
import { findFieldById, type Schema } from '#shared/iceberg/schema.ts';
import type { PrimitiveType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile, PartitionValues } from '#server/iceberg/manifest/data-file.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { loadTable, type LoadedTable } from '#server/iceberg/metadata/load.ts';
import { partitionValuesOf } from '#server/iceberg/partition/partition-values.ts';
import { appendFiles } from '#server/iceberg/transaction/append-files.ts';
import { dataFileFromDuckDbStats } from '#server/iceberg/transaction/data-file-stats.ts';
import { parseReturnStats } from '#server/iceberg/transaction/duckdb-stats.ts';
import { stageCreate } from '#server/iceberg/transaction/staged-commit.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { canonicalRow } from './canonical.ts';
import type { OurTable } from './our-tables.ts';

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Writes a table with our code; every version of it, and all rows that are in each. */
export async function writeTable(
  connection: DuckDBConnection,
  io: FileIO,
  staging: string,
  table: OurTable,
): Promise<{ versions: readonly LoadedTable[]; rows: readonly (readonly (readonly unknown[])[])[] }> {
  const described = await connection.runAndReadAll(`DESCRIBE ${table.appends[0] ?? ''}`);
  const schema = schemaFromColumns(
    described
      .getRows()
      .map(([name, sqlType]) => ({ name: name?.toString() ?? '', sqlType: sqlType?.toString() ?? '' })),
  );
  const spec = partitionSpecOf(schema, table.partitionBy ?? []);
  const location = `${io.root}/${table.name.replaceAll(/\W+/g, '-')}-${randomUUID()}`;
  const created = await stageCreate({
    io,
    metadata: createTableMetadata({ location, schema, partitionSpec: spec }),
  });
  let base: LoadedTable = await loadTable(io, created.newMetadataLocation);
  const versions: LoadedTable[] = [];
  const rows: (readonly (readonly unknown[])[])[] = [];
  await mkdir(staging, { recursive: true });
  for (const append of table.appends) {
    const columns = schema.fields.map((f) => `${quote(f.name)}::${duckDbTypeOf(f.type)} AS ${quote(f.name)}`);
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE incoming AS SELECT ${columns.join(', ')} FROM (${append})`,
    );
    const dataFiles: DataFile[] = [];
    for (const { where, partition } of await partitionsOf(connection, schema, spec)) {
      const path = `${staging}/${randomUUID()}.parquet`;
      const copied = await connection.runAndReadAll(
        `COPY (FROM incoming WHERE ${where}) TO '${path}' (FORMAT parquet, FIELD_IDS ${duckDbFieldIds(schema)}, RETURN_STATS)`,
      );
      const [row] = copied.getRowObjectsJson();
      const filePath = `${location}/data/${randomUUID()}.parquet`;
      await io.adopt(path, filePath);
      const stats = parseReturnStats(row ?? {});
      dataFiles.push(dataFileFromDuckDbStats({ filePath, stats, schema, spec, partition }));
    }
    const staged = await appendFiles({ io, base, dataFiles });
    base = await loadTable(io, staged.newMetadataLocation);
    versions.push(base);
    const all = await connection.runAndReadAll('FROM incoming');
    const types = all.columnTypes().map(String);
    rows.push([...(rows.at(-1) ?? []), ...all.getRows().map((row) => canonicalRow(row, types))]);
  }
  return { versions, rows };
}

/** The rows of `incoming` by the partition that our transforms put them into. */
async function partitionsOf(
  connection: DuckDBConnection,
  schema: Schema,
  spec: PartitionSpec,
): Promise<readonly { where: string; partition: PartitionValues }[]> {
  if (spec.fields.length === 0) return [{ where: 'true', partition: new Map() }];
  const sources = spec.fields.map((field) => findFieldById(schema, field.sourceId));
  await connection.run("SET TimeZone = 'UTC'");
  const texts = sources.map((source) => {
    const column = quote(source?.name ?? '');
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
