import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import type { Expression } from '#shared/iceberg/expression.ts';
import { partitionSpecOf, UNPARTITIONED } from '#shared/iceberg/partition.ts';
import type { FormatVersion } from '#shared/iceberg/table-metadata.ts';
import type { LoadedTable } from '../metadata/load.ts';
import { stage, type RowOperation } from '../testing/row-operations.ts';
import { DAY, ID, inOrder, ROW_SCHEMA, RowTable, type Row } from '../testing/row-table.ts';
import { stageUpdates } from '../transaction/staged-commit.ts';
import { mergeTables } from './merge-tables.ts';

type Step =
  | RowOperation
  | { readonly kind: 'evolve'; readonly transform: string }
  | { readonly kind: 'upgrade' };

const cells = fc.record({
  id: fc.bigInt({ min: 0n, max: 12n }),
  day: fc.option(fc.integer({ min: 0, max: 2 })),
});
/** What a row is called says which row it is, through updates too. */
const rows = fc.array(cells, { minLength: 1, maxLength: 5 });
const filter: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({
    op: fc.constantFrom('eq', 'gt-eq'),
    fieldId: fc.constant(DAY),
    value: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({
    op: fc.constantFrom('eq', 'lt-eq', 'gt'),
    fieldId: fc.constant(ID),
    value: fc.bigInt({ min: 0n, max: 12n }),
  }),
) as fc.Arbitrary<Expression>;
const how = fc.constantFrom('copy-on-write', 'merge-on-read');
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('append'), rows }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'update'), how, filter }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete-equality'), filter }) },
  fc.record({ kind: fc.constant('delete-metadata'), filter }),
  fc.record({ kind: fc.constant('replace-partitions'), rows }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('compact'), filter, keepNumber: fc.boolean() }) },
  fc.record({ kind: fc.constant('rewrite-manifests') }),
  fc.record({ kind: fc.constant('evolve'), transform: fc.constantFrom('identity', 'bucket[2]') }),
  fc.record({ kind: fc.constant('upgrade') }),
) as fc.Arbitrary<Step>;
const steps = fc.array(step, { maxLength: 5 });

let names = 0;

async function run(table: RowTable, from: LoadedTable, todo: readonly Step[]): Promise<LoadedTable> {
  let base = from;
  const { io } = table;
  for (const step of todo) {
    try {
      if (step.kind === 'evolve') {
        const [field] = partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: step.transform }]).fields;
        if (field === undefined) continue;
        const { sourceId, transform } = field;
        const name = `day_${transform.replace(/\W/g, '')}`;
        const updates = [
          { action: 'add-spec', spec: { fields: [{ sourceId, transform, name }] } },
          { action: 'set-default-spec', specId: -1 },
        ] as const;
        base = await table.load(await stageUpdates({ io, base, updates, requirements: [] }));
      } else if (step.kind === 'upgrade') {
        const formatVersion = base.metadata.formatVersion === 1 ? 2 : 3;
        const updates = [{ action: 'upgrade-format-version', formatVersion }] as const;
        base = await table.load(await stageUpdates({ io, base, updates, requirements: [] }));
      } else {
        const named =
          'rows' in step
            ? { ...step, rows: step.rows.map((row) => ({ ...row, note: `r${names++}` })) }
            : step;
        base = await table.load(await stage(table, base, named, 'serializable'));
      }
    } catch (error) {
      // Not for this version of the format, or no file goes as a whole.
      if (!isAppError(error)) throw error;
    }
  }
  return base;
}

/** By row: what one side left alone is as the other has it. Null where both changed a row, differently. */
function mergeRows(
  base: readonly Row[],
  ours: readonly Row[],
  theirs: readonly Row[],
): readonly Row[] | null {
  const byName = (rows: readonly Row[]) => new Map(rows.map((row) => [row.note.replaceAll('+', ''), row]));
  const [before, here, there] = [byName(base), byName(ours), byName(theirs)];
  const merged: Row[] = [];
  for (const name of new Set([...before.keys(), ...here.keys(), ...there.keys()])) {
    const [was, mine, other] = [before.get(name), here.get(name), there.get(name)].map((row) => row?.note);
    if (mine !== was && other !== was && mine !== other) return null;
    const row = mine === was ? there.get(name) : here.get(name);
    if (row !== undefined) merged.push(row);
  }
  return inOrder(merged);
}

const told = new Map<string, number>();

/** Merges, and checks the rows; null where it conflicts. */
async function mergeAndCheck(
  table: RowTable,
  base: LoadedTable,
  ours: LoadedTable,
  theirs: LoadedTable,
): Promise<LoadedTable | null> {
  const { io } = table;
  const input = { io, base: base.metadata, ours, theirs: theirs.metadata };
  const [before, here, there] = [await table.scan(base), await table.scan(ours), await table.scan(theirs)];
  const merged = await mergeTables(input);
  const outcome = merged.clashes.length > 0 ? (merged.clashes[0]?.kind ?? '') : 'merged';
  told.set(outcome, (told.get(outcome) ?? 0) + 1);
  if (!('staged' in merged)) return null;
  const result = merged.staged === null ? ours : await table.load(merged.staged);
  expect(await table.scan(result)).toEqual(mergeRows(before, here, there));
  return result;
}

const specs = [UNPARTITIONED, partitionSpecOf(ROW_SCHEMA, [{ source: 'day', transform: 'identity' }])];

describe.each([1, 2, 3] as const)('merges of tables of format version %i', (formatVersion: FormatVersion) => {
  it('have the rows that both sides mean, or say that they conflict', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...specs),
        steps,
        fc.tuple(steps, steps),
        fc.tuple(steps, steps),
        fc.boolean(),
        async (spec, before, first, second, sync) => {
          const table = new RowTable();
          const base = await run(table, await table.create({ formatVersion, spec }), before);
          const ours = await run(table, base, first[0]);
          const theirs = await run(table, base, first[1]);
          // Either is merged into the other, and both go on from there.
          const merged = await (sync
            ? mergeAndCheck(table, base, theirs, ours)
            : mergeAndCheck(table, base, ours, theirs));
          if (merged === null) return;
          const [here, there] = sync ? [ours, merged] : [merged, theirs];
          const shared = sync ? ours : theirs;
          const [later, laterThere] = [await run(table, here, second[0]), await run(table, there, second[1])];
          await mergeAndCheck(table, shared, later, laterThere);
        },
      ),
      { numRuns: 60 },
    );
    const conflicts = [...told].filter(([kind]) => kind !== 'merged');
    // Nothing but conflicts would be right, too.
    expect(told.get('merged') ?? 0).toBeGreaterThan(conflicts.reduce((sum, [, count]) => sum + count, 0));
  }, 120_000);
});
