import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Expression } from '#shared/iceberg/expression.ts';
import { findFieldByName } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { readConfig } from '#server/config.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { parseValueText } from '#server/iceberg/values/parse-text.ts';
import { openLakehouse, type Lakehouse } from '#server/lakehouse.ts';
import { optimizeTable } from '#server/services/maintenance/index.ts';
import { queryJson } from '#server/services/query/index.ts';
import { appendRows, loadTableAt } from '#server/services/tables/index.ts';
import { ratioCase, timed, type BenchCase } from '../harness.ts';

const FILES = 64;
const RANGES = 50;
/** Of the rows, in each column. */
const SHARE = 0.1;
const AIM = 0.15;

/**
 * Bytes of the files that a range filter over two columns leaves to be read, in a table that is z-ordered by them,
 * against the same rows in the order of arrival, in as many files.
 */
export async function zOrderCases(folder: string): Promise<readonly BenchCase[]> {
  const data = dirname(createRequire(import.meta.url).resolve('vega-datasets'));
  const flights = `read_parquet(${quoteLiteral(join(data, '..', 'data', 'flights-3m.parquet'))})`;
  const lakehouse = await openLakehouse(
    readConfig({ LAKEHOUSE_DIR: join(folder, 'z-ordered'), LOG_LEVEL: 'error' }, { demo: false }),
  );
  try {
    const query = `SELECT * FROM ${flights} ORDER BY hash(date, delay, distance, origin, destination)`;
    const cases: BenchCase[] = [];
    for (const columns of [
      ['distance', 'delay'],
      ['date', 'origin'],
    ] as const)
      cases.push(await zOrderCase(lakehouse.ctx, query, columns));
    return cases;
  } finally {
    await lakehouse.close();
  }
}

async function zOrderCase(
  ctx: Context,
  query: string,
  columns: readonly [string, string],
): Promise<BenchCase> {
  const table = ['bench', columns.join('_')];
  await appendRows(ctx, { table, query, branch: 'main', message: 'Flights', createWith: {} });
  const filters = await rangesOver(ctx, table, columns);
  const targetFileBytes = Math.round((await filesOf(ctx, table)).bytes / FILES);
  await optimizeTable(ctx, table.join('.'), { strategy: 'bin-pack', targetFileBytes, rewriteAll: true });
  const unsorted = await bytesRead(ctx, table, filters);
  const milliseconds = await timed(() =>
    optimizeTable(ctx, table.join('.'), { columns: [...columns], targetFileBytes }),
  );
  const { files } = await filesOf(ctx, table);
  return ratioCase({
    name: `z-order by ${columns.join(', ')}`,
    work: `a range filter over both, each a tenth of 3,000,000 rows: bytes of the files that are read, mean of ${RANGES}`,
    unit: 'bytes',
    ours: await bytesRead(ctx, table, filters),
    peer: 'the unsorted table',
    peerValue: unsorted,
    aim: AIM,
    note: `${files} files; rewritten in ${(milliseconds / 1000).toFixed(1)} s`,
  });
}

type Context = Lakehouse['ctx'];

async function tableOf(ctx: Context, table: readonly string[]) {
  return (await loadTableAt(ctx, (await ctx.catalog.getRef('main')).hash, table)).metadata;
}

async function filesOf(ctx: Context, table: readonly string[], filter: Expression = { op: 'true' }) {
  const { files } = await planFiles({
    io: ctx.io,
    metadata: await tableOf(ctx, table),
    cache: ctx.manifests,
    filter,
  });
  return {
    files: files.length,
    bytes: files.reduce((sum, { file }) => sum + Number(file.fileSizeInBytes), 0),
  };
}

async function bytesRead(
  ctx: Context,
  table: readonly string[],
  filters: readonly Expression[],
): Promise<number> {
  let bytes = 0;
  for (const filter of filters) bytes += (await filesOf(ctx, table, filter)).bytes;
  return bytes / filters.length;
}

/** Where ranges begin goes over the columns at different paces, so that they meet in all combinations. */
async function rangesOver(
  ctx: Context,
  table: readonly string[],
  columns: readonly string[],
): Promise<readonly Expression[]> {
  const schema = currentSchema(await tableOf(ctx, table));
  const bounds = await Promise.all(
    columns.map(async (name) => {
      const sql = `SELECT quantile_disc("${name}", range(0, 1001).list_transform(lambda q: q / 1000.0))::VARCHAR[] FROM bench."${table[1]}"`;
      const { rows } = await queryJson(ctx, { sql });
      const field = findFieldByName(schema, name);
      const type = field !== undefined && isPrimitive(field.type) ? field.type : 'string';
      const quantiles = (rows[0]?.[0] ?? []) as readonly string[];
      const values = quantiles.map((text) => parseValueText(type, text));
      return { fieldId: field?.id ?? 0, values };
    }),
  );
  return Array.from({ length: RANGES }, (_, index) =>
    bounds
      .map(({ fieldId, values }, column): Expression => {
        const from = Math.floor(
          (((index + 0.5) * (column === 0 ? 1 : 17)) % RANGES) * ((1 - SHARE) / RANGES) * 1000,
        );
        const low = values[from];
        const high = values[from + SHARE * 1000];
        if (low === undefined || low === null || high === undefined || high === null) return { op: 'true' };
        return {
          op: 'and',
          left: { op: 'gt-eq', fieldId, value: low },
          right: { op: 'lt-eq', fieldId, value: high },
        };
      })
      .reduce((left, right): Expression => ({ op: 'and', left, right })),
  );
}
