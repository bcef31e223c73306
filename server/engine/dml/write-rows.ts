import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { present } from '#shared/util/present.ts';
import type { DataFile, PartitionValues } from '../../iceberg/manifest/data-file.ts';
import { dataLocation } from '../../iceberg/metadata/locations.ts';
import { currentSchema, defaultSortOrder, defaultSpec } from '../../iceberg/metadata/lookup.ts';
import { dataFileFromDuckDbStats } from '../../iceberg/transaction/data-file-stats.ts';
import { metricsModes } from '../../iceberg/transaction/metrics-modes.ts';
import { integerProperty } from '../../iceberg/transaction/write-properties.ts';
import type { FileIO } from '../../storage/file-io.ts';
import type { EngineSession } from '../execute/engine-session.ts';
import { copyParquet, type CopiedFile } from '../copy-parquet.ts';
import { assertRequired } from '../write-parquet.ts';
import { placeInPartitions } from './partition-rows.ts';
import { sortSql } from './partition-sql.ts';
import { LINEAGE } from './row-columns.ts';

export interface WriteRowsInput {
  readonly session: EngineSession;
  readonly io: FileIO;
  /** Its schema, default spec, sort order and properties say how files are written. */
  readonly metadata: TableMetadata;
  /** Gives every column of the schema, by its name and in its type; with `lineage`, LINEAGE too. */
  readonly query: string;
  readonly lineage?: boolean;
  /** Local folder that the engine may write to. */
  readonly directory: string;
}

const TARGET_BYTES = 512 * 1024 * 1024;
const ROW_GROUP_ROWS = 122_880;
const CODECS = new Set(['zstd', 'snappy', 'gzip', 'uncompressed', 'lz4']);

interface Written extends CopiedFile {
  readonly partition: PartitionValues;
}

/**
 * Writes rows as data files of a table: one partition a file, sorted as the table is, of about its target size, each
 * already where the table has its data. No row: no file.
 *
 * @throws SCHEMA_MISMATCH (no value in a required column), UNSUPPORTED, STORAGE_FULL, what EngineSession throws
 */
export async function writeRows(input: WriteRowsInput): Promise<readonly DataFile[]> {
  const { session, metadata } = input;
  const directory = join(input.directory, randomUUID());
  await mkdir(directory, { recursive: true });
  try {
    const spec = defaultSpec(metadata);
    const written: Written[] = [];
    if (spec.fields.length === 0) {
      written.push(...(await copyOut(input, `(${input.query}\n)`, '', join(directory, '0'), new Map())));
    } else {
      const { table, partitions } = await placeInPartitions(
        session,
        currentSchema(metadata),
        spec,
        input.query,
      );
      for (const { id, values } of partitions)
        written.push(
          ...(await copyOut(
            input,
            quoteIdentifier(table),
            ` WHERE _timestream_part = ${id}`,
            join(directory, String(id)),
            values,
          )),
        );
      await session.run(`DROP TABLE ${quoteIdentifier(table)}`);
    }
    return await adopt(input, written);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function copyOut(
  { session, metadata, lineage }: WriteRowsInput,
  from: string,
  where: string,
  path: string,
  partition: PartitionValues,
): Promise<readonly Written[]> {
  const schema = currentSchema(metadata);
  const columns = lineage === true ? [...schema.fields, ...LINEAGE] : schema.fields;
  const order = sortSql(schema, defaultSortOrder(metadata));
  const { properties } = metadata;
  const codec = (properties['write.parquet.compression-codec'] ?? 'zstd').toLowerCase();
  const files = await copyParquet({
    run: (sql) => session.run(sql),
    fields: columns,
    from: `${from}${where}${order === null ? '' : ` ORDER BY ${order}`}`,
    path,
    options: [
      `COMPRESSION ${CODECS.has(codec) ? codec : 'zstd'}`,
      `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`,
      `FILE_SIZE_BYTES ${integerProperty(properties, 'write.target-file-size-bytes', TARGET_BYTES, 1)}`,
    ],
  });
  for (const { stats } of files) assertRequired(schema.fields, stats);
  return files.map((file) => ({ ...file, partition }));
}

async function adopt(
  { io, metadata, lineage }: WriteRowsInput,
  written: readonly Written[],
): Promise<readonly DataFile[]> {
  const schema: Schema = currentSchema(metadata);
  const order = defaultSortOrder(metadata);
  const sortOrderId = order.fields.length > 0 && sortSql(schema, order) !== null ? order.orderId : undefined;
  const modes = metricsModes(metadata);
  const own = new Set(LINEAGE.map(({ id }) => id));
  const files: DataFile[] = [];
  try {
    for (const { path, stats, splitOffsets, partition } of written) {
      const filePath = `${dataLocation(metadata)}/${randomUUID()}.parquet`;
      await io.adopt(path, filePath);
      const file = dataFileFromDuckDbStats({
        filePath,
        schema: lineage === true ? { ...schema, fields: [...schema.fields, ...LINEAGE] } : schema,
        stats,
        splitOffsets,
        spec: defaultSpec(metadata),
        partition,
        metrics: (id) => (own.has(id) ? { kind: 'none' } : modes(id)),
        ...present({ sortOrderId }),
      });
      files.push(file);
    }
    return files;
  } catch (error) {
    await Promise.allSettled(files.map(({ filePath }) => io.delete(filePath)));
    throw error;
  }
}
