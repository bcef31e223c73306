import type { Expression } from '#shared/iceberg/expression.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { ScanSource } from '#server/engine/plan/scan-source.ts';

/**
 * Which rows of its own target a statement has read, as the target stands: those that its new rows are made of, or that
 * a subquery looks at. What it reads of older versions stays as it is whatever others do.
 *
 * @param metadata of the target
 * @param changed the scan of the rows that it changes
 * @returns undefined where it has read none
 */
export function targetReads(
  metadata: TableMetadata,
  sources: readonly ScanSource[],
  changed?: ScanSource,
): Expression | undefined {
  const filters = sources.flatMap((source) => {
    const { table, filter } = source;
    if (table === null || source === changed || table.metadata.tableUuid !== metadata.tableUuid) return [];
    const { currentSnapshotId = null } = table.metadata;
    const stands =
      table.snapshotId === undefined && currentSnapshotId === (metadata.currentSnapshotId ?? null);
    return stands ? [filter] : [];
  });
  const [first, ...others] = filters;
  return first && others.reduce<Expression>((left, right) => ({ op: 'or', left, right }), first);
}
