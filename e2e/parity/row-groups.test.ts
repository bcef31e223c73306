import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNodeTab, type NodeTab } from '#web/duckdb/testing/node-tab.ts';
import { plainAnswer, tableTransfer } from './answer.ts';
import { answerLines } from './compare.ts';
import { openLakehouse, type Lakehouse } from './lakehouse.ts';
import type { Seed } from './seed.ts';

const ROWS = 400_000;
/** Rows of a group as our writer has them, so that there are four. */
const GROUP = 122_880;

/** One file whose columns all grow with the rows, and rows of which are deleted by their position. */
const SORTED: Seed = {
  name: 'lab.sorted',
  files: [
    `SELECT i::BIGINT AS id, (i - 200000)::INTEGER AS n, DATE '2020-01-01' + (i // 100)::INTEGER AS day,
       TIMESTAMP '2020-01-01' + INTERVAL 1 MINUTE * i AS moment,
       (TIMESTAMP '2020-01-01' + INTERVAL 1 MINUTE * i) AT TIME ZONE 'UTC' AS zoned,
       ((i - 200000) / 100)::DECIMAL(12,2) AS price, ((i - 200000) / 1000)::DECIMAL(30,3) AS wide,
       printf('%07d ö', i) AS word, i / 2 AS half, (i - 200000)::FLOAT AS single, i >= 200000 AS late,
       CASE WHEN i >= 300000 THEN i END::INTEGER AS sparse
     FROM range(${ROWS}) t(i)`,
  ],
  deleted: { where: 'id % 1000 = 7 OR id BETWEEN 130000 AND 140000', by: 'position' },
};

const WORDS = `SELECT i::BIGINT AS id, printf('%07d', i) AS word FROM range(${ROWS}) t(i)`;
/** As many row groups, and no row deleted. */
const PLAIN: Seed = { name: 'lab.plain', files: [WORDS] };
const TWICE: Seed = { name: 'lab.twice', files: [WORDS, WORDS] };

/** A condition that holds for rows from `i` on, by each column. */
const FROM: Readonly<Record<string, (i: number) => string>> = {
  id: (i) => `${i}`,
  n: (i) => `${i - 200_000}`,
  day: (i) => `DATE '2020-01-01' + ${Math.floor(i / 100)}`,
  moment: (i) => `TIMESTAMP '2020-01-01' + INTERVAL ${i} MINUTE`,
  price: (i) => `${((i - 200_000) / 100).toFixed(2)}::DECIMAL(12,2)`,
  wide: (i) => `${((i - 200_000) / 1000).toFixed(3)}::DECIMAL(30,3)`,
  word: (i) => `'${String(i).padStart(7, '0')}'`,
  half: (i) => `${i / 2}`,
  single: (i) => `${i - 200_000}`,
};
const NAMES = Object.keys(FROM);

let lakehouse: Lakehouse;
let tab: NodeTab;
beforeAll(async () => {
  [lakehouse, tab] = await Promise.all([openLakehouse([SORTED, PLAIN, TWICE]), openNodeTab()]);
});
afterAll(() => lakehouse.close());

const groupsOf = async (where: string) => {
  const { plan } = await lakehouse.plan(`SELECT sum(half), count(word) FROM lab.sorted WHERE ${where}`);
  return plan.scans.map(({ files }) => files.map(({ groups }) => groups?.map(([index]) => index)));
};

it('reads the row groups alone in which a row can matter, by every kind of column', async () => {
  for (const name of NAMES) {
    const value = FROM[name] ?? String;
    expect([name, await groupsOf(`${name} >= ${value(380_000)}`)]).toEqual([name, [[[3]]]]);
    expect([name, await groupsOf(`${name} < ${value(GROUP / 2)}`)]).toEqual([name, [[[0]]]]);
    expect([name, await groupsOf(`${name} BETWEEN ${value(130_000)} AND ${value(250_000)}`)]).toEqual([
      name,
      [[[1, 2]]],
    ]);
  }
  expect(await groupsOf('sparse IS NOT NULL')).toEqual([[[2, 3]]]);
  expect(await groupsOf('id IN (1, 390000)')).toEqual([[[0, 3]]]);
  // No file at all, and all of it.
  expect(await groupsOf('id = 500000 AND n < 5')).toEqual([[]]);
  expect(await groupsOf('id > 10')).toEqual([[undefined]]);

  const bytesOf = async (sql: string) => (await lakehouse.plan(sql)).plan.bytes;
  const whole = await bytesOf('SELECT sum(half) FROM lab.sorted WHERE id > 10');
  expect(await bytesOf('SELECT sum(half) FROM lab.sorted WHERE id > 390000')).toBeLessThan(whole / 4);
  const { plan } = await lakehouse.plan('SELECT sum(half) FROM lab.sorted WHERE id > 390000');
  expect(plan.scans[0]?.pruning).toContain('bounds in the files skip 3 of 4 row groups');
});

it('gives two scans of one file that read other parts of it names of their own', async () => {
  const sql = `SELECT a.id, b.word FROM lab.sorted a, lab.sorted b
    WHERE a.id = 5 AND b.id = 390001 AND a.n < 0 AND b.n > 0`;
  const planned = await lakehouse.plan(sql);
  expect(new Set(planned.plan.scans.map(({ view }) => view)).size).toBe(2);
  const { pieces } = await tab.stream({ ...planned.plan, scans: await lakehouse.scansForTab(planned) });
  const expected = [[5n, '0390001 ö']];
  expect((await tableTransfer(planned.plan.columns, pieces)).rows).toEqual(expected);
  expect((await lakehouse.onServer(planned)).rows).toEqual(expected);
});

it('gives the same answers as plain DuckDB, whatever parts of the file the tab holds already', async () => {
  const compare = { ordered: true, digits: 12 };
  const row = fc.integer({ min: -5, max: ROWS + 5 });
  const one = fc
    .tuple(fc.constantFrom(...NAMES), fc.constantFrom('=', '<', '<=', '>', '>=', '<>'), row)
    .map(([name, op, i]) => `${name} ${op} ${FROM[name]?.(Math.max(0, i)) ?? ''}`);
  const range = fc
    .tuple(fc.constantFrom(...NAMES), row, fc.nat(60_000))
    .map(
      ([name, i, n]) =>
        `${name} BETWEEN ${FROM[name]?.(Math.max(0, i))} AND ${FROM[name]?.(Math.max(0, i) + n)}`,
    );
  const simple = fc.oneof(
    range,
    one,
    fc.constantFrom('late', 'NOT late', 'sparse IS NULL', 'sparse > 390000'),
  );
  const condition = fc.oneof(
    { weight: 3, arbitrary: simple },
    fc.tuple(simple, fc.constantFrom('AND', 'OR'), simple).map(([a, op, b]) => `(${a}) ${op} (${b})`),
  );
  const columns = fc.uniqueArray(fc.constantFrom(...NAMES, 'sparse'), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(condition, columns, async (where, read) => {
      const list = read.map((name) => `min(${name}), max(${name}), count(${name})`).join(', ');
      const sql = `SELECT count(*), sum(id), ${list} FROM lab.sorted WHERE ${where}`;
      const planned = await lakehouse.plan(sql);
      const { plan } = planned;
      const expected = answerLines(await plainAnswer(lakehouse.plain, sql), compare);
      expect(answerLines(await lakehouse.onServer(planned), compare)).toEqual(expected);
      const { pieces } = await tab.stream({ ...plan, scans: await lakehouse.scansForTab(planned) });
      expect(answerLines(await tableTransfer(plan.columns, pieces), compare)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

it('reads the first row groups alone for LIMIT, and the same rows', async () => {
  const compare = { ordered: true, digits: null };
  const planned = async (sql: string) => {
    const found = await lakehouse.plan(sql);
    const [scan] = found.plan.scans;
    const groups = scan?.files.map((file) => file.groups?.map(([index]) => index));
    return { found, groups, bytes: found.plan.bytes, why: scan?.pruning.at(-1) };
  };
  const read = async (sql: string) => {
    const { found, ...about } = await planned(sql);
    const expected = answerLines(await plainAnswer(lakehouse.plain, sql), compare);
    expect(answerLines(await lakehouse.onServer(found), compare)).toEqual(expected);
    const { pieces } = await tab.stream({ ...found.plan, scans: await lakehouse.scansForTab(found) });
    expect(answerLines(await tableTransfer(found.plan.columns, pieces), compare)).toEqual(expected);
    return about;
  };
  const ten = await read('SELECT * FROM lab.plain LIMIT 10');
  const why = 'LIMIT needs 10 rows, which 1 of 4 row groups of one file have, of 1';
  expect(ten).toMatchObject({ groups: [[0]], why });
  expect(ten.bytes).toBeLessThan((await planned('SELECT * FROM lab.plain')).bytes / 2);
  const second = `SELECT word FROM lab.plain LIMIT 3 OFFSET ${GROUP}`;
  expect(await read(second)).toMatchObject({ groups: [[0, 1]] });
  // Nearly all of it, and rows of which some are deleted.
  expect(await read(`SELECT word FROM lab.plain LIMIT 3 OFFSET ${ROWS - 5}`)).toMatchObject({
    groups: [undefined],
  });
  expect(await read('SELECT id, word FROM lab.sorted LIMIT 10')).toMatchObject({ groups: [undefined] });
  expect(await planned(`SELECT word FROM lab.twice LIMIT 3 OFFSET ${ROWS}`)).toMatchObject({
    groups: [undefined, [0]],
    why: `LIMIT needs ${ROWS + 3} rows, which 2 files have, by 1 of 4 row groups of the last, of 2`,
  });
});
