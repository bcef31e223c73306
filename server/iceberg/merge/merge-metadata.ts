import { isAppError } from '#shared/errors/app-error.ts';
import { highestFieldId, indexById } from '#shared/iceberg/schema.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import { renumberFields } from '../evolution/renumber-fields.ts';
import { promotionBreaks } from '../evolution/type-promotion.ts';
import type { DataFile } from '../manifest/data-file.ts';
import { applyUpdates } from '../metadata/apply-updates.ts';
import { currentSchema } from '../metadata/lookup.ts';
import { isSame, threeWay, type TableClash } from './clash.ts';
import { fieldJson, settleFieldIds, type CarriedIds } from './field-ids.ts';
import { isSameSchema, mergeRefs } from './merge-refs.ts';
import { mergeSchemas } from './merge-schema.ts';
import { mergeStatistics } from './merge-statistics.ts';
import { mergeSortOrders, mergeSpecs, orderShape, specShape, type SidesOfTable } from './merge-specs.ts';

/** What the files that theirs brings ask of the metadata. */
export interface BroughtFiles {
  readonly columns: CarriedIds;
  readonly specs: ReadonlySet<number>;
  readonly sortOrders: ReadonlySet<number>;
  readonly addsRows: { readonly ours: boolean; readonly theirs: boolean };
}

export type MergedMetadata =
  | { readonly clashes: readonly [TableClash, ...TableClash[]] }
  | {
      readonly clashes: readonly [];
      /** Ours, with the snapshots of theirs that refs of the result point at. */
      readonly start: TableMetadata;
      /** From `start` to the result, but for rows. */
      readonly updates: readonly TableUpdate[];
      /** The result, but for rows. */
      readonly metadata: TableMetadata;
      /** A file of theirs as the result describes it. */
      readonly adopt: (file: DataFile) => DataFile;
    };

/** Combines all that two versions of a table say beside their rows. */
export function mergeMetadata(sides: SidesOfTable, files: BroughtFiles): MergedMetadata {
  const { base, ours, theirs } = sides;
  const ids = settleFieldIds(base, ours, theirs, files.columns);
  const { renumbered } = ids;
  const theirSchema = currentSchema(theirs);
  const schema = mergeSchemas({
    base: currentSchema(base),
    ours: currentSchema(ours),
    theirs: {
      ...theirSchema,
      fields: renumberFields(theirSchema.fields, renumbered),
      identifierFieldIds: theirSchema.identifierFieldIds.map((id) => renumbered.get(id) ?? id),
    },
    addedByBoth: ids.addedByBoth,
    addsRows: files.addsRows,
  });
  const specs = mergeSpecs(sides, renumbered, files.specs);
  const orders = mergeSortOrders(sides, renumbered, files.sortOrders);
  const properties = mergeProperties(sides);
  const refs = mergeRefs(sides);
  const location = mergeLocation(sides);
  const parts = [ids, schema, specs, orders, properties, refs, location];
  const [first, ...more] = parts.flatMap(({ clashes }) => clashes);
  if (first !== undefined) return { clashes: [first, ...more] };

  const start = withCarried(ours, refs.carried, theirs);
  const updates: TableUpdate[] = [...upgrade(ours, theirs), ...location.updates];
  const { fields, identifierFieldIds } = schema;
  const ourSchema = currentSchema(ours);
  const unchanged =
    isSame(fields.map(fieldJson), ourSchema.fields.map(fieldJson)) &&
    isSame([...identifierFieldIds].sort(byNumber), [...ourSchema.identifierFieldIds].sort(byNumber));
  const lastColumnId = Math.max(ids.lastColumnId, highestFieldId({ fields }));
  if (!unchanged || lastColumnId > ours.lastColumnId) {
    updates.push(
      { action: 'add-schema', schema: { schemaId: -1, fields, identifierFieldIds }, lastColumnId },
      { action: 'set-current-schema', schemaId: -1 },
    );
  }
  updates.push(...specs.updates, ...orders.updates, ...properties.updates, ...keys(sides), ...refs.updates);
  updates.push(...mergeStatistics(sides, start));
  try {
    const metadata = applyUpdates(start, updates, { metadataLocation: null });
    const broken = brokenPartitions(base, metadata);
    if (broken !== null) return { clashes: [broken] };
    return { clashes: [], start, updates, metadata, adopt: adoption(theirs, metadata, renumbered) };
  } catch (error) {
    // What each side may have, such as a partition by a column that the other one dropped, the result may not.
    if (!isAppError(error, 'INVALID_INPUT') && !isAppError(error, 'UNSUPPORTED')) throw error;
    return {
      clashes: [
        {
          kind: 'SCHEMA_CLASH',
          message: `What the sides made of the table does not go together: ${error.message}`,
          detail: { what: 'result', ...error.context },
        },
      ],
    };
  }
}

function mergeProperties({ base, ours, theirs }: SidesOfTable) {
  const clashes: TableClash[] = [];
  const set: Record<string, string> = {};
  const removals: string[] = [];
  for (const name of new Set([...Object.keys(ours.properties), ...Object.keys(theirs.properties)])) {
    const sides = [base.properties[name], ours.properties[name], theirs.properties[name]] as const;
    const merged = threeWay(...sides);
    if (merged === undefined) {
      const [was, mine, other] = sides.map((value) => value ?? null);
      clashes.push({
        kind: 'PROPERTY_CLASH',
        message: `Both sides changed the property '${name}' of the table.`,
        detail: { property: name, base: was, ours: mine, theirs: other },
      });
    } else if (merged.value !== ours.properties[name]) {
      if (merged.value === undefined) removals.push(name);
      else set[name] = merged.value;
    }
  }
  const updates: TableUpdate[] = [];
  if (Object.keys(set).length > 0) updates.push({ action: 'set-properties', updates: set });
  if (removals.length > 0) updates.push({ action: 'remove-properties', removals });
  return { updates, clashes };
}

function mergeLocation({ base, ours, theirs }: SidesOfTable) {
  const merged = threeWay(base.location, ours.location, theirs.location);
  const updates: TableUpdate[] = [];
  const clashes: TableClash[] = [];
  if (merged === undefined) {
    clashes.push({
      kind: 'LOCATION_CLASH',
      message: 'Both sides moved the table, each to a place of its own.',
      detail: { base: base.location, ours: ours.location, theirs: theirs.location },
    });
  } else if (merged.value !== ours.location) {
    updates.push({ action: 'set-location', location: merged.value });
  }
  return { updates, clashes };
}

function upgrade(ours: TableMetadata, theirs: TableMetadata): readonly TableUpdate[] {
  const { formatVersion } = theirs;
  return formatVersion > ours.formatVersion ? [{ action: 'upgrade-format-version', formatVersion }] : [];
}

function keys({ ours, theirs }: SidesOfTable): readonly TableUpdate[] {
  const known = new Set(ours.encryptionKeys?.map((key) => key['key-id']));
  return (theirs.encryptionKeys ?? [])
    .filter((key) => !known.has(key['key-id']))
    .map((encryptionKey) => ({ action: 'add-encryption-key', encryptionKey }));
}

/** No update adds a snapshot that is older than the table: these come with the metadata that updates begin at. */
function withCarried(
  ours: TableMetadata,
  carried: TableMetadata['snapshots'],
  theirs: TableMetadata,
): TableMetadata {
  if (carried.length === 0) return ours;
  const schemaIdOf = (id: number | undefined) => {
    const schema = theirs.schemas.find((known) => known.schemaId === id);
    return schema === undefined
      ? undefined
      : ours.schemas.find((known) => isSameSchema(known, schema))?.schemaId;
  };
  const snapshots = [
    ...ours.snapshots,
    ...carried.map((snapshot) => {
      const { schemaId: _, ...rest } = snapshot;
      const schemaId = schemaIdOf(snapshot.schemaId);
      return schemaId === undefined ? rest : { ...rest, schemaId };
    }),
  ];
  const numbers = snapshots.map(({ sequenceNumber }) => sequenceNumber);
  const lastSequenceNumber = numbers.reduce((a, b) => (b > a ? b : a), ours.lastSequenceNumber);
  return { ...ours, snapshots, lastSequenceNumber };
}

function adoption(
  theirs: TableMetadata,
  merged: TableMetadata,
  renumbered: ReadonlyMap<number, number>,
): (file: DataFile) => DataFile {
  const specs = new Map(
    theirs.partitionSpecs.map((spec) => {
      const shape = specShape(spec, renumbered);
      return [spec.specId, merged.partitionSpecs.find((known) => isSame(specShape(known), shape))];
    }),
  );
  const orders = new Map(
    theirs.sortOrders.map((order) => {
      const shape = orderShape(order, renumbered);
      return [order.orderId, merged.sortOrders.find((known) => isSame(orderShape(known), shape))?.orderId];
    }),
  );
  return (file) => {
    const their = theirs.partitionSpecs.find(({ specId }) => specId === file.specId);
    const spec = specs.get(file.specId);
    if (their === undefined || spec === undefined) return file;
    const partition = new Map(
      spec.fields.map(({ fieldId }, index) => [
        fieldId,
        file.partition.get(their.fields[index]?.fieldId ?? -1) ?? null,
      ]),
    );
    const { sortOrderId, ...rest } = file;
    const orderId = sortOrderId === undefined ? undefined : orders.get(sortOrderId);
    return {
      ...rest,
      specId: spec.specId,
      partition,
      ...(orderId === undefined ? {} : { sortOrderId: orderId }),
    };
  };
}

/** One side widened a column by whose values the other partitions, so that these would no longer be what they are. */
function brokenPartitions(base: TableMetadata, merged: TableMetadata): TableClash | null {
  const now = indexById(currentSchema(merged));
  for (const [id, { field, path }] of indexById(currentSchema(base))) {
    const type = now.get(id)?.field.type;
    if (type === undefined || !isPrimitive(field.type) || isSame(type, field.type)) continue;
    const broken = promotionBreaks(merged, id, field.type);
    if (broken === undefined) continue;
    return {
      kind: 'PARTITION_SPEC_CLASH',
      message: `One side changed the type of '${path.join('.')}', by which the other side's partition field '${broken}' is made.`,
      detail: { column: path.join('.'), partitionField: broken },
    };
  }
  return null;
}

function byNumber(a: number, b: number): number {
  return a - b;
}
