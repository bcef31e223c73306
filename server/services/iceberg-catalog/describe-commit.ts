import type { TableUpdate } from '#shared/iceberg/table-update.ts';

/** What updates do to a table, as a commit message says it; the most telling one names it. */
export function describeUpdates(table: string, updates: readonly TableUpdate[], isNew: boolean): string {
  const added = updates.findLast((update) => update.action === 'add-snapshot');
  if (isNew) return added === undefined ? `Create ${table}` : `Create ${table} with rows`;
  if (added !== undefined) return `${SNAPSHOTS[added.snapshot.summary.operation]} ${table}`;
  for (const [actions, what] of OTHERS) {
    const found = updates.find(({ action }) => actions.includes(action));
    if (found !== undefined) return `${what(found)} ${table}`;
  }
  return `Change ${table}`;
}

const SNAPSHOTS = {
  append: 'Append to',
  delete: 'Delete from',
  overwrite: 'Overwrite rows of',
  replace: 'Rewrite files of',
} as const;

const OTHERS: readonly (readonly [readonly TableUpdate['action'][], (update: TableUpdate) => string])[] = [
  [['add-schema', 'set-current-schema'], () => 'Change the schema of'],
  [['add-spec', 'set-default-spec'], () => 'Change the partitions of'],
  [['add-sort-order', 'set-default-sort-order'], () => 'Change the sort order of'],
  [
    ['set-snapshot-ref'],
    (update) =>
      update.action === 'set-snapshot-ref' && update.refName !== 'main'
        ? `Set ${update.ref.type} ${update.refName} of`
        : 'Go to another snapshot of',
  ],
  [
    ['remove-snapshot-ref'],
    (update) => (update.action === 'remove-snapshot-ref' ? `Remove ${update.refName} of` : 'Change'),
  ],
  [['remove-snapshots'], () => 'Expire snapshots of'],
  [['upgrade-format-version'], () => 'Upgrade'],
  [['set-properties', 'remove-properties'], () => 'Change properties of'],
  [['set-location'], () => 'Change the location of'],
  [
    ['set-statistics', 'remove-statistics', 'set-partition-statistics', 'remove-partition-statistics'],
    () => 'Change statistics of',
  ],
];
