import { fileURLToPath } from 'node:url';
import { tableFiles } from '#shared/contract/tables.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { ServerProcess } from '../../e2e/fixtures/server-process.ts';
import { Native } from '../start/native.ts';
import { TPCH_TABLES } from './lakehouse.ts';

/** SQL that reads the data files of a table, by its dotted name. */
export type FilesOf = (table: string) => string;

/** @param tables dotted names */
export async function filesOf(server: ServerProcess, tables: readonly string[]): Promise<FilesOf> {
  const found = new Map<string, string>();
  for (const table of tables) {
    const { files } = await server.get(`/tables/${table}/files`, tableFiles);
    const paths = files.map(({ path }) => quoteLiteral(fileURLToPath(path)));
    found.set(table, `read_parquet([${paths.join(', ')}])`);
  }
  return (table) => found.get(table) ?? table;
}

/** Native DuckDB with the tables of TPC-H as views over our Parquet files. */
export async function overParquet(files: FilesOf, threads?: number): Promise<Native> {
  const native = await Native.open(threads);
  await native.rows('CREATE SCHEMA tpch');
  for (const table of TPCH_TABLES)
    await native.rows(`CREATE VIEW tpch.${table} AS SELECT * FROM ${files(`tpch.${table}`)}`);
  return native;
}

/** Native DuckDB with the tables of TPC-H as compressed tables of its own, in memory. */
export async function overOwnTables(files: FilesOf, threads: number): Promise<Native> {
  const native = await Native.open(threads);
  await native.rows("ATTACH ':memory:' AS own (COMPRESS)");
  await native.rows('USE own');
  await native.rows('CREATE SCHEMA tpch');
  for (const table of TPCH_TABLES)
    await native.rows(`CREATE TABLE tpch.${table} AS SELECT * FROM ${files(`tpch.${table}`)}`);
  await native.rows('CHECKPOINT own');
  return native;
}
