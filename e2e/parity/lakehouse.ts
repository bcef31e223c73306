import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { Plan, Scan } from '#shared/contract/plan.ts';
import { schemaFromColumns } from '#shared/iceberg/duckdb-types.ts';
import { FIRST_PARTITION_FIELD_ID } from '#shared/iceberg/partition.ts';
import { findFieldByName } from '#shared/iceberg/schema.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import { RowGroupCache } from '#server/engine/files/row-groups.ts';
import type { PivotValues } from '#server/engine/pivot/spell-out.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import type { ScanSource } from '#server/engine/plan/scan-source.ts';
import { equalityDeletes, positionDeletes } from '#server/engine/testing/delete-files.ts';
import { TableFixture } from '#server/engine/testing/table-fixture.ts';
import type { DataFile } from '#server/iceberg/manifest/data-file.ts';
import { createTableMetadata } from '#server/iceberg/metadata/create.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { tableTransfer, type Answer } from './answer.ts';
import type { Seed } from './seed.ts';

/** The same rows twice: as Iceberg tables that the product reads, and as tables of a plain DuckDB. */
export interface Lakehouse {
  readonly plain: DuckDBConnection;
  plan(sql: string): Promise<PlannedQuery>;
  onServer(planned: PlannedQuery): Promise<Answer>;
  /** The plan's scans as the tab can read them here: from file:// and data: addresses. */
  scansForTab(planned: PlannedQuery): Promise<Scan[]>;
  close(): Promise<void>;
}

export async function openLakehouse(seeds: readonly Seed[]): Promise<Lakehouse> {
  const tables = await TableFixture.open();
  // One thread, so that sums of floats are made in the same order everywhere.
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const plain = await instance.connect();
  await plain.run("SET TimeZone = 'UTC'");
  for (const seed of seeds) await writeBoth(seed, tables, plain);
  const rowGroups = new RowGroupCache(tables.io);
  const pivotValues: PivotValues = async (sql) => {
    const planned = await tables.plan(sql, { rowGroups, pivotValues, preference: 'server' });
    const { rows, truncated } = await tables.execute(planned);
    const values = rows.map(([value]) => value as string | null);
    return { values, truncated, columns: planned.plan.columns.length, repeatable: planned.repeatable };
  };

  return {
    plain,
    plan: (sql) => tables.plan(sql, { rowGroups, pivotValues }),
    async onServer({ plan, sources, source }) {
      const { opener, deletedRows } = tables;
      const scans = await executableScans({ opener, deletedRows, sources });
      const { columns, sql } = plan;
      return tableTransfer(columns, tables.engine.arrow({ sql, columns, source, scans }));
    },
    scansForTab: async ({ plan, sources }) => localScans(tables, plan, sources),
    async close() {
      plain.closeSync();
      instance.closeSync();
      await tables.close();
    },
  };
}

async function writeBoth(seed: Seed, tables: TableFixture, plain: DuckDBConnection): Promise<void> {
  const { name, files, partitionedBy, deleted } = seed;
  const [first = ''] = files;
  const schema = schemaFromColumns(await tables.writer.describe(first));
  const sourceId = partitionedBy === undefined ? undefined : findFieldByName(schema, partitionedBy)?.id;
  const fields =
    sourceId === undefined
      ? []
      : [{ sourceId, fieldId: FIRST_PARTITION_FIELD_ID, name: 'part', transform: 'identity' }];
  const location = `${tables.io.root}/${name}`;
  const metadata = createTableMetadata({ location, schema, partitionSpec: { specId: 0, fields } });
  tables.replace(name, metadata);
  await plain.run(`CREATE SCHEMA IF NOT EXISTS ${name.split('.')[0]}`);
  await plain.run(`CREATE TABLE ${name} AS ${first} LIMIT 0`);

  const deletes: DataFile[] = [];
  for (const query of files) {
    await plain.run(`INSERT INTO ${name} ${query}`);
    const partition = new Map<number, string | number>();
    if (partitionedBy !== undefined) {
      const read = await plain.runAndReadAll(`SELECT DISTINCT ${partitionedBy} FROM (${query})`);
      partition.set(FIRST_PARTITION_FIELD_ID, read.getRowsJS()[0]?.[0] as string | number);
    }
    const [file] = (await tables.write(metadata, query)).map((each) => ({ ...each, partition }));
    if (file === undefined) continue;
    await tables.commit(name, [file]);
    if (deleted !== undefined)
      deletes.push({ ...(await deleteFile(seed, { query, path: file.filePath }, tables, plain)), partition });
  }
  if (deleted === undefined) return;
  await tables.commit(name, deletes);
  await plain.run(`DELETE FROM ${name} WHERE ${deleted.where}`);
}

async function deleteFile(
  { name, deleted }: Seed,
  { query, path }: { readonly query: string; readonly path: string },
  tables: TableFixture,
  plain: DuckDBConnection,
): Promise<DataFile> {
  const metadata = tables.table(name);
  const { where, by } = deleted ?? { where: 'false', by: 'position' };
  if (by === 'position') {
    const numbered = `SELECT row_number() OVER () - 1 AS pos, * FROM (${query})`;
    const read = await plain.runAndReadAll(`SELECT pos FROM (${numbered}) WHERE ${where} ORDER BY pos`);
    const rows = read.getRowsJS().map(([pos]) => ({ path, position: Number(pos) }));
    return positionDeletes(tables, metadata, rows);
  }
  const schema = currentSchema(metadata);
  const ids = by.map((column) => findFieldByName(schema, column)?.id ?? -1);
  return equalityDeletes(
    tables,
    metadata,
    `SELECT DISTINCT ${by.join(', ')} FROM (${query}) WHERE ${where}`,
    ids,
  );
}

/** Server-side addresses of a plan as addresses that Node can read. */
function localScans(
  { deletedRows }: TableFixture,
  { scans }: Plan,
  sources: readonly ScanSource[],
): Promise<Scan[]> {
  return Promise.all(
    scans.map(async (scan) => {
      const source = sources.find((each) => each.scan.view === scan.view);
      const files = scan.files.map(async (file, at) => {
        const url = pathToFileURL(new URL(source?.files[at] ?? '').pathname).href;
        const deletes = source?.deletes[at] ?? null;
        if (file.deletes === undefined || deletes === null) return { ...file, url };
        const pos = BigInt64Array.from(await deletedRows.of(deletes), BigInt);
        const ipc = Buffer.from(tableToIPC(tableFromArrays({ pos }))).toString('base64');
        return { ...file, url, deletes: { ...file.deletes, url: `data:;base64,${ipc}` } };
      });
      return { ...scan, files: await Promise.all(files) };
    }),
  );
}
