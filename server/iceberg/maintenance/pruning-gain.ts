import type { Expression } from '#shared/iceberg/expression.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { compareValues, type IcebergValue } from '#shared/iceberg/values.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { conjunctsOf } from '../scan/file-pruner.ts';
import { schemasNewestFirst } from '../transaction/snapshot-scratch.ts';

/** Values of a column in rows of the table. */
export interface ColumnSample {
  readonly fieldId: number;
  readonly values: readonly (IcebergValue | null)[];
}

export interface ReadShare {
  /** Of all files, the part that a predicate leaves to be read, on the average. */
  readonly files: number;
  readonly bytes: number;
}

const RANGES = 64;
const POINTS = 32;
/** Of the rows, in each column that a range is over. */
const RANGE_SHARE = 0.1;

/**
 * Predicates as people ask: ranges over all of the columns at once, each with a tenth of the column's rows, and
 * single values of one column. Values are those of the sample, so they are where the rows are; the same sample gives
 * the same predicates.
 */
export function samplePredicates(sample: readonly ColumnSample[]): readonly Expression[] {
  const columns = sample.flatMap(({ fieldId, values }) => {
    const known = values.filter((value) => value !== null).sort((a, b) => compareValues(a, b) || 0);
    return known.length === 0 ? [] : [{ fieldId, known }];
  });
  if (columns.length === 0) return [];
  const random = generator();
  const at = (values: readonly IcebergValue[], share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] as IcebergValue;
  const ranges = Array.from({ length: RANGES }, () =>
    columns
      .map(({ fieldId, known }): Expression => {
        const from = random() * (1 - RANGE_SHARE);
        return {
          op: 'and',
          left: { op: 'gt-eq', fieldId, value: at(known, from) },
          right: { op: 'lt-eq', fieldId, value: at(known, from + RANGE_SHARE) },
        };
      })
      .reduce((left, right): Expression => ({ op: 'and', left, right })),
  );
  const points = Array.from({ length: POINTS }, (_, index): Expression => {
    const { fieldId, known } = columns[index % columns.length] as (typeof columns)[number];
    return { op: 'eq', fieldId, value: at(known, random()) };
  });
  return [...ranges, ...points];
}

/** What the scan planner would read of files for predicates, by partitions and bounds. */
export function readShare(
  metadata: TableMetadata,
  files: readonly DataFile[],
  predicates: readonly Expression[],
): ReadShare {
  const all = files.reduce((sum, file) => sum + Number(file.fileSizeInBytes), 0);
  if (all === 0 || predicates.length === 0) return { files: 0, bytes: 0 };
  let count = 0;
  let bytes = 0;
  for (const predicate of predicates) {
    const conjuncts = conjunctsOf(predicate, schemasNewestFirst(metadata), metadata.partitionSpecs);
    for (const file of files) {
      if (!conjuncts.every((conjunct) => conjunct.matchesFile(file))) continue;
      count += 1;
      bytes += Number(file.fileSizeInBytes);
    }
  }
  return { files: count / files.length / predicates.length, bytes: bytes / all / predicates.length };
}

/** Park and Miller's numbers: the same in every run, so that before and after are asked the same. */
function generator(): () => number {
  let state = 20_011;
  return () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
}
