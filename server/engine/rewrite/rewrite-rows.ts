import { join } from 'node:path';
import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { LocatedField, Schema } from '#shared/iceberg/schema.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import type { PartitionValues } from '../../iceberg/manifest/data-file.ts';
import { copyParquet, type CopiedFile } from '../copy-parquet.ts';
import { placeInPartitions } from '../dml/partition-rows.ts';
import type { EngineSession } from '../execute/engine-session.ts';
import { sampleColumns, type SampledColumn } from './sample-columns.ts';
import { splitTree } from './split-tree.ts';

/** How rows are to lie in the files that are written. */
export type RewriteOrder =
  | { readonly kind: 'as-is' }
  /** @param orderBy terms of ORDER BY */
  | { readonly kind: 'sort'; readonly orderBy: string; readonly fields: readonly LocatedField[] }
  | { readonly kind: 'cluster'; readonly fields: readonly LocatedField[] };

export interface RewriteRowsInput {
  readonly session: EngineSession;
  /** Gives every column of the schema, by name and in its type. */
  readonly query: string;
  readonly schema: Schema;
  readonly order: RewriteOrder;
  /** How many files about as large as each other; more where the rows are of many partitions. */
  readonly files: number;
  /** An existing local folder that the session may write to. */
  readonly directory: string;
  readonly codec: string;
  /** Where rows are of many partitions: by what these are told apart. */
  readonly spec?: PartitionSpec;
}

export interface RewrittenFile extends CopiedFile {
  /** Where the rows were of many partitions. */
  readonly partition?: PartitionValues;
}

export interface RewrittenRows {
  readonly files: readonly RewrittenFile[];
  /** Some values of the columns that rows were ordered by. */
  readonly sample: readonly SampledColumn[];
}

const ROW_GROUP_ROWS = 122_880;
/** For each leaf of a tree, so that files come out about alike. */
const SAMPLE_ROWS_A_FILE = 1000;
const MAX_SAMPLE_ROWS = 100_000;
const MIN_SAMPLE_ROWS = 4000;
const ORDERED = '_timestream_ordered';
const LEAF = '_timestream_leaf';

/**
 * Writes rows into Parquet files in an order. Sorting and what is sorted are DuckDB's, which spills to disk what does
 * not fit into its memory.
 *
 * @throws what EngineSession throws
 */
export async function rewriteRows(input: RewriteRowsInput): Promise<RewrittenRows> {
  const { session, query, spec } = input;
  if (spec === undefined) return writeOrdered(input, query, input.files, '');
  const { table, partitions } = await placeInPartitions(session, input.schema, spec, query);
  const counts = new Map(
    (
      await session.run(
        `SELECT _timestream_part AS id, count(*) AS n FROM ${quoteIdentifier(table)} GROUP BY ALL`,
      )
    ).map((row) => [Number(row['id']), Number(row['n'])]),
  );
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const files: RewrittenFile[] = [];
  let sample: readonly SampledColumn[] = [];
  for (const { id, values } of partitions) {
    const share = Math.max(1, Math.round((input.files * (counts.get(id) ?? 0)) / all));
    const rows = `SELECT * EXCLUDE (_timestream_part) FROM ${quoteIdentifier(table)} WHERE _timestream_part = ${id}`;
    const written = await writeOrdered(input, rows, share, `${id}-`);
    files.push(...written.files.map((file) => ({ ...file, partition: values })));
    if (sample.length === 0) sample = written.sample;
  }
  await session.run(`DROP TABLE ${quoteIdentifier(table)}`);
  return { files, sample };
}

async function writeOrdered(
  input: RewriteRowsInput,
  query: string,
  files: number,
  prefix: string,
): Promise<RewrittenRows> {
  const { session, order } = input;
  if (order.kind === 'as-is' && files === 1) {
    return { files: await copySlice(input, `(${query})`, '', `${prefix}0`), sample: [] };
  }
  const wanted = Math.min(MAX_SAMPLE_ROWS, Math.max(MIN_SAMPLE_ROWS, files * SAMPLE_ROWS_A_FILE));
  const sample = order.kind === 'as-is' ? [] : await sampleColumns(session, query, order.fields, wanted);
  const tree = order.kind === 'cluster' ? splitTree(sample, files) : null;
  const leaf = tree === null ? '0' : tree.sql;
  const orderBy = orderTerms(order, sample);
  await session.run(
    `CREATE TEMP TABLE ${ORDERED} AS SELECT *, CAST(${leaf} AS INTEGER) AS ${LEAF} FROM (${query})${orderBy}`,
  );
  const slices = await slicesOf(session, files, tree?.fileOf ?? [0]);
  const written: RewrittenFile[] = [];
  for (const [index, { start, end }] of slices.entries()) {
    const where = ` WHERE rowid >= ${start} AND rowid < ${end}`;
    written.push(...(await copySlice(input, ORDERED, where, `${prefix}${index}`)));
  }
  await session.run(`DROP TABLE ${ORDERED}`);
  return { files: written, sample };
}

function orderTerms(order: RewriteOrder, sample: readonly SampledColumn[]): string {
  if (order.kind === 'as-is') return '';
  return ` ORDER BY ${order.kind === 'sort' ? order.orderBy : [LEAF, ...sample.map(({ sql }) => sql)].join(', ')}`;
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Where each file begins and ends: at leaves, and within a leaf that has more rows than its files should. */
async function slicesOf(
  session: EngineSession,
  files: number,
  fileOf: readonly number[],
): Promise<readonly Slice[]> {
  const rows = await session.run(
    `SELECT ${LEAF} AS leaf, count(*) AS n FROM ${ORDERED} GROUP BY ALL ORDER BY ALL`,
  );
  const counts: number[] = [];
  for (const row of rows) {
    const file = fileOf[Number(row['leaf'])] ?? 0;
    counts[file] = (counts[file] ?? 0) + Number(row['n']);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const each = total / files;
  const slices: Slice[] = [];
  let start = 0;
  for (const count of counts) {
    const parts = Math.max(1, Math.round((count ?? 0) / each));
    for (let part = 0; part < parts; part += 1) {
      const from = start + Math.round(((count ?? 0) * part) / parts);
      const to = start + Math.round(((count ?? 0) * (part + 1)) / parts);
      if (to > from) slices.push({ start: from, end: to });
    }
    start += count ?? 0;
  }
  return slices;
}

async function copySlice(
  { session, schema, directory, codec }: RewriteRowsInput,
  from: string,
  where: string,
  name: string,
): Promise<readonly RewrittenFile[]> {
  return copyParquet({
    run: (sql) => session.run(sql),
    fields: schema.fields,
    from: `${from}${where}`,
    path: join(directory, `${name}.parquet`),
    options: [`COMPRESSION ${codec}`, `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`],
  });
}
