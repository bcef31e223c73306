import type { Expression } from '#shared/iceberg/expression.ts';
import type { Schema } from '#shared/iceberg/schema.ts';
import type { DataFile } from '../../iceberg/manifest/data-file.ts';
import { strictMatcher } from '../../iceberg/scan/must-match.ts';
import type { PlannedFile } from '../../iceberg/scan/plan-files.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import { rowsNeeded, simpleAggregates } from '../analyze/simple-select.ts';
import type { Bound } from './binder.ts';
import { metadataAnswer } from './metadata-answer.ts';
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
export function narrowScan(input: NarrowInput, source: ScanSource): Narrowed | null {
  const { analyzed, bound, table } = input;
  const of = { table, schema: table.schema };
  const aggregates = bound.shape === 'aggregate' ? simpleAggregates(analyzed.root) : null;
  if (aggregates !== null) {
    const matches = strictly(input);
    if (!source.planned.every(({ file }) => matches(file))) return null;
    const sql = metadataAnswer(aggregates, source.planned, table.schema, bound.columns);
    const why = `the metadata of ${fileCount(source.planned)} has the answer`;
    return sql === null ? null : { source: withFirstFiles(source, of, 0, why), sql };
  }
  const needed = bound.shape === 'limit' ? rowsNeeded(analyzed.root) : null;
  if (needed === null) return null;
  const count = filesFor(needed, source.planned, strictly(input));
  if (count >= source.planned.length) return null;
  const rows = needed === 1 ? 'one row' : `${needed} rows`;
  const has =
    count === 0
      ? 'for which no file is read'
      : `which ${count === 1 ? 'one file has' : `${count} files have`}`;
  const why = `LIMIT needs ${rows}, ${has}, of ${source.planned.length}`;
  return { source: withFirstFiles(source, of, count, why), sql: null };
}

function strictly({ table, filter }: NarrowInput): (file: DataFile) => boolean {
  if (filter.op === 'true') return () => true;
  const { schemas, partitionSpecs } = table.metadata;
  const others = schemas.filter(({ schemaId }) => schemaId !== table.schema.schemaId).reverse();
  const matcher = strictMatcher(filter, [table.schema, ...others], partitionSpecs);
  return (file) => matcher.matchesAll(file);
}

/** How many of the files, from the first on, surely have so many rows. */
function filesFor(
  needed: number,
  files: readonly PlannedFile[],
  matches: (file: DataFile) => boolean,
): number {
  let rows = 0n;
  for (const [index, { file, deletes }] of files.entries()) {
    if (rows >= BigInt(needed)) return index;
    if (!matches(file)) continue;
    // By value any row may be deleted; by place each is named once at least.
    const deleted = deletes.some((one) => one.file.content === 'equality-deletes')
      ? file.recordCount
      : deletes.reduce((sum, one) => sum + one.file.recordCount, 0n);
    rows += deleted >= file.recordCount ? 0n : file.recordCount - deleted;
  }
  return files.length;
}

function fileCount(files: readonly PlannedFile[]): string {
  return files.length === 1 ? 'one file' : `${files.length} files`;
}
