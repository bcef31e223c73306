import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
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
import { assertRequired } from '../assert-required.ts';
import { copyParquet, type CopiedFile } from '../copy-parquet.ts';
import type { SqlSession } from '../execute/engine-session.ts';
import { placeInPartitions } from './partition-rows.ts';
import { sortSql } from './partition-sql.ts';
import { LINEAGE } from './row-columns.ts';

export interface WriteRowsInput {
  readonly session: SqlSession;
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

/** Files that storage takes over at the same time. */
const ADOPTED_AT_ONCE = 8;

export interface RowFiles {
  readonly dataFiles: readonly DataFile[];
  /** Until storage has them all, for good. Where that fails none of them is there, and it throws why. */
  readonly landed: Promise<void>;
}

interface Written extends CopiedFile {
  readonly partition: PartitionValues;
}

/**
 * Writes rows as data files of a table: one partition a file, sorted as the table is, of about its target size, each
 * already where the table has its data. No row: no file.
 *
 * @throws SCHEMA_MISMATCH (no value in a required column), UNSUPPORTED, STORAGE_FULL, what the session throws
 */
export async function writeRows(input: WriteRowsInput): Promise<readonly DataFile[]> {
  const { dataFiles, landed } = await beginRows(input);
  await landed;
  return dataFiles;
}

/** As writeRows; the files are written when this ends, but on their way to where the table has its data. */
export async function beginRows(input: WriteRowsInput): Promise<RowFiles> {
  const directory = join(input.directory, randomUUID());
  await mkdir(directory, { recursive: true });
  try {
    const written = await copyPartitions(input, directory);
    const dataFiles = dataFilesOf(input, written);
    const landed = adoptAll(input.io, written, dataFiles, directory);
    // Told to who waits for it.
    landed.catch(() => undefined);
    return { dataFiles, landed };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function copyPartitions(input: WriteRowsInput, directory: string): Promise<readonly Written[]> {
  const { session, metadata, query } = input;
  const spec = defaultSpec(metadata);
  if (spec.fields.length === 0) return copyOut(input, `(${query}\n)`, '', join(directory, '0'), new Map());
  const { table, partitions } = await placeInPartitions(session, currentSchema(metadata), spec, query);
  const written: Written[] = [];
  for (const { id, values } of partitions) {
    const where = ` WHERE _timestream_part = ${id}`;
    written.push(
      ...(await copyOut(input, quoteIdentifier(table), where, join(directory, String(id)), values)),
    );
  }
  await session.run(`DROP TABLE ${quoteIdentifier(table)}`);
  return written;
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
    options: [`COMPRESSION ${CODECS.has(codec) ? codec : 'zstd'}`, `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`],
    targetBytes: integerProperty(properties, 'write.target-file-size-bytes', TARGET_BYTES, 1),
  });
  for (const { stats } of files) await assertRequired(schema.fields, stats, (sql) => session.run(sql));
  return files.map((file) => ({ ...file, partition }));
}

function dataFilesOf(
  { metadata, lineage }: WriteRowsInput,
  written: readonly Written[],
): readonly DataFile[] {
  const schema: Schema = currentSchema(metadata);
  const order = defaultSortOrder(metadata);
  const sortOrderId = order.fields.length > 0 && sortSql(schema, order) !== null ? order.orderId : undefined;
  const modes = metricsModes(metadata);
  const own = new Set(LINEAGE.map(({ id }) => id));
  return written.map(({ stats, splitOffsets, partition }) =>
    dataFileFromDuckDbStats({
      filePath: `${dataLocation(metadata)}/${randomUUID()}.parquet`,
      schema: lineage === true ? { ...schema, fields: [...schema.fields, ...LINEAGE] } : schema,
      stats,
      splitOffsets,
      spec: defaultSpec(metadata),
      partition,
      metrics: (id) => (own.has(id) ? { kind: 'none' } : modes(id)),
      ...present({ sortOrderId }),
    }),
  );
}

async function adoptAll(
  io: FileIO,
  written: readonly CopiedFile[],
  dataFiles: readonly DataFile[],
  directory: string,
): Promise<void> {
  const left = [...written.entries()];
  const adopt = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      await io.adopt(next[1].path, dataFiles[next[0]]?.filePath ?? '');
  };
  const outcomes = await Promise.allSettled(Array.from({ length: ADOPTED_AT_ONCE }, adopt));
  // Empty by now, unless something failed.
  await rmdir(directory).catch(() => rm(directory, { recursive: true, force: true }));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return;
  await Promise.allSettled(dataFiles.map(({ filePath }) => io.delete(filePath)));
  throw failed.reason;
}
