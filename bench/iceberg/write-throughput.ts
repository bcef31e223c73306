import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { readConfig } from '#server/config.ts';
import { openLakehouse } from '#server/lakehouse.ts';
import { appendRows } from '#server/services/tables/index.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import { Native } from '../start/native.ts';

/** Rows that become a table, as one commit, against DuckDB's own COPY of them to Parquet of the same codec. */
export async function writeCase(folder: string): Promise<BenchCase> {
  const data = dirname(createRequire(import.meta.url).resolve('vega-datasets'));
  const query = `SELECT * FROM read_parquet(${quoteLiteral(join(data, '..', 'data', 'flights-3m.parquet'))})`;
  const raw = join(folder, 'raw');
  await mkdir(raw);
  const native = await Native.open();
  const lakehouse = await openLakehouse(
    readConfig({ LAKEHOUSE_DIR: join(folder, 'written'), LOG_LEVEL: 'error' }, { demo: false }),
  );
  let run = 0;
  try {
    return await measure({
      name: 'write 3,000,000 rows',
      work: 'rows of a Parquet file appended to a new table, synced and committed',
      ours: () =>
        timed(() =>
          appendRows(lakehouse.ctx, {
            table: ['bench', `flights_${run++}`],
            query,
            branch: 'main',
            message: 'Flights',
            createWith: {},
          }),
        ),
      peer: {
        name: "DuckDB's COPY, zstd",
        run: () =>
          native.time(
            `COPY (${query}) TO ${quoteLiteral(join(raw, `${run}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
          ),
      },
      // A throughput of 0.8.
      aim: 1 / 0.8,
    });
  } finally {
    native.close();
    await lakehouse.close();
  }
}
