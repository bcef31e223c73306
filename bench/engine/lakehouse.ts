import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { readConfig } from '#server/config.ts';
import { openLakehouse, type Lakehouse } from '#server/lakehouse.ts';
import { demoTables } from '#server/services/demo/demo-tables.ts';
import { appendRows } from '#server/services/tables/index.ts';
import { tableContent } from '#server/services/tables/table-content.ts';
import { writeWideTable } from '../iceberg/wide-table.ts';

export const TPCH_TABLES = [
  'region',
  'nation',
  'supplier',
  'customer',
  'part',
  'partsupp',
  'orders',
  'lineitem',
] as const;

/** Files of `bench.parts`: the line items by ranges of their orders, one commit each. */
export const PARTS = 12;
export const WIDE_FILES = 10_000;

/**
 * Writes what the engine's benchmark reads, as Iceberg tables, into a new lakehouse.
 *
 * @param generator program that writes TPC-H data  @param scale its scale factor
 */
export async function writeLakehouse(folder: string, generator: string, scale: number): Promise<void> {
  const source = join(folder, 'generated');
  execFileSync(generator, ['parquet', '-s', String(scale), '-o', source], {
    stdio: ['ignore', 2, 'inherit'],
  });
  const lakehouse = await openLakehouse(
    readConfig({}, { lakehouse: join(folder, 'lakehouse'), demo: false }),
  );
  try {
    for (const table of TPCH_TABLES)
      await append(lakehouse, ['tpch', table], `SELECT * FROM ${generated(source, table)}`);
    await writeFlights(lakehouse);
    await writeParts(lakehouse, source, Math.round(6_000_000 * scale));
    await publishWide(lakehouse);
  } finally {
    await lakehouse.close();
  }
  await rm(source, { recursive: true });
}

const generated = (source: string, table: string) =>
  `read_parquet(${quoteLiteral(join(source, `${table}.parquet`))})`;

/** As the demo has them: a file for each month. */
async function writeFlights(lakehouse: Lakehouse): Promise<void> {
  const source = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data');
  const flights = demoTables(source).find(({ table }) => table.join('.') === 'bronze.flights');
  for (const { query } of flights?.steps ?? []) await append(lakehouse, ['bronze', 'flights'], query);
}

/** @param orders keys are below this */
async function writeParts(lakehouse: Lakehouse, source: string, orders: number): Promise<void> {
  const step = Math.ceil((orders + 1) / PARTS);
  for (let part = 0; part < PARTS; part++)
    await append(
      lakehouse,
      ['bench', 'parts'],
      `SELECT ${part}::INTEGER AS part, l_orderkey, l_quantity, l_extendedprice, l_shipdate, l_shipmode
       FROM ${generated(source, 'lineitem')} WHERE l_orderkey >= ${part * step} AND l_orderkey < ${(part + 1) * step}`,
    );
}

/** Its manifests tell of files that are not there, which is all that planning reads. */
async function publishWide({ ctx }: Lakehouse): Promise<void> {
  const { staged } = await writeWideTable(ctx.io, 'bench/wide', WIDE_FILES);
  await ctx.catalog.commit({
    branch: ctx.catalog.defaultBranch,
    author: ctx.author,
    message: 'A table of many files',
    properties: {},
    operations: [
      {
        kind: 'put',
        key: ['bench', 'wide'],
        content: tableContent(staged.metadata, staged.newMetadataLocation),
      },
    ],
    requirements: [],
  });
}

async function append({ ctx }: Lakehouse, table: readonly string[], query: string): Promise<void> {
  await appendRows(ctx, {
    table: [...table],
    query,
    branch: ctx.catalog.defaultBranch,
    message: `Load ${table.join('.')}`,
    createWith: {},
  });
}
