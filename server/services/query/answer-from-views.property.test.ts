import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DmlFixture } from '../dml/testing/dml-fixture.ts';
import { planQuery, queryJson } from './index.ts';

let db: DmlFixture;
beforeAll(async () => {
  db = await DmlFixture.open();
});
afterAll(async () => db.close());

/** What is grouped by, and more that can be said of the same rows. */
const KEYS = ['t.k', 't.word', 't.d', 't.x % 4', 't.flag', "coalesce(t.word, 'none')"];
const COARSER = new Map([
  ['t.d', ["date_trunc('month', t.d)", 'year(t.d) - 2000', 't.d + 1']],
  ['t.k', ['t.k % 2', 't.k IS NULL', '-t.k']],
  ['t.word', ['upper(t.word)', 'length(t.word)']],
]);
const JOINED_KEYS = ['u.name', 'u.k'];
const AGGREGATES = [
  'count(*)',
  'count(t.x)',
  'count(1)',
  'sum(t.x)',
  'sum(t.big)',
  'sum(t.amount)',
  'sum(t.x * 2 - 1)',
  'min(t.x)',
  'max(t.amount)',
  'min(t.word)',
  'max(t.d)',
  'bool_and(t.flag)',
  'bool_or(t.flag)',
  'avg(t.x)',
  'avg(t.amount)',
  'sum(t.price)',
  'max(t.price)',
  'count(DISTINCT t.x)',
  'count(*) FILTER (WHERE t.x > 0)',
  'sum(t.x) FILTER (WHERE t.flag)',
];
const CONDITIONS = ['t.x > 0', 't.flag', "t.word <> 'b'", 't.x BETWEEN -20 AND 20', 't.amount >= 0'];
/** What a query may ask for beside, by the key that it is about. */
const MORE_CONDITIONS = new Map([
  ['t.k', ['t.k > 1', 't.k IN (0, 2)', 't.k IS NULL', '2 <= t.k', 't.k > 100']],
  ['t.word', ["t.word = 'a'", "t.word LIKE 'a%' OR t.word IS NULL"]],
  ['t.d', ["t.d >= DATE '2020-02-01'", "t.d = DATE '2020-01-05'"]],
  ['t.x % 4', ['t.x % 4 = 1']],
  ['u.name', ["u.name = 'n1'"]],
]);
const PROJECTED = [
  't.k',
  't.x',
  't.word',
  't.d',
  't.amount',
  't.big',
  't.flag',
  't.x + t.k',
  'lower(t.word)',
];

const some = (items: readonly string[], maxLength = 4) =>
  fc.subarray([...items], { maxLength: Math.min(maxLength, items.length) });

const view = fc
  .record({
    joined: fc.constantFrom('no', 'no', 'inner', 'left'),
    conditions: fc.oneof(fc.constant([]), some(CONDITIONS, 2)),
    keys: some([...KEYS, ...JOINED_KEYS], 4),
    aggregates: fc.subarray(AGGREGATES, { minLength: 3 }),
    projected: fc.option(fc.subarray(PROJECTED, { minLength: 5 }), { freq: 3 }),
  })
  .map((made) => ({
    ...made,
    keys: made.keys.filter((key) => made.joined !== 'no' || !JOINED_KEYS.includes(key)),
  }));
type View = typeof view extends fc.Arbitrary<infer T> ? T : never;

const FROM = {
  no: 'm.t AS t',
  inner: 'm.t AS t JOIN m.u AS u ON t.k = u.k',
  left: 'm.t AS t LEFT JOIN m.u AS u ON t.k = u.k',
} as const;

function viewSql({ joined, conditions, keys, aggregates, projected }: View): string {
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const items = (projected ?? [...keys, ...aggregates]).map((item, index) => `${item} AS c${index}`);
  const groups = projected !== null || keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
  return `SELECT ${items.join(', ')} FROM ${FROM[joined]}${where}${groups}`;
}

/** A query that has something of the view, and maybe something else. */
const queryOf = (made: View): fc.Arbitrary<string> => {
  const sources = made.projected ?? made.keys;
  const coarser = sources.flatMap((key) => COARSER.get(key) ?? []);
  const more = sources.flatMap((key) => MORE_CONDITIONS.get(key) ?? []);
  const overRows = [
    'count(*)',
    'sum(t.x)',
    'min(t.d)',
    'max(t.amount)',
    'count(DISTINCT t.word)',
    'avg(t.big)',
  ];
  const { projected } = made;
  return fc
    .record({
      keys: fc.oneof(
        { weight: 2, arbitrary: fc.constant([...sources].slice(0, 4)) },
        { weight: 3, arbitrary: some([...sources, ...coarser], 3) },
      ),
      aggregates: fc.subarray(projected === null ? made.aggregates : overRows, {
        minLength: 1,
        maxLength: 3,
      }),
      stranger: fc.option(fc.constantFrom(...AGGREGATES), { freq: 20 }),
      rows: fc.boolean(),
      conditions: some(more, 1),
      drop: fc.integer({ min: 0, max: 19 }),
      having: fc.option(fc.constantFrom('count(*) > 1', 'max(t.x) > 3'), { freq: 10 }),
      exchanged: fc.boolean(),
      groupBy: fc.constantFrom('list', 'all', 'places'),
      shape: fc.constantFrom(
        'plain',
        'plain',
        'plain',
        'ordered',
        'cte',
        'union',
        'joined',
        'distinct',
        'scalar',
      ),
    })
    .map((asked) => {
      const conditions = [...(asked.drop === 0 ? [] : made.conditions), ...asked.conditions];
      if (asked.exchanged) conditions.reverse();
      const where =
        conditions.length === 0 ? '' : ` WHERE ${conditions.map((each) => `(${each})`).join(' AND ')}`;
      const from = asked.exchanged ? FROM[made.joined].replace('t.k = u.k', 'u.k = t.k') : FROM[made.joined];
      const aggregates = [...asked.aggregates, ...(asked.stranger === null ? [] : [asked.stranger])];
      if (projected !== null && asked.rows) {
        const items = asked.keys.length === 0 ? [projected[0] ?? 't.k'] : asked.keys;
        const distinct = asked.shape === 'distinct' ? 'DISTINCT ' : '';
        return `SELECT ${distinct}${items.join(', ')} FROM ${from}${where}`;
      }
      const { keys } = asked;
      const items = [...keys, ...aggregates];
      const list = { list: keys.join(', '), all: 'ALL', places: keys.map((_, at) => at + 1).join(', ') };
      const groups = keys.length === 0 ? '' : ` GROUP BY ${list[asked.groupBy]}`;
      const having = asked.having === null ? '' : ` HAVING ${asked.having}`;
      const named = items.map((item, index) => `${item} AS r${index}`);
      const plain = `SELECT ${items.join(', ')} FROM ${from}${where}${groups}${having}`;
      const sql = `SELECT ${named.join(', ')} FROM ${from}${where}${groups}${having}`;
      switch (asked.shape) {
        case 'ordered':
          return `${sql} ORDER BY r0 DESC NULLS LAST, ALL`.replace(
            ', ALL',
            items.map((_, at) => `, ${at + 1}`).join(''),
          );
        case 'cte':
          return `WITH c AS (${sql}) SELECT r0, count(*) FROM c GROUP BY r0`;
        case 'union':
          return `${sql} UNION ALL ${sql}`;
        case 'joined':
          return `SELECT a.*, u.name FROM (${sql}) AS a LEFT JOIN m.u AS u ON a.r0::VARCHAR = u.name`;
        case 'scalar':
          return `SELECT k, (SELECT count(*) FROM (${sql})) AS n FROM m.u`;
        default:
          return plain;
      }
    });
};

const literal = (value: number | string | null) => (value === null ? 'NULL' : String(value));
const row = fc
  .record({
    k: fc.option(fc.integer({ min: 0, max: 4 })),
    x: fc.option(fc.integer({ min: -60, max: 60 })),
    word: fc.option(fc.constantFrom("'a'", "'ab'", "'b'", "''")),
    days: fc.option(fc.integer({ min: 0, max: 60 })),
    cents: fc.option(fc.integer({ min: -500, max: 500 })),
    flag: fc.option(fc.constantFrom('true', 'false')),
    price: fc.option(fc.constantFrom('0.1', '-0.0', '0.0', '1e300', "'nan'::DOUBLE")),
  })
  .map(
    ({ k, x, word, days, cents, flag, price }) =>
      `(${literal(k)}, ${literal(x)}, ${x === null ? 'NULL' : `${x}::BIGINT * 4000000000`}, ${literal(word)}, ${days === null ? 'NULL' : `DATE '2020-01-01' + ${days}`}, ${cents === null ? 'NULL' : `(${cents} / 100)::DECIMAL(9,2)`}, ${literal(flag)}, ${literal(price)}::DOUBLE)`,
  );

/** Many rows, so that the view takes fewer bytes; of few values, so that there are duplicates. */
const many = fc
  .record({ count: fc.constantFrom(0, 1500, 1500, 2500), seed: fc.integer({ min: 1, max: 1000 }) })
  .map(({ count, seed }) => {
    const of = (salt: number, size: number) => `(hash(range * 31 + ${seed * 7 + salt}) % ${size})::INT`;
    const maybe = (salt: number, value: string) => `CASE WHEN ${of(salt, 7)} > 0 THEN ${value} END`;
    return `SELECT ${maybe(1, of(2, 5))}, ${maybe(3, `${of(4, 121)} - 60`)}, ${of(5, 100)}::BIGINT * 90000000000, ${maybe(6, `['a', 'ab', 'b', '', 'C'][1 + ${of(7, 5)}]`)}, ${maybe(8, `DATE '2020-01-01' + ${of(9, 61)}`)}, ${maybe(10, `((${of(11, 2001)} - 1000) / 100)::DECIMAL(9,2)`)}, ${maybe(12, `${of(13, 2)} = 1`)}, ${maybe(14, `${of(15, 1000)} / 7`)} FROM range(${count})`;
  });

const cases = view.chain((made) =>
  fc.record({
    made: fc.constant(made),
    queries: fc.array(queryOf(made), { minLength: 6, maxLength: 6 }),
    rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    many,
  }),
);

it('answers from a view are those of its tables, to the last bit', async () => {
  let [asked, used] = [0, 0];
  await db.run("CREATE TABLE m.u AS SELECT range::INT AS k, 'n' || range % 3 AS name FROM range(4)");
  await fc.assert(
    fc.asyncProperty(cases, async ({ made, queries, rows, many: bulk }) => {
      await db.run(
        'CREATE OR REPLACE TABLE m.t (k INT, x INT, big BIGINT, word VARCHAR, d DATE, amount DECIMAL(9,2), flag BOOLEAN, price DOUBLE)',
      );
      await db.run(`INSERT INTO m.t ${bulk}`);
      await db.run(`INSERT INTO m.t VALUES ${rows.join(', ')}`);
      await db.run(`CREATE OR REPLACE MATERIALIZED VIEW m.v AS ${viewSql(made)}`);
      for (const sql of queries) {
        const request = { sql, cache: false };
        const plain = await queryJson(db.ctx, { ...request, materializedViews: false }).catch(messageOf);
        const answer = await queryJson(db.ctx, request).catch(messageOf);
        if (typeof plain === 'string' || typeof answer === 'string') {
          expect(answer).toBe(plain);
          continue;
        }
        const { views = [] } = await planQuery(db.ctx, { sql });
        asked += 1;
        used += views.some(({ insteadOf }) => insteadOf !== undefined) ? 1 : 0;
        const where = `${sql}\nover ${viewSql(made)}`;
        expect(answer.columns, where).toEqual(plain.columns);
        const texts = ({ rows: all }: typeof plain) => all.map((each) => JSON.stringify(each));
        const inOrder = sql.includes(' ORDER BY ');
        expect(inOrder ? texts(answer) : texts(answer).sort(), where).toEqual(
          inOrder ? texts(plain) : texts(plain).sort(),
        );
      }
    }),
    { numRuns: 25 },
  );
  // Two in five, as a rule.
  expect(used / asked).toBeGreaterThan(0.15);
}, 180_000);

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
