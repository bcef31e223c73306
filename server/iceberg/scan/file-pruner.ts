import type { Expression } from '#shared/iceberg/expression.ts';
import { parseTransform, type PartitionSpec, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type PrimitiveType } from '#shared/iceberg/types.ts';
import type { DataFile, ManifestFile } from '../manifest/data-file.ts';
import { typedPartitionFields, type TypedPartitionField } from '../manifest/partition-type.ts';
import { predicateOf, toPositive, type Leaf, type Positive } from './predicate.ts';
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

class PruningContext {
  /** Columns with one plain value a row. */
  private readonly types = new Map<number, PrimitiveType>();
  private readonly specs: ReadonlyMap<number, readonly PrunableField[]>;

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
    return this.fieldsOf(leaf, manifest.partitionSpecId).every((field) => {
      const summary = manifest.partitions?.[field.position];
      if (summary === undefined || field.type === null || field.sourceType === null) return true;
      const predicate = projectPredicate(field.parsed, field.sourceType, predicateOf(leaf, field.sourceType));
      return mightMatch(predicate, rangeInSummary(summary, field.type));
    });
  }

  inPartition(leaf: Leaf, file: DataFile): boolean {
    return this.fieldsOf(leaf, file.specId).every((field) => {
      const value = file.partition.get(field.fieldId);
      if (value === undefined || field.sourceType === null) return true;
      const predicate = projectPredicate(field.parsed, field.sourceType, predicateOf(leaf, field.sourceType));
      return mightMatch(predicate, rangeOfValue(value));
    });
  }

  inBounds(leaf: Leaf, file: DataFile): boolean {
    const type = this.types.get(leaf.fieldId);
    if (type === undefined) return true;
    return mightMatch(predicateOf(leaf, type), rangeInFile(file, leaf.fieldId, type));
  }

  /** Of a column that the schema does not have, nothing can be said. */
  private fieldsOf(leaf: Leaf, specId: number): readonly PrunableField[] {
    if (!this.types.has(leaf.fieldId)) return [];
    return (this.specs.get(specId) ?? []).filter((field) => field.sourceId === leaf.fieldId);
  }
}
