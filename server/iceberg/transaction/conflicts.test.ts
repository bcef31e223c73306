import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { partitionSpecOf } from '#shared/iceberg/partition.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import { expected, stage, type RowOperation } from '../testing/row-operations.ts';
import { DAY, ID, inOrder, ROW_SCHEMA, RowTable, satisfies, type Row } from '../testing/row-table.ts';
import { appendFiles } from './append-files.ts';
import type { Isolation } from './conflict-rules.ts';

const BY_DAY = partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: 'identity' }]);
const ROWS: readonly Row[] = Array.from({ length: 9 }, (_, index) => ({
  id: BigInt(index),
  day: Math.floor(index / 3),
  note: 'a',
}));

const id = (value: number): Expression => ({ op: 'eq', fieldId: ID, value: BigInt(value) });
const day = (value: number): Expression => ({ op: 'eq', fieldId: DAY, value });
const newRow = (at: number, value: number): Row => ({ id: BigInt(at), day: value, note: 'new' });

/** Two operations on one version of a table, the second of which comes too late; null where it was refused. */
async function race(
  first: RowOperation,
  second: RowOperation,
  isolation: Isolation,
  formatVersion: FormatVersion,
): Promise<readonly Row[] | null> {
  const table = new RowTable();
  const created = await table.create({ formatVersion, spec: BY_DAY });
  const dataFiles = table.filesFor(created, ROWS);
  const base = await table.load(await appendFiles({ io: table.io, base: created, dataFiles }));
  const winner = await stage(table, base, first, isolation);
  const loser = await stage(table, base, second, isolation);
  try {
    const rebased = await loser.rebase(await table.load(winner));
    for (const location of rebased.writtenFiles) expect(await table.io.exists(location)).toBe(true);
    return await table.scan(await table.load(rebased));
  } catch (error) {
    if (!isAppError(error, 'COMMIT_CONFLICT')) throw error;
    expect(error.context).toMatchObject({ conflict: expect.any(String), file: expect.any(String) });
    return null;
  }
}

const cow = (kind: 'delete' | 'update', filter: Expression): RowOperation => ({
  kind,
  how: 'copy-on-write',
  filter,
});
const mor = (kind: 'delete' | 'update', filter: Expression): RowOperation => ({
  kind,
  how: 'merge-on-read',
  filter,
});
const append = (at: number): RowOperation => ({ kind: 'append', rows: [newRow(20, at)] });
const compact = (at: number, keepNumber = true): RowOperation => ({
  kind: 'compact',
  filter: day(at),
  keepNumber,
});
const replace = (at: number): RowOperation => ({ kind: 'replace-partitions', rows: [newRow(30, at)] });
const equality = (filter: Expression): RowOperation => ({ kind: 'delete-equality', filter });

/** In v3 two vectors of one file would have to be joined; position deletes of v2 just add up. */
const TWO_DELETES = 'deletes in one file';

/** First, second; whether the second goes through under serializable and under snapshot isolation. */
const PAIRS: readonly (readonly [string, RowOperation, RowOperation, boolean, boolean])[] = [
  ['rows added where a copy-on-write deletes', append(1), cow('delete', day(1)), false, true],
  ['rows added elsewhere', append(2), cow('delete', day(1)), true, true],
  ['rows added where a merge-on-read deletes', append(1), mor('delete', day(1)), false, true],
  ['rows added where a partition is replaced', append(1), replace(1), false, true],
  ['rows added to another partition', append(2), replace(1), true, true],
  ['one file rewritten twice', cow('delete', id(3)), cow('update', id(4)), false, false],
  ['two files rewritten', cow('update', id(0)), cow('update', id(3)), true, true],
  ['a delete in a file that is rewritten', mor('delete', id(3)), cow('update', id(4)), false, false],
  ['a file rewritten under a delete', cow('update', id(3)), mor('delete', id(4)), false, false],
  ['a delete in a file that is compacted', mor('delete', id(3)), compact(1), false, false],
  ['a file compacted under a delete', compact(1), mor('delete', id(3)), false, false],
  ['a file compacted twice', compact(1), compact(1), false, false],
  ['an append beside a compaction', append(1), compact(1), true, true],
  ['a compaction beside an append', compact(1), append(1), true, true],
  ['equality deletes after which old numbers are kept', equality(id(3)), compact(1), true, true],
  ['equality deletes and new numbers', equality(id(3)), compact(1, false), false, false],
  [TWO_DELETES, mor('delete', id(3)), mor('delete', id(4)), true, true],
  ['deletes in two files', mor('delete', id(0)), mor('delete', id(4)), true, true],
  ['updates of one row', mor('update', id(3)), mor('update', id(3)), false, false],
  ['updates in two partitions by day', mor('update', day(0)), mor('update', day(1)), true, true],
  [
    'a partition deleted under a delete of its rows',
    { kind: 'delete-metadata', filter: day(1) },
    mor('delete', id(3)),
    true,
    true,
  ],
  [
    'a partition deleted under an update of its rows',
    { kind: 'delete-metadata', filter: day(1) },
    mor('update', id(3)),
    false,
    false,
  ],
  [
    'a partition deleted that was compacted',
    compact(1),
    { kind: 'delete-metadata', filter: day(1) },
    true,
    true,
  ],
  ['a partition replaced that was compacted', compact(1), replace(1), false, false],
  ['manifests rewritten around an append', append(1), { kind: 'rewrite-manifests' }, true, true],
  ['manifests rewritten under a delete', { kind: 'rewrite-manifests' }, cow('delete', id(3)), true, true],
  ['manifests rewritten twice', { kind: 'rewrite-manifests' }, { kind: 'rewrite-manifests' }, true, true],
];

describe.each([2, 3] as const)('what goes together in format version %i', (formatVersion) => {
  it.each(PAIRS)('%s', async (name, first, second, serializable, snapshot) => {
    for (const [isolation, goes] of [
      ['serializable', serializable],
      ['snapshot', snapshot],
    ] as const) {
      const rows = await race(first, second, isolation, formatVersion);
      expect([isolation, rows !== null]).toEqual([
        isolation,
        goes && !(formatVersion === 3 && name === TWO_DELETES),
      ]);
    }
  });
});

const filter = fc.oneof(
  fc.integer({ min: 0, max: 8 }).map(id),
  fc.integer({ min: 0, max: 3 }).map(day),
  fc.record({
    op: fc.constantFrom('lt', 'gt-eq'),
    fieldId: fc.constant(ID),
    value: fc.bigInt({ min: 0n, max: 9n }),
  }),
);
const operation = (newId: bigint): fc.Arbitrary<RowOperation> => {
  const rows = fc
    .integer({ min: 0, max: 3 })
    .map((at): readonly Row[] => [{ id: newId, day: at, note: 'new' }]);
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('append', 'replace-partitions'), rows }),
    fc.record({
      kind: fc.constantFrom('delete', 'update'),
      how: fc.constantFrom('copy-on-write', 'merge-on-read'),
      filter,
    }),
    fc.record({ kind: fc.constant('delete-equality'), filter }),
    fc.record({ kind: fc.constant('delete-metadata'), filter: fc.integer({ min: 0, max: 3 }).map(day) }),
    fc.record({ kind: fc.constant('compact'), filter, keepNumber: fc.boolean() }),
    fc.constant({ kind: 'rewrite-manifests' } as const),
  ) as fc.Arbitrary<RowOperation>;
};
const version = fc.constantFrom<FormatVersion>(2, 3);

/** There is nothing to compact. */
const isIdle = (operation: RowOperation) =>
  operation.kind === 'compact' && !ROWS.some((row) => satisfies(row, operation.filter));

describe('two random operations', () => {
  it('are as one after the other where they are serializable', async () => {
    await fc.assert(
      fc.asyncProperty(operation(20n), operation(30n), version, async (first, second, formatVersion) => {
        fc.pre(!isIdle(first) && !isIdle(second));
        const rows = await race(first, second, 'serializable', formatVersion);
        if (rows === null) return;
        const inOneOrder = inOrder(expected(expected(ROWS, first), second));
        const inTheOther = inOrder(expected(expected(ROWS, second), first));
        expect([inOneOrder, inTheOther]).toContainEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('under snapshot isolation lose no change of either', async () => {
    const deletes = (operation: RowOperation) => {
      const after = new Set(expected(ROWS, operation));
      return new Set(ROWS.filter((row) => !after.has(row)).map((row) => row.id));
    };
    await fc.assert(
      fc.asyncProperty(operation(20n), operation(30n), version, async (first, second, formatVersion) => {
        fc.pre(!isIdle(first) && !isIdle(second));
        // These rest on nothing that was read: they take what they find.
        fc.pre(!['delete-metadata', 'delete-equality', 'replace-partitions'].includes(second.kind));
        const rows = await race(first, second, 'snapshot', formatVersion);
        if (rows === null) return;
        const gone = [deletes(first), deletes(second)];
        const added = [first, second].flatMap((one) =>
          expected(ROWS, one).filter((row) => !ROWS.includes(row)),
        );
        const kept = ROWS.filter((row) => !gone.some((ids) => ids.has(row.id)));
        expect(rows).toEqual(inOrder([...kept, ...added]));
      }),
      { numRuns: 300 },
    );
  });
});
