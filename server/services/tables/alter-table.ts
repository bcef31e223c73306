import type {
  AlterTableRequest,
  TableAlteration,
  TableChangeResult,
} from '#shared/contract/table-changes.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableChange, TableRequirement, TableUpdate } from '#shared/iceberg/table-update.ts';
import { present } from '#shared/util/present.ts';
import {
  evolveSchema,
  type EvolveSchemaOptions,
  type SchemaEvolution,
} from '#server/iceberg/evolution/evolve-schema.ts';
import { evolveSpec, type SpecEvolution } from '#server/iceberg/evolution/evolve-spec.ts';
import { replaceSortOrder } from '#server/iceberg/evolution/replace-sort-order.ts';
import { applyUpdates } from '#server/iceberg/metadata/apply-updates.ts';
import { assertNotReserved, upgradeFormatVersion } from '#server/iceberg/metadata/apply-table.ts';
import { requirementsFor } from '#server/iceberg/metadata/update-requirements.ts';
import type { ServiceContext } from '../context.ts';
import { changeTable, describeChangedTable } from './change-table.ts';
import { parseColumnType } from './column-type.ts';
import { describeAlterations } from './describe-alterations.ts';
import { tableId } from './table-content.ts';

/**
 * Changes columns, partitions, sort order, properties or format version of a table: all changes in one commit,
 * or none.
 *
 * @param properties of the commit
 * @throws INVALID_INPUT, COLUMN_NOT_FOUND, UNSUPPORTED naming what does not fit; what changeTable throws
 */
export async function alterTable(
  ctx: ServiceContext,
  table: string,
  request: AlterTableRequest,
  properties: Readonly<Record<string, string>> = {},
): Promise<TableChangeResult> {
  const changed = await changeTable(ctx, {
    table,
    branch: request.branch,
    message: request.message,
    properties,
    defaultMessage: (key) => `Alter ${tableId(key)}: ${describeAlterations(request.changes)}`,
    change: (metadata) => alterationChange(metadata, request),
  });
  return describeChangedTable(changed);
}

/** The updates that a list of alterations makes; each sees the table as those before it leave it. */
function alterationChange(base: TableMetadata, request: AlterTableRequest): TableChange {
  const options = present({ allowIncompatibleChanges: request.allowIncompatibleChanges });
  const steps = new Alteration(base, options);
  for (const change of request.changes) steps.take(change);
  return steps.change();
}

class Alteration {
  readonly #base: TableMetadata;
  readonly #options: EvolveSchemaOptions;
  readonly #updates: TableUpdate[] = [];
  readonly #requirements: TableRequirement[] = [];
  #metadata: TableMetadata;
  /** Steps of one kind that follow each other make one new schema, or one new spec. */
  #schema: SchemaEvolution | null = null;
  #spec: SpecEvolution | null = null;

  constructor(base: TableMetadata, options: EvolveSchemaOptions) {
    this.#base = base;
    this.#options = options;
    this.#metadata = base;
  }

  take(change: TableAlteration): void {
    switch (change.action) {
      case 'add-partition-field':
        this.#specStep().addField(
          present({ source: change.source, transform: change.transform, name: change.name }),
        );
        return;
      case 'remove-partition-field':
        this.#specStep().removeField(change.name);
        return;
      case 'rename-partition-field':
        this.#specStep().renameField(change.name, change.to);
        return;
      case 'set-sort-order':
        this.#settle();
        this.#apply(replaceSortOrder(this.#metadata, change.fields.map(present)).updates);
        return;
      case 'set-properties':
        this.#settle();
        this.#apply(this.#propertyUpdates(change.properties));
        return;
      case 'remove-properties': {
        this.#settle();
        const removals = change.names.filter((name) => name in this.#metadata.properties);
        if (removals.length > 0) this.#apply([{ action: 'remove-properties', removals }]);
        return;
      }
      case 'upgrade-format-version':
        this.#settle();
        this.#upgrade(change.formatVersion);
        return;
      default:
        this.#takeSchemaStep(this.#schemaStep(), change);
    }
  }

  change(): TableChange {
    this.#settle();
    if (this.#updates.length === 0) return { updates: [], requirements: [] };
    return {
      updates: this.#updates,
      requirements: [...requirementsFor(this.#base, this.#updates), ...this.#requirements],
    };
  }

  #takeSchemaStep(evolution: SchemaEvolution, change: SchemaAlteration): void {
    switch (change.action) {
      case 'add-column': {
        const { action: _, default: defaultValue, type, ...column } = change;
        evolution.addColumn(present({ ...column, type: parseColumnType(type, change.name), defaultValue }));
        return;
      }
      case 'drop-column':
        evolution.dropColumn(change.column);
        return;
      case 'rename-column':
        evolution.renameColumn(change.column, change.to);
        return;
      case 'update-type':
        evolution.updateType(change.column, parseColumnType(change.type, [change.column].flat().join('.')));
        return;
      case 'set-required':
        if (change.required) evolution.requireColumn(change.column);
        else evolution.makeOptional(change.column);
        return;
      case 'move-column':
        evolution.moveColumn(change.column, change.position);
        return;
      case 'set-doc':
        evolution.setDoc(change.column, change.doc);
        return;
      case 'set-default':
        evolution.updateDefault(change.column, change.default ?? null);
        return;
      case 'set-identifier-fields':
        evolution.setIdentifierFields(change.columns);
        return;
    }
  }

  #propertyUpdates(properties: Readonly<Record<string, string>>): readonly TableUpdate[] {
    const { 'format-version': _, ...plain } = properties;
    assertNotReserved(Object.keys(plain));
    const same = Object.entries(properties).every(
      ([name, value]) => this.#metadata.properties[name] === value,
    );
    return same ? [] : [{ action: 'set-properties', updates: properties }];
  }

  #upgrade(formatVersion: 1 | 2 | 3): void {
    const upgraded = upgradeFormatVersion(this.#metadata, formatVersion);
    if (upgraded !== this.#metadata) this.#apply([{ action: 'upgrade-format-version', formatVersion }]);
  }

  #schemaStep(): SchemaEvolution {
    if (this.#spec !== null) this.#settle();
    this.#schema ??= evolveSchema(this.#metadata, this.#options);
    return this.#schema;
  }

  #specStep(): SpecEvolution {
    if (this.#schema !== null) this.#settle();
    this.#spec ??= evolveSpec(this.#metadata);
    return this.#spec;
  }

  #settle(): void {
    for (const evolution of [this.#schema, this.#spec]) {
      const { updates, requirements } = evolution?.change() ?? { updates: [], requirements: [] };
      // Requirements that the base has to meet are worked out at the end; a table without rows is one more.
      this.#requirements.push(
        ...requirements.filter(
          (requirement) => requirement.type === 'assert-ref-snapshot-id' && requirement.snapshotId === null,
        ),
      );
      this.#apply(updates);
    }
    this.#schema = null;
    this.#spec = null;
  }

  #apply(updates: readonly TableUpdate[]): void {
    if (updates.length === 0) return;
    this.#metadata = applyUpdates(this.#metadata, updates, { metadataLocation: null });
    this.#updates.push(...updates);
  }
}

type SchemaAlteration = Exclude<
  TableAlteration,
  {
    action:
      | 'add-partition-field'
      | 'remove-partition-field'
      | 'rename-partition-field'
      | 'set-sort-order'
      | 'set-properties'
      | 'remove-properties'
      | 'upgrade-format-version';
  }
>;
