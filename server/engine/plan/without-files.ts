import type { Expression } from '#shared/iceberg/expression.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { RowGroupSource } from '../files/row-groups.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { strictMatcher } from '../../iceberg/scan/must-match.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import { rowsNeeded, simpleAggregates } from '../analyze/simple-select.ts';
import type { Bound } from './binder.ts';
import { metadataAnswer } from './metadata-answer.ts';
import { firstRowGroups, type Part } from './prune-row-groups.ts';
import { withFirstFiles, type ResolvedTable, type ScanSource } from './scan-source.ts';

interface PlannedTable extends ResolvedTable {
  readonly schema: Schema;
}

/** What is known of a query over one table beside its files. */
export interface NarrowInput {
  readonly analyzed: AnalyzedSql;
  readonly bound: Bound;
  readonly table: PlannedTable;
  /** Says exactly which rows are in the answer, or are aggregated. */
  readonly filter: Expression;
  /** Says what of a file the first rows are in. */
  readonly rowGroups?: RowGroupSource;
  readonly signal?: AbortSignal;
}

/** A scan that needs less than its files, or none of them, where the metadata has the answer: then `sql` is that. */
export interface Narrowed {
  readonly source: ScanSource;
  readonly sql: string | null;
}

/**
 * What of its files a query has to read where their metadata says enough: none for counts and bounds, as many as
 * are needed for a LIMIT. Null where it needs them all.
 */
export async function narrowScan(input: NarrowInput, source: ScanSource): Promise<Narrowed | null> {
  const { analyzed, bound, table } = input;
  const of = { table, schema: table.schema };
  const aggregates = bound.shape === 'aggregate' ? simpleAggregates(analyzed.root) : null;
  if (aggregates !== null) {
    const matches = strictly(input);
    if (!source.planned.every(({ file }) => matches(file))) return null;
    const sql = metadataAnswer(aggregates, source.planned, table.schema, bound.columns);
    const why =
      source.planned.length === 0
        ? 'no file has rows for the answer, so none is read'
        : `the metadata of ${fileCount(source.planned)} has the answer`;
    return sql === null ? null : { source: withFirstFiles(source, of, 0, why), sql };
  }
  const needed = bound.shape === 'limit' ? rowsNeeded(analyzed.root) : null;
  if (needed === null) return null;
  const { count, ofLast } = filesFor(needed, source.planned, strictly(input));
  const part = await partOfLast(input, source, count, ofLast);
  if (count >= source.planned.length && part === null) return null;
  const rows = needed === 1 ? 'one row' : `${needed} rows`;
  const why = `LIMIT needs ${rows}, ${holders(count, part)}, of ${source.planned.length}`;
  return { source: withFirstFiles(source, of, count, why, part), sql: null };
}

function holders(count: number, part: Part | null): string {
  if (count === 0) return 'for which no file is read';
  const files = count === 1 ? 'one file' : `${count} files`;
  if (part === null) return `which ${files} ${count === 1 ? 'has' : 'have'}`;
  const groups = `${part.groups.length} of ${part.known} row groups of ${count === 1 ? 'one file' : 'the last'}`;
  return count === 1 ? `which ${groups} have` : `which ${files} have, by ${groups}`;
}

/** What of the last file is needed, where its first rows surely are what is asked for. */
async function partOfLast(
  { rowGroups, signal }: NarrowInput,
  { scan, planned }: ScanSource,
  count: number,
  rows: number | null,
): Promise<Part | null> {
  const file = planned[count - 1]?.file;
  if (file === undefined || rows === null || rowGroups === undefined) return null;
  // Those that are left are not its first ones.
  if (scan.files[count - 1]?.groups !== undefined) return null;
  return firstRowGroups(rowGroups, file, rows, signal);
}

function strictly({ table, filter }: NarrowInput): (file: DataFile) => boolean {
  if (filter.op === 'true') return () => true;
  const { schemas, partitionSpecs } = table.metadata;
  const others = schemas.filter(({ schemaId }) => schemaId !== table.schema.schemaId).reverse();
  const matcher = strictMatcher(filter, [table.schema, ...others], partitionSpecs);
  return (file) => matcher.matchesAll(file);
}

/**
 * How many of the files, from the first on, surely have so many rows; and how many of them, counted from its first row on, the
 * last one has to give, where all of its rows are there.
 */
function filesFor(
  needed: number,
  files: readonly PlannedFile[],
  matches: (file: DataFile) => boolean,
): { readonly count: number; readonly ofLast: number | null } {
  let rows = 0n;
  let ofLast: number | null = null;
  for (const [index, { file, deletes }] of files.entries()) {
    if (rows >= BigInt(needed)) return { count: index, ofLast };
    ofLast = null;
    if (!matches(file)) continue;
    if (deletes.length === 0) ofLast = needed - Number(rows);
    // By value any row may be deleted; by place each is named once at least.
    const deleted = deletes.some((one) => one.file.content === 'equality-deletes')
      ? file.recordCount
      : deletes.reduce((sum, one) => sum + one.file.recordCount, 0n);
    rows += deleted >= file.recordCount ? 0n : file.recordCount - deleted;
  }
  return { count: files.length, ofLast };
}

function fileCount(files: readonly PlannedFile[]): string {
  return files.length === 1 ? 'one file' : `${files.length} files`;
}
