import { AppError } from '#shared/errors/app-error.ts';
import { parseTransform, type PartitionField, type Transform } from '#shared/iceberg/partition.ts';
import { indexById, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableUpdate } from '#shared/iceberg/table-update.ts';
import { currentSchema, defaultSpec } from '../metadata/lookup.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { assertSpec } from '../metadata/validate.ts';
import { requireField, type ColumnPath } from './schema-tree.ts';

export interface NewPartitionField {
  readonly source: ColumnPath;
  /** identity, bucket[N], truncate[W], year, month, day or hour. */
  readonly transform: string;
  /** Made of the column's name and the transform where it is not given. */
  readonly name?: string;
}

/** A partition field by its name, or by what it is made from. */
export type PartitionFieldChoice = string | Pick<NewPartitionField, 'source' | 'transform'>;

/**
 * Changes a table's default partition spec step by step, each seeing those before it; `change()` is the result.
 * Files keep the spec that they were written with.
 *
 * Every step throws INVALID_INPUT or COLUMN_NOT_FOUND naming the field.
 *
 * @param schema the one that the fields are of, where the same commit evolves it too
 */
export function evolveSpec(metadata: TableMetadata, schema: Schema = currentSchema(metadata)): SpecEvolution {
  return new SpecEvolution(metadata, schema);
}

const TIME = new Set(['year', 'month', 'day', 'hour']);

export class SpecEvolution {
  readonly #metadata: TableMetadata;
  readonly #schema: Schema;
  readonly #base: readonly PartitionField[];
  #fields: readonly PartitionField[];
  #lastPartitionId: number;

  constructor(metadata: TableMetadata, schema: Schema) {
    this.#metadata = metadata;
    this.#schema = schema;
    this.#base = defaultSpec(metadata).fields;
    this.#fields = this.#base;
    this.#lastPartitionId = metadata.lastPartitionId;
  }

  addField({ source, transform, name }: NewPartitionField): this {
    const column = requireField(this.#schema.fields, source);
    const parsed = parseTransform(transform);
    const path = indexById(this.#schema).get(column.id)?.path.join('.') ?? column.name;
    const fieldName = name ?? generatedName(path, parsed);
    if (parsed.kind === 'unknown' || parsed.kind === 'void') {
      refuse(
        fieldName,
        `'${transform}' is no transform; use identity, bucket[N], truncate[W], year, month, day or hour`,
      );
    }
    this.#assertNotRedundant(fieldName, column.id, transform);
    this.#freeName(fieldName);
    if (parsed.kind !== 'identity' && this.#schema.fields.some((field) => field.name === fieldName))
      refuse(fieldName, 'it has the name of a column; only an identity may');
    const field = {
      sourceId: column.id,
      name: fieldName,
      transform,
      fieldId: this.#idFor(column.id, transform, fieldName),
    };
    assertSpec([field], this.#schema);
    this.#fields = [...this.#fields, field];
    return this;
  }

  /** In format version 1 void takes its place: readers there know a field by where it is. */
  removeField(choice: PartitionFieldChoice): this {
    const field = this.#find(choice);
    const wasAdded = !this.#base.some((existing) => existing.fieldId === field.fieldId);
    this.#fields =
      this.#metadata.formatVersion > 1 || wasAdded
        ? this.#fields.filter((other) => other !== field)
        : this.#fields.map((other) => (other === field ? { ...field, transform: 'void' } : other));
    return this;
  }

  renameField(name: string, to: string): this {
    const field = this.#find(name);
    if (name === to) return this;
    this.#freeName(to);
    const renamed = { ...field, name: to };
    if (field.transform !== 'identity' && this.#schema.fields.some((column) => column.name === to))
      refuse(to, 'it has the name of a column; only an identity may');
    assertSpec([renamed], this.#schema);
    this.#fields = this.#fields.map((other) => (other === field ? renamed : other));
    return this;
  }

  get fields(): readonly PartitionField[] {
    return this.#fields;
  }

  /** Nothing changed: no updates. */
  change(): TableChange {
    const same =
      this.#fields.length === this.#base.length &&
      this.#fields.every((field, index) => sameField(field, this.#base[index]));
    if (same) return { updates: [], requirements: [] };
    const updates: readonly TableUpdate[] = [
      { action: 'add-spec', spec: { fields: this.#renumbered() } },
      { action: 'set-default-spec', specId: -1 },
    ];
    return { updates, requirements: requirementsFor(this.#metadata, updates) };
  }

  #find(choice: PartitionFieldChoice): PartitionField {
    const live = this.#fields.filter((field) => field.transform !== 'void');
    const shown = typeof choice === 'string' ? choice : `${String(choice.source)} by ${choice.transform}`;
    const found =
      typeof choice === 'string'
        ? live.find((field) => field.name === choice)
        : live.find(
            (field) =>
              field.sourceId === requireField(this.#schema.fields, choice.source).id &&
              field.transform === choice.transform,
          );
    if (found !== undefined) return found;
    const names = live.map((field) => field.name);
    throw new AppError(
      'INVALID_INPUT',
      names.length === 0
        ? `The table has no partition field '${shown}'; it is not partitioned.`
        : `The table has no partition field '${shown}'; there are ${names.join(', ')}.`,
      { context: { partitionField: shown, partitionFields: names } },
    );
  }

  /** Two fields that say the same, or two spans of one time, of which the finer says the coarser. */
  #assertNotRedundant(name: string, sourceId: number, transform: string): void {
    const other = this.#fields.find(
      (field) =>
        field.sourceId === sourceId &&
        (field.transform === transform || (TIME.has(field.transform) && TIME.has(transform))),
    );
    if (other !== undefined)
      refuse(
        name,
        `the table is partitioned by '${other.name}' (${other.transform}) of the same column already`,
      );
  }

  #freeName(name: string): void {
    if (name === '') refuse(name, 'a name is empty');
    const taken = this.#fields.find((field) => field.name === name);
    if (taken === undefined) return;
    if (taken.transform !== 'void') refuse(name, 'there is a partition field of that name already');
    // A field that was removed gives its name up.
    const renamed = { ...taken, name: `${taken.name}_${taken.fieldId}` };
    this.#fields = this.#fields.map((field) => (field === taken ? renamed : field));
  }

  /** A field that an older spec had under this name keeps its id, but in version 1, where ids are places. */
  #idFor(sourceId: number, transform: string, name: string): number {
    const known = this.#metadata.partitionSpecs
      .flatMap((spec) => spec.fields)
      .filter((field) => field.sourceId === sourceId && field.transform === transform)
      // Where the table was of version 1, void may hold it.
      .filter((field) => !this.#fields.some((other) => other.fieldId === field.fieldId));
    const reused = known.find((field) => field.name === name) ?? known[0];
    if (this.#metadata.formatVersion > 1 && reused !== undefined) return reused.fieldId;
    this.#lastPartitionId += 1;
    return this.#lastPartitionId;
  }

  #renumbered(): readonly PartitionField[] {
    if (this.#metadata.formatVersion > 1) return this.#fields;
    return this.#fields.map((field, index) => ({ ...field, fieldId: 1000 + index }));
  }
}

function sameField(a: PartitionField, b: PartitionField | undefined): boolean {
  return (
    a.sourceId === b?.sourceId && a.fieldId === b.fieldId && a.name === b.name && a.transform === b.transform
  );
}

/** As other writers name a field that nobody named. */
function generatedName(column: string, transform: Transform): string {
  switch (transform.kind) {
    case 'identity':
    case 'unknown':
      return column;
    case 'bucket':
      return `${column}_bucket_${transform.buckets}`;
    case 'truncate':
      return `${column}_trunc_${transform.width}`;
    default:
      return `${column}_${transform.kind}`;
  }
}

function refuse(name: string, problem: string): never {
  throw new AppError('INVALID_INPUT', `The partition field '${name}' cannot be had: ${problem}.`, {
    context: { partitionField: name },
  });
}
