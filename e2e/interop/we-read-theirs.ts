import { isAppError } from '#shared/errors/app-error.ts';
import type { Moved, OurEngine, ScanRequest } from './our-engine.ts';
import type { Python } from './python.ts';
import type { Report, Rows } from './report.ts';

/** A table that another engine wrote, and what it reads from it. */
export interface TheirTable {
  readonly name: string;
  /** Why the engine could not write it. */
  readonly error?: string;
  readonly metadataLocation: string;
  /** The code of the error with which we refuse to read it. */
  readonly refused?: string | null;
  /** The writer's folders were moved after it wrote. */
  readonly moved?: Moved | null;
  readonly scans: readonly (ScanRequest & { readonly rows: Rows })[];
}

/** Reads every table with our planner and engine; each scan has to give the rows that the writer reads. */
export async function weReadTheirs(
  report: Report,
  engine: OurEngine,
  python: Python,
  writer: string,
  tables: readonly TheirTable[],
): Promise<void> {
  report.check(`${writer} wrote tables`, tables.length > 0);
  const answers: { readonly what: string; readonly path: string; readonly rows: Rows }[] = [];
  for (const table of tables) {
    const name = `${writer}'s ${table.name}`;
    if (table.error !== undefined) {
      report.check(`${name} is written`, false, () => table.error ?? '');
      continue;
    }
    for (const scan of table.scans) {
      const what = `${name}: ${describe(scan)}`;
      await report.case(what, async () => {
        if (typeof table.refused === 'string') return refused(report, engine, what, table, scan);
        answers.push({ what, path: await scanned(engine, table, scan), rows: scan.rows });
      });
    }
  }
  const rowsOf = await python.rows(answers.map(({ path }) => path));
  for (const { what, path, rows } of answers) report.sameRows(`${what}: rows`, rowsOf(path), rows);
}

function scanned(
  engine: OurEngine,
  { metadataLocation, moved }: TheirTable,
  scan: ScanRequest,
): Promise<string> {
  return engine.scan(metadataLocation, scan, moved ?? {});
}

async function refused(
  report: Report,
  engine: OurEngine,
  what: string,
  table: TheirTable,
  scan: ScanRequest,
): Promise<void> {
  try {
    await scanned(engine, table, scan);
    report.check(`${what} is refused`, false, () => 'it was read');
  } catch (error) {
    const typed = isAppError(error, table.refused as Parameters<typeof isAppError>[1]);
    report.check(`${what} is refused as ${table.refused}`, typed, () => String(error));
  }
}

function describe({ filter, ref, snapshotId }: ScanRequest): string {
  if (snapshotId !== null) return `snapshot ${snapshotId}`;
  return ref === null ? (filter ?? 'all') : `at ${ref}`;
}
