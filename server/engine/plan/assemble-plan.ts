import { createHash, randomUUID } from 'node:crypto';
import { YOU_CHOSE } from '#shared/contract/engine-reasons.ts';
import type { Plan, Scan } from '#shared/contract/plan.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { hasUtcNanoseconds } from '../files/parquet-utc.ts';
import type { Bound } from './binder.ts';
import { chooseEngine, type EngineChoiceInput } from './engine-choice.ts';
import { isMetadataColumn } from './metadata-columns.ts';
import { notWithLocals } from './local-files.ts';
import type { PlanQueryInput } from './plan-query.ts';
import type { ScanSource } from './scan-source.ts';

/** A scan once that several references of a query name. */
export function uniqueSources(sources: readonly ScanSource[]): ScanSource[] {
  const unique = new Map<string, ScanSource>();
  for (const source of sources) {
    const { view } = source.scan;
    const same = unique.get(view);
    const filter = same === undefined ? source.filter : either(same.filter, source.filter);
    unique.set(view, { ...source, filter });
  }
  return [...unique.values()];
}

/** Rows that do not matter to one reference of a table may to another. */
function either(left: Expression, right: Expression): Expression {
  return { op: 'or', left, right };
}

/** @param answer SQL without tables that gives what the query would, where metadata has it */
export function assemblePlan(
  input: PlanQueryInput,
  analyzed: AnalyzedSql,
  bound: Bound,
  rewritten: SplicedSql,
  sources: readonly ScanSource[],
  answer: string | null,
): Plan {
  const scans = uniqueSources(sources).map((source) => source.scan);
  const bytes = bytesOf(scans);
  const sql = answer ?? rewritten.sql;
  // An answer that can be another one next time must not be found under the id of this one.
  const sure = analyzed.stability === 'stable' && (input.locals ?? []).length === 0;
  const salt = sure ? '' : randomUUID();
  return {
    id: createHash('sha256')
      .update(JSON.stringify([sql, scans.map((scan) => scan.snapshotId), salt]))
      .digest('hex'),
    sql,
    ref: input.ref,
    scans,
    columns: bound.columns.map(({ name, type }) => ({ name: withTableNames(name, analyzed), type })),
    // What answers SHOW TABLES, or is known already, is another query, whose places are not those of what was asked.
    ...(analyzed.sql === input.sql && answer === null
      ? { anchors: rewritten.anchors.map(([...anchor]) => anchor) }
      : {}),
    bytes,
    ...(answer === null ? {} : { answeredFrom: 'metadata' as const }),
    engine: forLocals(input, {
      usage: analyzed.usage,
      columnTypes: scans.flatMap((scan) => scan.columns.map((column) => column.sqlType)),
      metadataColumns: sources.some(({ fields }) => fields.some(isMetadataColumn)),
      utcNanoseconds: scans.some((scan) => scan.columns.some(({ type }) => hasUtcNanoseconds(type))),
      bytes,
      browserBytes: input.browserBytes,
      preference: input.preference,
      ...(input.tabEngine === undefined ? {} : { tabEngine: input.tabEngine }),
      ...(input.serverNames === undefined ? {} : { serverNames: input.serverNames }),
      answered: answer !== null,
    }),
  };
}

/** Where a query runs; one that names files of the tab only there. @throws UNSUPPORTED where it can't */
function forLocals({ locals = [] }: PlanQueryInput, choice: EngineChoiceInput): Plan['engine'] {
  const [local] = locals;
  if (local === undefined) return chooseEngine(choice);
  if (choice.preference === 'server' || choice.preference === 'cluster')
    throw notWithLocals(locals, YOU_CHOSE[choice.preference]);
  const columnTypes = [
    ...choice.columnTypes,
    ...locals.flatMap(({ columns }) => columns.map(({ type }) => type)),
  ];
  const { reason, browserCapable } = chooseEngine({ ...choice, columnTypes });
  if (!browserCapable) throw notWithLocals(locals, reason);
  return {
    choice: 'browser',
    reason: `It reads the file ${local.name}, which only this tab has.`,
    browserCapable,
  };
}

/** A column of a file, or its deleted rows, counts once, however many scans read it. */
function bytesOf(scans: readonly Scan[]): number {
  const parts = new Map<string, number>();
  for (const scan of scans)
    for (const file of scan.files) {
      for (const [index, column] of file.columns.entries())
        if (column !== null)
          parts.set(
            `${scan.columns[index]?.fieldId} ${file.url} ${file.groups?.join(' ') ?? ''}`,
            column.bytes,
          );
      if (file.deletes !== undefined) parts.set(file.deletes.id, file.deletes.bytes);
    }
  return [...parts.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** A column without an alias has its expression for a name, and a subquery there names its tables. */
function withTableNames(column: string, { tables }: AnalyzedSql): string {
  return column.replaceAll(
    /"?__timestream_table_(\d+)"?/g,
    (whole, index: string) => tables[Number(index)]?.name.join('.') ?? whole,
  );
}
