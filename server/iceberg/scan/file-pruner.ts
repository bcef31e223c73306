import type { Expression } from '#shared/iceberg/expression.ts';
import { parseTransform, type PartitionSpec, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { typedPartitionFields, type TypedPartitionField } from '../manifest/partition-type.ts';
import { predicateOf, toPositive, type Leaf, type Positive, type Predicate } from './predicate.ts';
import { projectPredicate } from './project-predicate.ts';
import { mightMatch, rangeInFile, rangeInSummary, rangeOfValue } from './value-range.ts';

/** One of the conditions that a filter joins with AND. */
export interface Conjunct {
  readonly condition: Positive;
  /** Whether it may hold for a row of some file of the manifest, by its partition summaries. */
  matchesManifest(manifest: ManifestFile): boolean;
  /** Whether it may hold for a row of the file, by its partition values alone. */
  matchesPartition(file: DataFile): boolean;
  /** Whether it may hold for a row of the file, by partition values and column bounds. */
  matchesFile(file: DataFile): boolean;
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
    }));
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

  inPartition(leaf: Leaf, file: DataFile): boolean {
    return this.projections(leaf, file.specId).every(({ field, predicate }) => {
      const value = file.partition.get(field.fieldId);
      return value === undefined || mightMatch(predicate, rangeOfValue(value));
    });
  }

  inBounds(leaf: Leaf, file: DataFile): boolean {
    const type = this.types.get(leaf.fieldId);
    if (type === undefined) return true;
    let predicate = this.predicates.get(leaf);
    if (predicate === undefined) this.predicates.set(leaf, (predicate = predicateOf(leaf, type)));
    return mightMatch(predicate, rangeInFile(file, leaf.fieldId, type));
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
