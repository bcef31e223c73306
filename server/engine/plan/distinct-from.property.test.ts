import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;
beforeAll(async () => {
  tables = await TableFixture.open();
  // A file of NULLs alone, one of a single value and NULLs, one of all sorts.
  await tables.append(
    't',
    'SELECT i AS id, NULL::INTEGER AS c, NULL::VARCHAR AS s FROM range(0, 4) r(i)',
    "SELECT i AS id, if(i % 2 = 0, 3, NULL)::INTEGER AS c, if(i % 2 = 0, 'x', NULL) AS s FROM range(4, 8) r(i)",
    'SELECT i AS id, (i - 8)::INTEGER AS c, chr(97 + i::INTEGER) AS s FROM range(8, 14) r(i)',
  );
});
afterAll(async () => tables.close());

const ROWS = Array.from({ length: 14 }, (_, id) => ({
  id,
  c: id < 4 ? null : id < 8 ? (id % 2 === 0 ? 3 : null) : id - 8,
}));
type Row = (typeof ROWS)[number];

interface Condition {
  readonly sql: string;
  /** As SQL has it; not by DuckDB, whose own answer is what is wrong. */
  readonly holds: (row: Row) => boolean | null;
}

const leaf: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom('<', '=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM', 'IS NULL'),
    fc.integer({ min: -1, max: 6 }),
  )
  .chain(([op, k]) =>
    fc.constantFrom<Condition>(
      { sql: op === 'IS NULL' ? 'c IS NULL' : `c ${op} ${k}`, holds: ({ c }) => compare(op, c, k) },
      {
        sql: op === 'IS NULL' ? 'c IS NULL' : `c + 1 ${op} ${k + 1}`,
        holds: ({ c }) => compare(op, c, k),
      },
    ),
  );

function compare(op: string, c: number | null, k: number): boolean | null {
  if (op === 'IS NULL') return c === null;
  if (op === 'IS DISTINCT FROM') return c !== k;
  if (op === 'IS NOT DISTINCT FROM') return c === k;
  if (c === null) return null;
  return op === '<' ? c < k : c === k;
}

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.tuple(tie('condition'), tie('condition'), fc.boolean()).map(([a, b, either]) => ({
      sql: `(${a.sql} ${either ? 'OR' : 'AND'} ${b.sql})`,
      holds: (row: Row) => joined(a.holds(row), b.holds(row), either),
    })),
    tie('condition').map((inner) => ({
      sql: `NOT (${inner.sql})`,
      holds: (row: Row) => {
        const held = inner.holds(row);
        return held === null ? null : !held;
      },
    })),
  ),
}));

/** OR is true where one is, AND false where one is. */
function joined(a: boolean | null, b: boolean | null, either: boolean): boolean | null {
  if (a === either || b === either) return either;
  return a === null || b === null ? null : !either;
}

describe('IS DISTINCT FROM', () => {
  it('finds the rows with NULL, whatever it stands beside', async () => {
    await fc.assert(
      fc.asyncProperty(condition, async ({ sql, holds }) => {
        const { rows } = await tables.run(`SELECT id::INTEGER FROM t WHERE ${sql} ORDER BY id`);
        const wanted = ROWS.filter((row) => holds(row) === true).map(({ id }) => [id]);
        expect(rows, sql).toEqual(wanted);
      }),
      {
        numRuns: 200,
        examples: [
          [{ sql: '(c < 2 OR c IS DISTINCT FROM 3)', holds: ({ c }) => c !== 3 }],
          [{ sql: '(c = 7 OR NOT (c IS NOT DISTINCT FROM 3))', holds: ({ c }) => c !== 3 }],
        ],
      },
    );
  });

  it('is found beside strings of several lines', async () => {
    const sql = "SELECT count(*)::INTEGER FROM t WHERE s IS DISTINCT FROM 'x' OR s = 'it''s\nIS NOT'";
    expect((await tables.run(sql)).rows).toEqual([[12]]);
  });

  it('alone in a query leaves its scan as it was', async () => {
    const { plan } = await tables.plan('SELECT id FROM t WHERE c < 5');
    expect(plan.sql).not.toContain('CASE');
  });
});
