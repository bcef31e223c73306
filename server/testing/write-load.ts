import { z } from 'zod';

/**
 * What a server is put under while it is killed. Every worker goes through steps one after the other, and what is
 * there after n of them is known, so that what a killed server left says how far it came, and whether that is whole.
 */
export const TABLE_WRITERS = 3;
export const PAIRS = 'pairs';

/** Rows of one of the writers' tables, in order. */
export type Row = readonly [i: number, v: number];

/** INSERT, UPDATE, MERGE INTO and DELETE in turn, of a table (i, v). */
export function tableStep(table: string, n: number): string {
  switch (n % 4) {
    case 0:
      return `INSERT INTO ${table} VALUES (${n}, ${n})`;
    case 1:
      return `UPDATE ${table} SET v = ${n} WHERE i = ${n - 1}`;
    case 2:
      return `MERGE INTO ${table} AS t USING (SELECT ${n - 2} AS i, ${n} AS v UNION ALL SELECT ${n}, ${n}) AS s
        ON t.i = s.i WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT VALUES (s.i, s.v)`;
    default:
      return `DELETE FROM ${table} WHERE i = ${n - 1}`;
  }
}

/** The table after the first n of these steps. */
export function tableAfter(n: number): readonly Row[] {
  const whole = Math.floor(n / 4);
  const rows: Row[] = Array.from({ length: whole }, (_, k) => [4 * k, 4 * k + 2]);
  const first = 4 * whole;
  if (n % 4 === 1) rows.push([first, first]);
  if (n % 4 === 2) rows.push([first, first + 1]);
  if (n % 4 === 3) rows.push([first, first + 2], [first + 2, first + 2]);
  return rows;
}

const numbers = z.array(z.number().int());

/** What a server finds when it has started, before it writes anything. */
export const foundState = z.object({
  kind: z.literal('found'),
  /** Rows of the writers' tables on main. */
  tables: z.array(z.array(z.tuple([z.number().int(), z.number().int()]))),
  /** Numbers in the two tables that are always written together: on their branch, and on main. */
  pairs: z.object({ left: numbers, right: numbers, mergedLeft: numbers, mergedRight: numbers }),
  /** Numbers in the table that is written on branches of one commit each, on main and on the branch that is left. */
  side: z.object({ merged: numbers, branches: z.array(z.object({ number: z.number(), rows: numbers })) }),
  /** Hashes of main's log, oldest first. */
  log: z.array(z.string()),
});
export type FoundState = z.infer<typeof foundState>;

/** A step that a client was told is done. */
export const doneStep = z.object({
  kind: z.literal('done'),
  worker: z.string(),
  /** Which one, from 0; null where it changes no rows. */
  step: z.number().int().nullable(),
  /** The commit that main got by it. */
  commit: z.string().nullable(),
});
export type DoneStep = z.infer<typeof doneStep>;

const refused = z.object({ kind: z.literal('refused'), worker: z.string(), answer: z.string() });

export const loadLine = z.discriminatedUnion('kind', [foundState, doneStep, refused]);

/** How many steps of each worker have happened. @throws Error where what was found is after no number of steps */
export function stepsFound(found: FoundState): ReadonlyMap<string, number> {
  const steps = new Map<string, number>();
  for (const [index, rows] of found.tables.entries()) {
    const n = [...stepsOfRows(rows)].find((some) => sameRows(tableAfter(some), rows));
    if (n === undefined) throw new Error(`t${index} is after no number of steps: ${JSON.stringify(rows)}`);
    steps.set(`t${index}`, n);
  }
  steps.set(PAIRS, stepsOfPairs(found.pairs));
  steps.set('branches', stepsOfBranches(found.side));
  return steps;
}

/** Numbers of steps after which a table may have as many rows. */
function* stepsOfRows(rows: readonly Row[]): Generator<number> {
  for (let n = Math.max(0, 4 * (rows.length - 2)); n <= 4 * rows.length; n += 1) yield n;
}

function sameRows(expected: readonly Row[], rows: readonly Row[]): boolean {
  return JSON.stringify(expected) === JSON.stringify(rows);
}

/** A transaction over two tables on a branch, then a merge of it. */
function stepsOfPairs({ left, right, mergedLeft, mergedRight }: FoundState['pairs']): number {
  const [written, merged] = [left.length, mergedLeft.length];
  const isWhole =
    isCount(left) && isCount(mergedLeft) && sameNumbers(left, right) && sameNumbers(mergedLeft, mergedRight);
  if (isWhole && (written === merged || written === merged + 1)) return written + merged;
  throw new Error(
    `half of a commit to two tables is there: ${JSON.stringify({ left, right, mergedLeft, mergedRight })}`,
  );
}

/** A branch is made, written to, merged and deleted. */
function stepsOfBranches(side: FoundState['side']): number {
  const { merged, branches } = side;
  const [open, ...more] = branches;
  if (isCount(merged) && more.length === 0) {
    const done = 4 * merged.length;
    if (open === undefined) return done;
    const written = [...merged, merged.length];
    if (open.number === merged.length - 1 && sameNumbers(open.rows, merged)) return done - 1;
    if (open.number === merged.length && sameNumbers(open.rows, written)) return done + 2;
    if (open.number === merged.length && sameNumbers(open.rows, merged)) return done + 1;
  }
  throw new Error(`branches and what they left are no state between two steps: ${JSON.stringify(side)}`);
}

/** 0, 1, 2… */
function isCount(some: readonly number[]): boolean {
  return some.every((one, index) => one === index);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
