import { indexById } from '#shared/iceberg/schema.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { compareFiles } from './compare-plans.ts';
import { compareMetrics, compareTable, type TableView } from './compare-tables.ts';
import type { OurEngine } from './our-engine.ts';
import type { EngineName, FilterCase } from './our-table.ts';
import type { Report, Rows } from './report.ts';
import type { WrittenTable } from './table-writer.ts';

/** What an engine reads from one of our tables. */
export interface TheirAnswer {
  readonly error?: string;
  readonly rows: Rows;
  /** Of each snapshot asked for. */
  readonly history: readonly Rows[];
}

/** PyIceberg also says what it sees of the metadata, and plans filters. */
export interface PyIcebergAnswer extends TheirAnswer {
  readonly table: TableView;
  readonly plans: readonly (readonly string[])[];
}

/** Spark also counts the rows of its metadata tables, and changes the table. */
export interface SparkAnswer extends TheirAnswer {
  readonly metadata?: Readonly<Record<string, number>>;
  /** [row id, sequence number of its last change] of each row; of version 3 alone. */
  readonly lineage?: Rows | null;
  readonly changed?: { readonly metadataLocation: string; readonly rows: Rows } | null;
}

export type RowsOf = (path: string) => Rows;

/** Snapshots of which other engines show the rows with the columns that they were written with. */
export function snapshotsToRead({ last, expected }: WrittenTable): readonly string[] {
  return last.metadata.snapshots.map(({ snapshotId }) => String(snapshotId)).filter((id) => expected.has(id));
}

export function filtersOf({ table, last }: WrittenTable): readonly FilterCase[] {
  const columns = indexById(currentSchema(last.metadata));
  const ids = new Map([...columns].map(([id, { path }]) => [path.join('.'), id]));
  return table.filters?.((column) => ids.get(column) ?? -1) ?? [];
}

/** Rows of all versions; or, of an engine that can't read such a table, that it says so. */
export function compareRows(
  report: Report,
  engine: EngineName,
  written: WrittenTable,
  answer: TheirAnswer | undefined,
  rowsOf: RowsOf,
): boolean {
  const { table, expected } = written;
  const what = `${engine} on '${table.name}'`;
  const unknown = table.unknownTo?.[engine];
  if (unknown !== undefined) {
    report.check(
      `${what}: says that it can't`,
      unknown.test(answer?.error ?? ''),
      () => answer?.error ?? 'it can',
    );
    return false;
  }
  if (answer === undefined || answer.error !== undefined) {
    report.check(`${what}: reads it`, false, () => answer?.error?.slice(-1500) ?? 'no answer');
    return false;
  }
  report.sameRows(`${what}: rows`, rowsOf(expected.get('current') ?? ''), answer.rows);
  for (const [position, id] of snapshotsToRead(written).entries())
    report.sameRows(
      `${what}: rows of snapshot ${position + 1}`,
      rowsOf(expected.get(id) ?? ''),
      answer.history[position] ?? [],
    );
  return true;
}

/** Schema, snapshots, metrics of files and plans, as PyIceberg sees them. */
export async function compareDetails(
  report: Report,
  engine: OurEngine,
  written: WrittenTable,
  answer: PyIcebergAnswer,
): Promise<void> {
  const { table, last } = written;
  compareTable(report, table.name, last, answer.table);
  await compareMetrics(report, table.name, engine.io, last, answer.table);
  for (const [position, { theirs, ours, mayKeepMore = false }] of filtersOf(written).entries()) {
    const files = answer.plans[position] ?? [];
    await compareFiles(
      report,
      `${table.name}: ${theirs}`,
      engine.io,
      last.metadata,
      ours,
      files,
      mayKeepMore,
    );
  }
}

/** Row ids and last changes, as our columns and as Spark's have them. */
export function compareLineage(
  report: Report,
  { table }: WrittenTable,
  { lineage }: SparkAnswer,
  ours: Rows | null,
): void {
  if (ours !== null) report.sameRows(`Spark on '${table.name}': lineage of rows`, ours, lineage ?? []);
}

/** What Java's library says of the table's metadata. */
export function compareMetadata(
  report: Report,
  { table, last, contentFiles }: WrittenTable,
  { metadata, lineage, rows }: SparkAnswer,
): void {
  const what = `Spark on '${table.name}'`;
  report.check(
    `${what}: files`,
    (metadata?.['files'] ?? -1) >= contentFiles,
    () => `ours: ${contentFiles} data and delete files; theirs: ${JSON.stringify(metadata)}`,
  );
  report.equal(`${what}: number of snapshots`, last.metadata.snapshots.length, metadata?.['snapshots']);
  report.equal(`${what}: number of refs`, Object.keys(last.metadata.refs).length, metadata?.['refs']);
  if (lineage === null || lineage === undefined) return;
  const next = last.metadata.nextRowId ?? 0n;
  const ids = lineage.map(([id]) => (typeof id === 'string' ? BigInt(id) : null));
  report.check(
    `${what}: every row has an id of its own`,
    new Set(ids).size === rows.length && ids.every((id) => id !== null && id >= 0n && id < next),
    () => `next row id ${next}, ids ${ids.join(', ')}`.slice(0, 500),
  );
}
