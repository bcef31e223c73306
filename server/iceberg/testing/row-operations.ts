import type { Expression } from '#shared/iceberg/expression.ts';
import type { DataFile } from '../manifest/data-file.ts';
import type { LoadedTable } from '../metadata/load.ts';
import type { PlannedFile } from '../scan/plan-files.ts';
import { appendFiles } from '../transaction/append-files.ts';
import type { Isolation } from '../transaction/conflict-rules.ts';
import { deleteFiles } from '../transaction/delete-files.ts';
import { overwriteFiles } from '../transaction/overwrite-files.ts';
import { replacePartitions } from '../transaction/replace-partitions.ts';
import { rewriteFiles } from '../transaction/rewrite-files.ts';
import { rewriteManifests } from '../transaction/rewrite-manifests.ts';
import { rowDelta } from '../transaction/row-delta.ts';
import { isDeletionVector } from '../transaction/snapshot-summary.ts';
import type { RebasableCommit } from '../transaction/staged-commit.ts';
import { satisfies, type Row, type RowTable } from './row-table.ts';

/** What a statement means to the rows of a table, and how it is carried out. */
export type RowOperation =
  | { readonly kind: 'append' | 'replace-partitions'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'delete' | 'update';
      readonly how: 'copy-on-write' | 'merge-on-read';
      readonly filter: Expression;
    }
  | { readonly kind: 'delete-metadata' | 'delete-equality'; readonly filter: Expression }
  | { readonly kind: 'compact'; readonly filter: Expression; readonly keepNumber: boolean }
  | { readonly kind: 'rewrite-manifests' };

/** The rows after an operation that has the table for itself. */
export function expected(rows: readonly Row[], operation: RowOperation): readonly Row[] {
  switch (operation.kind) {
    case 'append':
      return [...rows, ...operation.rows];
    case 'replace-partitions': {
      const days = new Set(operation.rows.map((row) => row.day));
      return [...rows.filter((row) => !days.has(row.day)), ...operation.rows];
    }
    case 'delete':
    case 'delete-metadata':
    case 'delete-equality':
      return rows.filter((row) => !satisfies(row, operation.filter));
    case 'update':
      return rows.map((row) => (satisfies(row, operation.filter) ? updated(row) : row));
    default:
      return rows;
  }
}

export function updated(row: Row): Row {
  return { ...row, note: `${row.note}+` };
}

/** Carries an operation out on a version of the table, as a writer of rows does. */
export async function stage(
  table: RowTable,
  base: LoadedTable,
  operation: RowOperation,
  isolation: Isolation,
): Promise<RebasableCommit> {
  const { io } = table;
  const planned = await table.plan(base);
  switch (operation.kind) {
    case 'append':
      return appendFiles({ io, base, dataFiles: table.filesFor(base, operation.rows) });
    case 'replace-partitions':
      return replacePartitions({ io, base, dataFiles: table.filesFor(base, operation.rows), isolation });
    case 'delete-metadata':
      return deleteFiles({ io, base, filter: operation.filter });
    case 'delete-equality': {
      const hits = hitsOf(table, planned, operation.filter);
      const deletes = hits.map(({ file, positions }) =>
        table.equalityDeletes(file, new Set([...positions].map((at) => table.rowsOf(file)[at]?.id ?? -1n))),
      );
      return rowDelta({ io, base, deleteFiles: deletes, isolation, conflictFilter: operation.filter });
    }
    case 'compact': {
      const group = planned.filter((file) =>
        table.rowsOf(file.file).some((row) => satisfies(row, operation.filter)),
      );
      const rows = group.flatMap((file) => table.live(file).map(([, row]) => row));
      return rewriteFiles({
        io,
        base,
        replacedFiles: group.map(({ file }) => file),
        addedFiles: table.filesFor(base, rows),
        ...(operation.keepNumber ? { dataSequenceNumber: base.metadata.lastSequenceNumber } : {}),
      });
    }
    case 'rewrite-manifests':
      return rewriteManifests({ io, base });
    case 'delete':
    case 'update':
      return operation.how === 'copy-on-write'
        ? copyOnWrite(table, base, planned, operation, isolation)
        : mergeOnRead(table, base, planned, operation, isolation);
  }
}

type Change = Extract<RowOperation, { kind: 'delete' | 'update' }>;

async function copyOnWrite(
  table: RowTable,
  base: LoadedTable,
  planned: readonly PlannedFile[],
  { kind, filter }: Change,
  isolation: Isolation,
): Promise<RebasableCommit> {
  const hits = hitsOf(table, planned, filter);
  const live = hits.flatMap((hit) => table.live(hit).map(([, row]) => row));
  return overwriteFiles({
    io: table.io,
    base,
    deletedFiles: hits.map(({ file }) => file),
    dataFiles: table.filesFor(base, expected(live, { kind, filter, how: 'copy-on-write' })),
    conflictFilter: filter,
    isolation,
  });
}

async function mergeOnRead(
  table: RowTable,
  base: LoadedTable,
  planned: readonly PlannedFile[],
  { kind, filter }: Change,
  isolation: Isolation,
): Promise<RebasableCommit> {
  const hits = hitsOf(table, planned, filter);
  const added = hits.flatMap(({ file, positions }) =>
    [...positions].flatMap((at) => table.rowsOf(file)[at] ?? []).map(updated),
  );
  const vectors = new Map<DataFile, ReadonlySet<number>>(
    hits.map((hit) => [hit.file, new Set([...hit.positions, ...table.deletedPositions(hit)])]),
  );
  return rowDelta({
    io: table.io,
    base,
    dataFiles: kind === 'update' ? table.filesFor(base, added) : [],
    deleteFiles:
      base.metadata.formatVersion === 3
        ? table.vectors(vectors)
        : hits.map(({ file, positions }) => table.positionDeletes(file, positions)),
    removedFiles: hits.flatMap(({ deletes }) => deletes.map(({ file }) => file)).filter(isDeletionVector),
    command: kind,
    conflictFilter: filter,
    isolation,
  });
}

/** The planned files that have a row of the filter's, and where. */
function hitsOf(
  table: RowTable,
  planned: readonly PlannedFile[],
  filter: Expression,
): readonly (PlannedFile & { readonly positions: ReadonlySet<number> })[] {
  return planned.flatMap((file) => {
    const positions = table.live(file).filter(([, row]) => satisfies(row, filter));
    return positions.length === 0 ? [] : [{ ...file, positions: new Set(positions.map(([at]) => at)) }];
  });
}
