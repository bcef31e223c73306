import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { formatValue } from '#shared/iceberg/format-value.ts';
import { indexById } from '#shared/iceberg/schema.ts';
import { isPrimitive, type IcebergType } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { ByFieldId } from '#server/iceberg/manifest/data-file.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { decodeValue } from '#server/iceberg/values/single-value.ts';
import type { LoadedTable } from '#server/iceberg/metadata/load.ts';
import { createLocalFileIO } from '#server/storage/local-file-io.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { sorted } from './canonical.ts';
import { OUR_TABLES, type FilterCase, type OurTable } from './our-tables.ts';
import { scanWithOurs, type TheirTable } from './read-theirs.ts';
import { writeTable } from './write-ours.ts';

const run = promisify(execFile);

/** What PyIceberg says of one of our tables (read_tables.py). */
interface TheirView {
  readonly error?: string;
  readonly table: {
    readonly schema: readonly { id: number; name: string; type: string; required: boolean }[];
    readonly snapshots: readonly {
      id: string;
      parent: string | null;
      sequenceNumber: string;
      operation: string;
      summary: Record<string, string>;
    }[];
    readonly current: string | null;
    readonly files: readonly Readonly<Record<string, unknown>>[];
  };
  readonly scans: readonly { files: readonly string[]; rows: readonly (readonly unknown[])[] }[];
}

interface WrittenTable {
  readonly table: OurTable;
  readonly last: LoadedTable;
  /** All rows of each version. */
  readonly rows: readonly (readonly (readonly unknown[])[])[];
  readonly filters: readonly FilterCase[];
}

/** Counts checks and prints those that fail. */
class Report {
  passed = 0;
  failed = 0;

  check(what: string, holds: boolean, detail: () => string = () => ''): void {
    if (holds) {
      this.passed += 1;
      return;
    }
    this.failed += 1;
    console.error(`FAILED ${what}\n  ${detail().slice(0, 2000)}`);
  }

  equal(what: string, ours: unknown, theirs: unknown): void {
    this.check(
      what,
      isDeepStrictEqual(ours, theirs),
      () => `ours:   ${show(ours)}\n  theirs: ${show(theirs)}`,
    );
  }

  /** One case; what it throws is a failure and not the end. */
  async case(what: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.check(what, false, () =>
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}

/**
 * Tables that our code writes are read by PyIceberg, and the other way round.
 *
 * @param python an interpreter that has PyIceberg
 * @param work an empty folder
 */
export default async function interop(
  python: string,
  work: string,
): Promise<{ passed: number; failed: number }> {
  const io = await createLocalFileIO({ rootDirectory: join(work, 'warehouse') });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const report = new Report();
  const script = (name: string) => join(import.meta.dirname, name);
  await report.case('PyIceberg reads our tables', () =>
    theyReadOurs(report, connection, io, work, (args) => run(python, [script('read_tables.py'), ...args])),
  );
  await report.case('we read tables of PyIceberg', async () => {
    const answer = join(work, 'theirs.json');
    await run(python, [script('write_tables.py'), join(work, 'warehouse'), answer], {
      maxBuffer: 64 * 1024 * 1024,
    });
    await weReadTheirs(report, connection, io, JSON.parse(await readFile(answer, 'utf8')) as TheirTable[]);
  });
  return { passed: report.passed, failed: report.failed };
}

async function theyReadOurs(
  report: Report,
  connection: DuckDBConnection,
  io: FileIO,
  work: string,
  readTables: (args: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const written: WrittenTable[] = [];
  for (const table of OUR_TABLES) {
    await report.case(`write '${table.name}'`, async () => {
      const { versions, rows } = await writeTable(connection, io, join(work, 'staging'), table);
      const last = versions.at(-1);
      if (last === undefined) throw new TypeError('nothing was written');
      const schema = currentSchema(last.metadata);
      const ids = new Map([...indexById(schema)].map(([id, { path }]) => [path.join('.'), id]));
      const filters = table.filters?.((column) => ids.get(column) ?? -1) ?? [];
      written.push({ table, last, rows, filters });
    });
  }
  const requests = written.map(({ last, filters }) => ({
    metadataLocation: last.metadataLocation,
    scans: [
      ...last.metadata.snapshots.map(({ snapshotId }) => ({ snapshotId: String(snapshotId) })),
      ...filters.map(({ theirs }) => ({ filter: theirs })),
    ],
  }));
  const [request, answer] = [join(work, 'request.json'), join(work, 'answer.json')];
  await writeFile(request, JSON.stringify(requests));
  await readTables([request, answer]);
  const views = JSON.parse(await readFile(answer, 'utf8')) as TheirView[];
  for (const [index, { table, last, rows, filters }] of written.entries()) {
    await report.case(table.name, async () => {
      const view = views[index];
      if (view === undefined || view.error !== undefined) throw new TypeError(view?.error ?? 'no answer');
      compareTable(report, table.name, last, view);
      await compareMetrics(report, table.name, io, last, view);
      for (const [version, expected] of rows.entries()) {
        report.equal(
          `${table.name}: rows of snapshot ${version + 1}`,
          sorted(expected),
          sorted(view.scans[version]?.rows ?? []),
        );
      }
      for (const [position, filter] of filters.entries()) {
        const scan = view.scans[rows.length + position];
        await comparePlan(report, `${table.name}: ${filter.theirs}`, io, last, filter, scan?.files ?? []);
      }
    });
  }
}

function compareTable(report: Report, name: string, { metadata }: LoadedTable, view: TheirView): void {
  report.equal(
    `${name}: schema`,
    currentSchema(metadata).fields.map(({ id, name, type, required }) => ({
      id,
      name,
      type: pyType(type),
      required,
    })),
    view.table.schema,
  );
  report.equal(
    `${name}: snapshots`,
    metadata.snapshots.map((snapshot) => {
      const { operation, ...summary } = snapshot.summary;
      return {
        id: String(snapshot.snapshotId),
        parent: snapshot.parentSnapshotId === undefined ? null : String(snapshot.parentSnapshotId),
        sequenceNumber: String(snapshot.sequenceNumber),
        operation,
        summary: { ...summary },
      };
    }),
    view.table.snapshots,
  );
  report.equal(`${name}: current snapshot`, String(metadata.currentSnapshotId), view.table.current);
}

/** Counts and decoded bounds of every file, as each of us reads them. */
async function compareMetrics(
  report: Report,
  name: string,
  io: FileIO,
  { metadata }: LoadedTable,
  view: TheirView,
): Promise<void> {
  const fields = indexById(currentSchema(metadata));
  const { files } = await planFiles({ io, metadata });
  const counts = (values: ByFieldId<bigint> | undefined) =>
    Object.fromEntries([...(values ?? [])].map(([id, value]) => [id, String(value)]));
  const bounds = (values: ByFieldId<Uint8Array> | undefined) =>
    Object.fromEntries(
      [...(values ?? [])].map(([id, bytes]) => {
        const type = fields.get(id)?.field.type;
        return [id, typeof type === 'string' ? canonicalBound(type, decodeValue(type, bytes)) : null];
      }),
    );
  const described = files.map(({ file }) => ({
    path: file.filePath,
    records: String(file.recordCount),
    size: String(file.fileSizeInBytes),
    columnSizes: counts(file.columnSizes),
    values: counts(file.valueCounts),
    nulls: counts(file.nullValueCounts),
    nans: counts(file.nanValueCounts),
    lower: bounds(file.lowerBounds),
    upper: bounds(file.upperBounds),
  }));
  report.equal(`${name}: metrics of files`, described, view.table.files);
}

function canonicalBound(type: string, value: IcebergValue | undefined): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (type === 'uuid') return String(value).replaceAll('-', '');
  if (typeof value === 'bigint' && type.startsWith('decimal')) return formatValue(type, value);
  if (typeof value === 'number' && (type === 'float' || type === 'double') && Number.isFinite(value))
    return value;
  return typeof value === 'boolean' ? value : String(value);
}

/** A type as PyIceberg prints it. */
function pyType(type: IcebergType): string {
  if (isPrimitive(type)) return type;
  switch (type.type) {
    case 'list':
      return `list<${pyType(type.element)}>`;
    case 'map':
      return `map<${pyType(type.key)}, ${pyType(type.value)}>`;
    case 'struct':
      return `struct<${type.fields.map((f) => `${f.id}: ${f.name}: ${f.required ? 'required' : 'optional'} ${pyType(f.type)}`).join(', ')}>`;
  }
}

async function comparePlan(
  report: Report,
  what: string,
  io: FileIO,
  table: LoadedTable,
  filter: FilterCase,
  theirs: readonly string[],
): Promise<void> {
  const plan = await planFiles({ io, metadata: table.metadata, filter: filter.ours });
  compareFiles(
    report,
    what,
    plan.files.map(({ file }) => file.filePath),
    theirs,
    filter.mayKeepMore ?? false,
  );
}

function compareFiles(
  report: Report,
  what: string,
  ours: readonly string[],
  theirs: readonly string[],
  mayKeepMore: boolean,
): void {
  const kept = new Set(ours);
  if (mayKeepMore)
    report.check(
      `${what}: files`,
      theirs.every((file) => kept.has(file)),
      () => show({ ours, theirs }),
    );
  else report.equal(`${what}: files`, [...ours].sort(), [...theirs].sort());
}

async function weReadTheirs(
  report: Report,
  connection: DuckDBConnection,
  io: FileIO,
  tables: readonly TheirTable[],
): Promise<void> {
  for (const table of tables) {
    for (const scan of table.scans) {
      const what = `${table.name}: ${scan.theirs ?? `snapshot ${scan.snapshotId}`}`;
      await report.case(what, async () => {
        const { files, rows } = await scanWithOurs(connection, io, table, scan);
        compareFiles(report, what, files, scan.files, false);
        report.equal(`${what}: rows`, sorted(rows), sorted(scan.rows));
      });
    }
  }
}
