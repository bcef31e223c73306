import type { PartitionSpec } from '#shared/iceberg/partition.ts';
import type { SortOrder } from '#shared/iceberg/sort-order.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import type { TableUpdate } from '#shared/iceberg/table-update.ts';
import { defaultSortOrder, defaultSpec } from '../metadata/lookup.ts';
import { isSame, threeWay, type TableClash } from './clash.ts';

export interface SidesOfTable {
  readonly base: TableMetadata;
  readonly ours: TableMetadata;
  readonly theirs: TableMetadata;
}

/** Ids of columns of theirs that are others in the result. */
type Renumbered = ReadonlyMap<number, number>;

interface Merged {
  readonly updates: readonly TableUpdate[];
  readonly clashes: readonly TableClash[];
}

/**
 * The spec that writers go by, and those that files of theirs are of. What a spec is, its fields say; ids are each
 * side's own.
 *
 * @param used of theirs, by files to be added
 */
export function mergeSpecs(sides: SidesOfTable, renumbered: Renumbered, used: ReadonlySet<number>): Merged {
  const { ours, theirs } = sides;
  const wanted = threeWay(
    specShape(defaultSpec(sides.base)),
    specShape(defaultSpec(ours)),
    specShape(defaultSpec(theirs), renumbered),
  );
  if (wanted === undefined) {
    const described = (metadata: TableMetadata) =>
      defaultSpec(metadata).fields.map(({ name, transform }) => `${name}: ${transform}`);
    return {
      updates: [],
      clashes: [
        {
          kind: 'PARTITION_SPEC_CLASH',
          message: 'Both sides changed how the table is partitioned, each in its own way.',
          detail: { base: described(sides.base), ours: described(ours), theirs: described(theirs) },
        },
      ],
    };
  }
  const adds = theirs.partitionSpecs
    .filter(({ specId }) => used.has(specId))
    .map((spec) => specShape(spec, renumbered))
    .filter((fields) => !ours.partitionSpecs.some((known) => isSame(specShape(known), fields)));
  const updates: TableUpdate[] = adds.map((fields) => ({ action: 'add-spec', spec: { fields } }));
  if (!isSame(wanted.value, specShape(defaultSpec(ours)))) {
    updates.push({ action: 'add-spec', spec: { fields: wanted.value } });
    updates.push({ action: 'set-default-spec', specId: -1 });
  }
  return { updates, clashes: [] };
}

export function mergeSortOrders(
  sides: SidesOfTable,
  renumbered: Renumbered,
  used: ReadonlySet<number>,
): Merged {
  const { base, ours, theirs } = sides;
  const wanted = threeWay(
    orderShape(defaultSortOrder(base)),
    orderShape(defaultSortOrder(ours)),
    orderShape(defaultSortOrder(theirs), renumbered),
  );
  if (wanted === undefined) {
    return {
      updates: [],
      clashes: [
        {
          kind: 'SORT_ORDER_CLASH',
          message: 'Both sides changed the order in which the table is written, each in its own way.',
          detail: {
            base: defaultSortOrder(base).fields,
            ours: defaultSortOrder(ours).fields,
            theirs: defaultSortOrder(theirs).fields,
          },
        },
      ],
    };
  }
  const adds = theirs.sortOrders
    .filter(({ orderId }) => used.has(orderId))
    .map((order) => orderShape(order, renumbered))
    .filter((fields) => !ours.sortOrders.some((known) => isSame(orderShape(known), fields)));
  const add = (fields: SortOrder['fields']): TableUpdate => ({
    action: 'add-sort-order',
    sortOrder: { orderId: -1, fields },
  });
  const updates = adds.map(add);
  if (!isSame(wanted.value, orderShape(defaultSortOrder(ours)))) {
    updates.push(add(wanted.value), { action: 'set-default-sort-order', sortOrderId: -1 });
  }
  return { updates, clashes: [] };
}

/** What a spec is but for its ids. */
export function specShape({ fields }: PartitionSpec, renumbered?: Renumbered) {
  return fields.map(({ sourceId, name, transform }) => ({
    sourceId: renumbered?.get(sourceId) ?? sourceId,
    name,
    transform,
  }));
}

export function orderShape({ fields }: SortOrder, renumbered?: Renumbered): SortOrder['fields'] {
  return fields.map(({ sourceId, transform, direction, nullOrder }) => ({
    sourceId: renumbered?.get(sourceId) ?? sourceId,
    transform,
    direction,
    nullOrder,
  }));
}
