import { DuckDBInstance } from '@duckdb/node-api';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { readConfig } from '#server/config.ts';
import { openLakehouse } from '#server/lakehouse.ts';
import { demoTables } from '#server/services/demo/demo-tables.ts';
import { appendRows } from '#server/services/tables/index.ts';
import { measure, timed, type BenchCase } from '../harness.ts';

/** The three million flights as the demo loads them, against DuckDB's own copy of the file. */
export async function demoLoad(folder: string): Promise<BenchCase> {
  const source = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data');
  const flights = demoTables(source)[0];
  if (flights === undefined) throw new AppError('INTERNAL', 'The demo has no table of flights.');
  const lakehouse = await openLakehouse(readConfig({}, { lakehouse: join(folder, 'demo-load') }));
  const native = await DuckDBInstance.create(':memory:');
  const connection = await native.connect();
  const copied = join(folder, 'copied.parquet');
  const copy = `COPY (SELECT * FROM read_parquet(${quoteLiteral(join(source, 'flights-3m.parquet'))})) TO ${quoteLiteral(copied)} (FORMAT parquet, COMPRESSION zstd)`;
  let table = 0;
  try {
    return await measure({
      name: 'demo-load',
      work: `load 3,000,000 flights into a table, sorted by time, in ${flights.steps.length} commits`,
      aim: 3,
      ours: () => {
        const name = `flights_${table++}`;
        return timed(async () => {
          for (const { query, message } of flights.steps) {
            await appendRows(lakehouse.ctx, {
              table: ['bronze', name],
              query,
              branch: lakehouse.ctx.catalog.defaultBranch,
              message,
              createWith: {},
            });
          }
        });
      },
      peer: {
        name: 'native DuckDB: COPY to zstd Parquet',
        run: async () => {
          await rm(copied, { force: true });
          return timed(() => connection.run(copy));
        },
      },
      note: 'In one process, lakehouse opened beforehand, a new table each run. Ours reads the source once a month of data, sorts it, and commits durably; the peer copies in file order. Both with every thread.',
    });
  } finally {
    connection.closeSync();
    native.closeSync();
    await lakehouse.close();
  }
}
