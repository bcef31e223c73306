import { AppError } from '#shared/errors/app-error.ts';
import { findFieldByName, type Schema } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import { formatType, isPrimitive, type IcebergType, type NestedField } from '#shared/iceberg/types.ts';
import { stringifyJson } from '#shared/util/json.ts';
import { currentSchema } from '../metadata/lookup.ts';
import { requirementsFor } from '../metadata/update-requirements.ts';
import { assertIdentifierFields, assertSchema } from '../metadata/validate.ts';
import { assertDroppable } from './assert-droppable.ts';
import { assertFreeName, bindColumn, type ColumnPosition, type NewColumn } from './bind-column.ts';
import { columnPropertyUpdates } from './column-properties.ts';
import { columnDefault } from './column-default.ts';
import {
  editField,
  editSiblings,
  liesInMapKey,
  parentOf,
  pathText,
  requireField,
  type ColumnPath,
} from './schema-tree.ts';
import { isPromotion, promoteDefault, promotionBreaks } from './type-promotion.ts';

export interface EvolveSchemaOptions {
  /** Lets a column become required although rows may hold null in it. Whoever sets it knows that none does. */
  readonly allowIncompatibleChanges?: boolean;
}

/**
 * Changes a table's schema step by step, each seeing those before it; `change()` is the result. Fields keep
 * their ids, new ones get ids that the table never gave before, so data files need no change.
 *
 * Every step throws INVALID_INPUT or COLUMN_NOT_FOUND naming the column, UNSUPPORTED for what needs a later
 * format version.
 */
export function evolveSchema(metadata: TableMetadata, options: EvolveSchemaOptions = {}): SchemaEvolution {
  return new SchemaEvolution(metadata, options);
}

export class SchemaEvolution {
  readonly #metadata: TableMetadata;
  readonly #base: Schema;
  readonly #options: EvolveSchemaOptions;
  #fields: readonly NestedField[];
  #identifierFieldIds: readonly number[];
  #lastColumnId: number;
  /** A step was only allowed because the table has no rows. */
  #needsEmptyTable = false;

  constructor(metadata: TableMetadata, options: EvolveSchemaOptions) {
    this.#metadata = metadata;
    this.#base = currentSchema(metadata);
    this.#options = options;
    this.#fields = this.#base.fields;
    this.#identifierFieldIds = this.#base.identifierFieldIds;
    this.#lastColumnId = metadata.lastColumnId;
  }

  /** The schema as changed so far; its id is the base's until it is added to the table. */
  get schema(): Schema {
    return { ...this.#base, fields: this.#fields, identifierFieldIds: this.#identifierFieldIds };
  }

  get metadata(): TableMetadata {
    return this.#metadata;
  }

  /** Into `column.parent` where it is given: a struct, a list of structs or a map of structs. Ids in its type are not looked at. */
  addColumn(column: NewColumn): this {
    const bound = bindColumn(this.#fields, column, this.#metadata.formatVersion, this.#lastColumnId);
    if (column.required === true && bound.field.initialDefault === undefined)
      this.#assertNoNulls(
        `The column '${bound.path}' is required and has no default for the rows there are`,
        bound.path,
      );
    this.#lastColumnId = bound.lastColumnId;
    this.#fields = editSiblings(this.#fields, bound.parentId, (siblings) => [...siblings, bound.field]);
    if (column.position === undefined) return this;
    const parent = bound.parentId === null ? [] : bound.parentPath;
    return this.moveColumn([...parent, column.name], column.position);
  }

  dropColumn(path: ColumnPath): this {
    const field = this.#editable(path, 'dropped');
    assertDroppable(this.#metadata, this.schema, field, pathText(path));
    this.#fields = editField(this.#fields, field.id, () => null);
    return this;
  }

  renameColumn(path: ColumnPath, name: string): this {
    const field = this.#editable(path, 'renamed');
    const parent = parentOf(this.#fields, field.id);
    const siblings = (parent === null ? this.#fields : structFields(parent)).filter(
      (other) => other.id !== field.id,
    );
    assertFreeName(siblings, name, pathText(path), 'renamed');
    return this.#edit(field, { ...field, name });
  }

  /** To a type that holds every value of the old one (isPromotion); to the type that it has is no change. */
  updateType(path: ColumnPath, type: IcebergType): this {
    const field = requireField(this.#fields, path);
    if (stringifyJson(field.type) === stringifyJson(type)) return this;
    const column = pathText(path);
    if (liesInMapKey(this.#fields, field.id))
      refuse(column, 'it is in the key of a map, which cannot change');
    if (
      !isPrimitive(field.type) ||
      !isPrimitive(type) ||
      !isPromotion(field.type, type, this.#metadata.formatVersion)
    ) {
      return refuse(
        column,
        `${formatType(field.type)} cannot become ${formatType(type)}; int may become long, float double, and a decimal may get more digits before its point`,
        { expected: formatType(field.type), got: formatType(type) },
      );
    }
    const partition = promotionBreaks(this.#metadata, field.id, field.type);
    if (partition !== undefined)
      refuse(column, `the partition field '${partition}' has values that are of ${field.type}`);
    const from = field.type;
    const promoted = (json: unknown) => promoteDefault(from, type, json);
    return this.#edit(field, {
      ...field,
      type,
      ...(field.initialDefault === undefined ? {} : { initialDefault: promoted(field.initialDefault) }),
      ...(field.writeDefault === undefined ? {} : { writeDefault: promoted(field.writeDefault) }),
    });
  }

  makeOptional(path: ColumnPath): this {
    const field = this.#nullable(path);
    if (this.#identifierFieldIds.includes(field.id))
      refuse(pathText(path), 'it is an identifier field, which is never null');
    return field.required ? this.#edit(field, { ...field, required: false }) : this;
  }

  /** Only where no row can hold null in it: see EvolveSchemaOptions. */
  requireColumn(path: ColumnPath): this {
    const field = this.#nullable(path);
    if (field.required) return this;
    const addedWithDefault = field.id > this.#metadata.lastColumnId && field.initialDefault !== undefined;
    if (!addedWithDefault)
      this.#assertNoNulls(
        `The column '${pathText(path)}' may hold null in the rows there are`,
        pathText(path),
      );
    return this.#edit(field, { ...field, required: true });
  }

  moveColumn(path: ColumnPath, position: ColumnPosition): this {
    const field = this.#editable(path, 'moved');
    const column = pathText(path);
    const parent = parentOf(this.#fields, field.id);
    const beside = parent === null ? this.#fields : structFields(parent);
    const rest = beside.filter((other) => other.id !== field.id);
    let at = 0;
    if (position !== 'first') {
      const name = 'after' in position ? position.after : position.before;
      const reference = findFieldByName({ fields: beside }, name);
      if (reference === undefined)
        return refuse(column, `there is no column '${name}' beside it to move it next to`);
      if (reference.id === field.id) refuse(column, 'it cannot move next to itself');
      at = rest.findIndex((other) => other.id === reference.id) + ('after' in position ? 1 : 0);
    }
    const moved = [...rest.slice(0, at), field, ...rest.slice(at)];
    this.#fields = editSiblings(this.#fields, parent?.id ?? null, () => moved);
    return this;
  }

  /** Null takes it away. */
  setDoc(path: ColumnPath, doc: string | null): this {
    const { doc: _, ...field } = this.#editable(path, 'documented');
    return this.#edit(field, doc === null ? field : { ...field, doc });
  }

  /** What rows get whose writer does not give the column; null takes it away. The rows there are keep theirs. */
  updateDefault(path: ColumnPath, value: unknown): this {
    const { writeDefault: _, ...field } = this.#editable(path, 'given a default');
    if (value === null) return this.#edit(field, field);
    const column = pathText(path);
    return this.#edit(field, {
      ...field,
      writeDefault: columnDefault(field.type, value, column, this.#metadata.formatVersion),
    });
  }

  /** The columns that together say which row is the same row; an empty list takes them away. */
  setIdentifierFields(paths: readonly ColumnPath[]): this {
    const ids = paths.map((path) => requireField(this.#fields, path).id);
    this.#identifierFieldIds = [...new Set(ids)].sort((a, b) => a - b);
    assertIdentifierFields(this.schema);
    return this;
  }

  /** Nothing changed: no updates. */
  change(): TableChange {
    const { schema } = this;
    if (stringifyJson(schema) === stringifyJson(this.#base)) return { updates: [], requirements: [] };
    assertSchema(schema, this.#metadata.formatVersion);
    const updates: readonly TableUpdate[] = [
      { action: 'add-schema', schema },
      { action: 'set-current-schema', schemaId: -1 },
      ...columnPropertyUpdates(this.#metadata.properties, this.#base, schema),
    ];
    const empty: readonly TableRequirement[] = this.#needsEmptyTable
      ? [{ type: 'assert-ref-snapshot-id', ref: 'main', snapshotId: null }]
      : [];
    return { updates, requirements: [...requirementsFor(this.#metadata, updates), ...empty] };
  }

  #edit(field: NestedField, next: NestedField): this {
    this.#fields = editField(this.#fields, field.id, () => next);
    return this;
  }

  #editable(path: ColumnPath, what: string): NestedField {
    const field = requireField(this.#fields, path);
    const parent = parentOf(this.#fields, field.id);
    if (parent !== null && !isPrimitive(parent.type) && parent.type.type !== 'struct')
      refuse(pathText(path), `a list's element and a map's key and value cannot be ${what}`);
    if (liesInMapKey(this.#fields, field.id))
      refuse(pathText(path), `what is in the key of a map cannot be ${what}`);
    return field;
  }

  #nullable(path: ColumnPath): NestedField {
    const field = requireField(this.#fields, path);
    if (liesInMapKey(this.#fields, field.id))
      refuse(pathText(path), 'it is in the key of a map, which cannot change');
    return field;
  }

  #assertNoNulls(problem: string, column: string): void {
    if (this.#options.allowIncompatibleChanges === true) return;
    if (this.#metadata.snapshots.length === 0) {
      this.#needsEmptyTable = true;
      return;
    }
    throw new AppError(
      'INVALID_INPUT',
      `${problem}. Add it as optional, or say that incompatible changes are allowed.`,
      { context: { column } },
    );
  }
}

function structFields(field: NestedField): readonly NestedField[] {
  return !isPrimitive(field.type) && field.type.type === 'struct' ? field.type.fields : [];
}

function refuse(column: string, problem: string, context: Readonly<Record<string, unknown>> = {}): never {
  throw new AppError('INVALID_INPUT', `The column '${column}' cannot be changed: ${problem}.`, {
    context: { column, ...context },
  });
}
