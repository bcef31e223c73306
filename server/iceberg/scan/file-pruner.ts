import type { Expression } from '#shared/iceberg/expression.ts';
import { parseTransform, type PartitionSpec, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import type { ManifestView } from '../manifest/manifest-view.ts';
import { typedPartitionFields, type TypedPartitionField } from '../manifest/partition-type.ts';
import { predicateOf, toPositive, type Leaf, type Positive, type Predicate } from './predicate.ts';
import { projectPredicate } from './project-predicate.ts';
import {
  isFloating,
  mightMatch,
  rangeInFile,
  rangeInSummary,
  rangeOfMetrics,
  rangeOfValue,
  type ValueRange,
} from './value-range.ts';

/** One of the conditions that a filter joins with AND. */
export interface Conjunct {
  readonly condition: Positive;
  /** Whether it may hold for a row of some file of the manifest, by its partition summaries. */
  matchesManifest(manifest: ManifestFile): boolean;
  /** Whether it may hold for a row of the file, by its partition values alone. */
  matchesPartition(file: Pick<DataFile, 'specId' | 'partition'>): boolean;
  /** Whether it may hold for a row of the file, by partition values and column bounds. */
  matchesFile(file: DataFile): boolean;
  /** For the entries of a manifest, by their numbers: what rules a file out, or null where nothing does. */
  rulesOut(view: ManifestView): (index: number) => 'partition' | 'bounds' | null;
}

/** @param schemas the schema that the filter is over first, then others of the table */
export function conjunctsOf(
  filter: Expression,
  schemas: readonly [Schema, ...(readonly Schema[])],
  specs: readonly PartitionSpec[],
): readonly Conjunct[] {
  const context = new PruningContext(schemas, specs);
  return split(toPositive(filter))
    .filter((condition) => condition.op !== 'true')
    .map((condition) => ({
      condition,
      matchesManifest: (manifest) => holds(condition, (leaf) => context.inManifest(leaf, manifest)),
      matchesPartition: (file) => holds(condition, (leaf) => context.inPartition(leaf, file)),
      matchesFile: (file) =>
        holds(condition, (leaf) => context.inPartition(leaf, file) && context.inBounds(leaf, file)),
      rulesOut: (view) => rulesOut(condition, context, view),
    }));
}

/** As matchesPartition and matchesFile, but each partition is looked at once, and each column's bounds decoded once. */
function rulesOut(
  condition: Positive,
  context: PruningContext,
  view: ManifestView,
): (index: number) => 'partition' | 'bounds' | null {
  const tests = view.partitions.map((partition) => {
    const place = { specId: view.specId, partition };
    if (!holds(condition, (leaf) => context.inPartition(leaf, place))) return null;
    return rowTest(condition, (leaf) =>
      context.inPartition(leaf, place) ? context.boundsTest(leaf, view) : never,
    );
  });
  return (index) => {
    const test = tests[view.partitionOf[index] ?? 0] ?? null;
    if (test === null) return 'partition';
    return test(index) ? null : 'bounds';
  };
}

type RowTest = (index: number) => boolean;
const never: RowTest = () => false;
const always: RowTest = () => true;

function rowTest(condition: Positive, leafTest: (leaf: Leaf) => RowTest): RowTest {
  switch (condition.op) {
    case 'true':
      return always;
    case 'false':
      return never;
    case 'and':
    case 'or': {
      const left = rowTest(condition.left, leafTest);
      const right = rowTest(condition.right, leafTest);
      if (condition.op === 'and') return (index) => left(index) && right(index);
      return (index) => left(index) || right(index);
    }
    default:
      return leafTest(condition);
  }
}

function split(filter: Positive): readonly Positive[] {
  return filter.op === 'and' ? [...split(filter.left), ...split(filter.right)] : [filter];
}

function holds(condition: Positive, leafMay: (leaf: Leaf) => boolean): boolean {
  switch (condition.op) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'and':
      return holds(condition.left, leafMay) && holds(condition.right, leafMay);
    case 'or':
      return holds(condition.left, leafMay) || holds(condition.right, leafMay);
    default:
      return leafMay(condition);
  }
}

/** The range of a column in each file of a manifest; of files whose partition is ruled out nobody asks for it. */
function columnRanges(
  view: ManifestView,
  fieldId: number,
  type: PrimitiveType,
): (index: number) => ValueRange {
  const ranges = view.keep<ValueRange>(`${fieldId} ${type}`);
  return (index) => (ranges[index] ??= rangeInEntry(view, index, fieldId, type));
}

/** Each metric has to be looked for in the entry, so only those are that say something. */
function rangeInEntry(view: ManifestView, index: number, fieldId: number, type: PrimitiveType): ValueRange {
  const floating = isFloating(type);
  const lower = view.bound(index, 'lowerBounds', fieldId);
  const hasValues = lower !== undefined && !floating;
  return rangeOfMetrics(type, {
    values: hasValues ? undefined : view.count(index, 'valueCounts', fieldId),
    nulls: view.count(index, 'nullValueCounts', fieldId),
    nans: floating ? view.count(index, 'nanValueCounts', fieldId) : undefined,
    lower,
    upper: view.bound(index, 'upperBounds', fieldId),
  });
}

interface PrunableField extends TypedPartitionField {
  readonly parsed: Transform;
  readonly position: number;
}

interface Projected {
  readonly field: PrunableField;
  readonly predicate: Predicate;
}

class PruningContext {
  /** Columns with one plain value a row. */
  private readonly types = new Map<number, PrimitiveType>();
  private readonly specs: ReadonlyMap<number, readonly PrunableField[]>;
  // A filter is asked of thousands of files, so what it comes to is worked out once.
  private readonly predicates = new Map<Leaf, Predicate>();
  private readonly projected = new Map<Leaf, Map<number, readonly Projected[]>>();

  constructor(schemas: readonly [Schema, ...(readonly Schema[])], specs: readonly PartitionSpec[]) {
    for (const [id, { field, repeated }] of indexById(schemas[0])) {
      if (!repeated && isPrimitive(field.type)) this.types.set(id, field.type);
    }
    this.specs = new Map(
      specs.map((spec) => [
        spec.specId,
        typedPartitionFields(spec, schemas).map((field, position) => ({
          ...field,
          parsed: parseTransform(field.transform),
          position,
        })),
      ]),
    );
  }

  inManifest(leaf: Leaf, manifest: ManifestFile): boolean {
    return this.projections(leaf, manifest.partitionSpecId).every(({ field, predicate }) => {
      const summary = manifest.partitions?.[field.position];
      return (
        summary === undefined ||
        field.type === null ||
        mightMatch(predicate, rangeInSummary(summary, field.type))
      );
    });
  }

  inPartition(leaf: Leaf, file: Pick<DataFile, 'specId' | 'partition'>): boolean {
    return this.projections(leaf, file.specId).every(({ field, predicate }) => {
      const value = file.partition.get(field.fieldId);
      return value === undefined || mightMatch(predicate, rangeOfValue(value));
    });
  }

  inBounds(leaf: Leaf, file: DataFile): boolean {
    const type = this.types.get(leaf.fieldId);
    if (type === undefined) return true;
    return mightMatch(this.predicate(leaf, type), rangeInFile(file, leaf.fieldId, type));
  }

  /** inBounds of a manifest's entries by their numbers. */
  boundsTest(leaf: Leaf, view: ManifestView): (index: number) => boolean {
    const type = this.types.get(leaf.fieldId);
    if (type === undefined) return always;
    const predicate = this.predicate(leaf, type);
    const ranges = columnRanges(view, leaf.fieldId, type);
    return (index) => mightMatch(predicate, ranges(index));
  }

  private predicate(leaf: Leaf, type: PrimitiveType): Predicate {
    let predicate = this.predicates.get(leaf);
    if (predicate === undefined) this.predicates.set(leaf, (predicate = predicateOf(leaf, type)));
    return predicate;
  }

  /** The leaf over each field of a spec that is made from its column; of a column not in the schema, nothing. */
  private projections(leaf: Leaf, specId: number): readonly Projected[] {
    let bySpec = this.projected.get(leaf);
    if (bySpec === undefined) this.projected.set(leaf, (bySpec = new Map()));
    let found = bySpec.get(specId);
    if (found === undefined) bySpec.set(specId, (found = this.project(leaf, specId)));
    return found;
  }

  private project(leaf: Leaf, specId: number): readonly Projected[] {
    if (!this.types.has(leaf.fieldId)) return [];
    return (this.specs.get(specId) ?? []).flatMap((field) => {
      if (field.sourceId !== leaf.fieldId || field.sourceType === null) return [];
      const predicate = projectPredicate(field.parsed, field.sourceType, predicateOf(leaf, field.sourceType));
      return [{ field, predicate }];
    });
  }
}
