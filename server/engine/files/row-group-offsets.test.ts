import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowGroupOffsets } from './row-group-offsets.ts';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'row-groups-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true });
});

describe('row group offsets', () => {
  // The last has a footer beyond what is read at once.
  it.each([
    ['one', 'SELECT range AS a FROM range(10)'],
    ['several', "SELECT range AS a, 'x' || range % 3 AS b, NULL::INT AS c FROM range(20000)"],
    ['nested', 'SELECT [range] AS a, {x: range, y: {z: 1.5}} AS b FROM range(5000)'],
    [
      'wide',
      `SELECT ${Array.from({ length: 300 }, (_, i) => `range + ${i} AS c${i}`).join(', ')} FROM range(20000)`,
    ],
  ])('are what DuckDB says of a file of %s', async (name, query) => {
    const path = join(folder, `${name}.parquet`);
    await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    const said = await connection.runAndReadAll(
      `SELECT min(least(data_page_offset, if(dictionary_page_offset > 0, dictionary_page_offset, NULL)))
       FROM parquet_metadata('${path}') GROUP BY row_group_id ORDER BY row_group_id`,
    );
    const offsets = await rowGroupOffsets(path);
    expect(offsets[0]).toBe(4n);
    expect(offsets).toEqual(said.getRows().map(([offset]) => offset));
  });

  it('of what is no Parquet file are refused by its name', async () => {
    const path = join(folder, 'text.parquet');
    await writeFile(path, 'not Parquet at all');
    await expect(rowGroupOffsets(path)).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: expect.stringContaining(path) as string,
    });
  });
});
