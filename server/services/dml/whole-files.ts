import type { Expression } from '#shared/iceberg/expression.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { WriteStatement } from '#server/engine/dml/statement.ts';
import type { ScanSource } from '#server/engine/plan/scan-source.ts';
import { currentSchema } from '#server/iceberg/metadata/lookup.ts';
import { strictMatcher } from '#server/iceberg/scan/must-match.ts';
import type { PlannedFile } from '#server/iceberg/scan/plan-files.ts';

/**
 * Files of which metadata proves that a DELETE takes every row: they need not be read. A file with deletes is read,
 * because how many rows it has left no metadata says.
 *
 * @param filter exactly the rows that go; null where that can't be said
 * @returns those files, and the scan of the target without them
 */
export function setWholeFilesAside(
  statement: WriteStatement,
  filter: Expression | null,
  source: ScanSource | undefined,
  metadata: TableMetadata,
): { readonly whole: readonly PlannedFile[]; readonly ofTarget: ScanSource | undefined } {
  if (statement.kind !== 'delete' || filter === null || source === undefined)
    return { whole: [], ofTarget: source };
  const schema = currentSchema(metadata);
  const others = metadata.schemas.filter(({ schemaId }) => schemaId !== schema.schemaId).reverse();
  const matcher = strictMatcher(filter, [schema, ...others], metadata.partitionSpecs);
  const isWhole = source.planned.map(({ file, deletes }) => deletes.length === 0 && matcher.matchesAll(file));
  const left = <T>(items: readonly T[]) => items.filter((_, index) => isWhole[index] !== true);
  return {
    whole: source.planned.filter((_, index) => isWhole[index]),
    ofTarget: {
      ...source,
      scan: { ...source.scan, files: left(source.scan.files) },
      files: left(source.files),
      formats: left(source.formats),
      deletes: left(source.deletes),
      planned: left(source.planned),
    },
  };
}
