import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import { compareCluster } from './cluster/compare-cluster.ts';
import { comparePlans, type PlannedTable } from './compare-plans.ts';
import { OurEngine } from './our-engine.ts';
import { OUR_TABLES } from './our-tables.ts';
import { Python } from './python.ts';
import { Report, type Rows } from './report.ts';
import { restClients } from './rest-clients.ts';
import type { TrinoPrograms } from './trino.ts';
import { TableWriter, type WrittenTable } from './table-writer.ts';
import {
  compareDetails,
  compareLineage,
  compareMetadata,
  compareRows,
  filtersOf,
  snapshotsToRead,
  type PyIcebergAnswer,
  type RowsOf,
  type SparkAnswer,
  type TheirAnswer,
} from './they-read-ours.ts';
import { weReadTheirs, type TheirTable } from './we-read-theirs.ts';

const ALL = { select: '*', filter: null, ref: null, snapshotId: null } as const;

/**
 * Tables that our code writes are read by PyIceberg, DuckDB and Spark, and theirs by us: the rows have to be
 * the same. Spark comes last of them, because it also goes on writing our tables. Then each of the three, and
 * Trino, works against our REST catalog.
 *
 * @param interpreter a Python that has the engines (tools/interop.mjs)
 * @param work an empty folder
 * @param trino null where it is not to be had
 */
export default async function interop(
  interpreter: string,
  work: string,
  trino: TrinoPrograms | null,
): Promise<{ passed: number; failed: number }> {
  const report = new Report();
  const python = new Python(interpreter, work);
  const io = await createLocalFileIO({ rootDirectory: join(work, 'warehouse') });
  const engine = await OurEngine.open(io, work);
  const written = await writeOurs(report, engine, work);
  const rowsOf = await python.rows([...new Set(written.flatMap(({ expected }) => [...expected.values()]))]);
  await report.case('we read our own tables', () => weReadOurs(report, engine, python, written, rowsOf));
  await report.case('PyIceberg', () => pyIceberg(report, engine, python, written, rowsOf));
  await report.case('DuckDB', async () => {
    const answers = (await python.ask('duckdb_read.py', written.map(requestOf))) as TheirAnswer[];
    for (const [at, table] of written.entries()) compareRows(report, 'DuckDB', table, answers[at], rowsOf);
  });
  await report.case('Spark', () => spark(report, engine, python, work, written, rowsOf));
  await report.case('the REST catalog', () => restClients(report, python, work, trino));
  if (trino !== null) await report.case('the cluster', () => compareCluster(report, work, trino));
  engine.close();
  return { passed: report.passed, failed: report.failed };
}

async function writeOurs(report: Report, { io }: OurEngine, work: string): Promise<readonly WrittenTable[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const writer = new TableWriter(connection, io, join(work, 'staging'));
  const written: WrittenTable[] = [];
  for (const table of OUR_TABLES)
    await report.case(`we write '${table.name}'`, async () => {
      written.push(await writer.write(table));
      report.check(`we write '${table.name}'`, true);
    });
  return written;
}

async function weReadOurs(
  report: Report,
  engine: OurEngine,
  python: Python,
  written: readonly WrittenTable[],
  rowsOf: RowsOf,
): Promise<void> {
  const tables = written.map(({ table, last, expected }) => ({
    name: table.name,
    metadataLocation: last.metadataLocation,
    scans: [{ ...ALL, rows: rowsOf(expected.get('current') ?? '') }],
  }));
  await weReadTheirs(report, engine, python, 'our own', tables);
}

async function pyIceberg(
  report: Report,
  engine: OurEngine,
  python: Python,
  written: readonly WrittenTable[],
  rowsOf: RowsOf,
): Promise<void> {
  const answers = (await python.ask('pyiceberg_read.py', written.map(requestOf))) as PyIcebergAnswer[];
  for (const [at, table] of written.entries()) {
    const answer = answers[at];
    if (compareRows(report, 'PyIceberg', table, answer, rowsOf) && answer !== undefined)
      await report.case(table.table.name, () => compareDetails(report, engine, table, answer));
  }
  const request = { warehouse: engine.io.root.slice('file://'.length) };
  const theirs = (await python.ask('pyiceberg_write.py', request)) as PlannedTable[];
  await weReadTheirs(report, engine, python, 'PyIceberg', theirs);
  await comparePlans(report, engine, theirs);
}

async function spark(
  report: Report,
  engine: OurEngine,
  python: Python,
  work: string,
  written: readonly WrittenTable[],
  rowsOf: RowsOf,
): Promise<void> {
  // Before Spark goes on from some of the tables, which may expire what was.
  const lineageOf = await ourLineage(engine, python, written);
  const answer = (await python.ask('spark_engine.py', { read: written.map(requestOf) }, work)) as {
    readonly read: readonly SparkAnswer[];
    readonly written: readonly TheirTable[];
  };
  const changed: TheirTable[] = [];
  for (const [at, table] of written.entries()) {
    const found = answer.read[at];
    const { name, byJava = false } = table.table;
    if (!compareRows(report, 'Spark', table, found, rowsOf) || found === undefined || byJava) continue;
    compareMetadata(report, table, found);
    compareLineage(report, table, found, lineageOf(table));
    if (found.changed !== null && found.changed !== undefined)
      changed.push({ name: `changes of our '${name}'`, ...locatedScan(found.changed) });
  }
  await weReadTheirs(report, engine, python, 'Spark', [...changed, ...answer.written]);
}

/** What our engine says of the row ids of tables of version 3, by its own columns for that. */
async function ourLineage(
  engine: OurEngine,
  python: Python,
  written: readonly WrittenTable[],
): Promise<(table: WrittenTable) => Rows | null> {
  const paths = new Map<WrittenTable, string>();
  const request = { ...ALL, select: '_row_id, _last_updated_sequence_number' };
  for (const table of written)
    if (table.last.metadata.formatVersion >= 3)
      paths.set(table, await engine.scan(table.last.metadataLocation, request));
  const rowsOf = await python.rows([...paths.values()]);
  return (table) => {
    const path = paths.get(table);
    return path === undefined ? null : rowsOf(path);
  };
}

function locatedScan({ metadataLocation, rows }: NonNullable<SparkAnswer['changed']>) {
  return { metadataLocation, scans: [{ ...ALL, rows }] };
}

function requestOf(written: WrittenTable) {
  const { table, last } = written;
  return {
    metadataLocation: last.metadataLocation,
    formatVersion: last.metadata.formatVersion,
    snapshotIds: snapshotsToRead(written),
    filters: filtersOf(written).map(({ theirs }) => theirs),
    byJava: table.byJava ?? false,
    changes: table.sparkGoesOn ?? [],
  };
}
