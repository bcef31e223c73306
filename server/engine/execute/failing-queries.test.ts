import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { TableFixture } from '../testing/table-fixture.ts';

/**
 * What the server's engine says of queries that fail, with their plans. The tab's engine has to say the same:
 * web/duckdb/failing-queries.test.ts runs the plans in this file. `vitest -u` writes it anew.
 */
const RECORD = fileURLToPath(new URL('../../../shared/sql/testdata/failing-queries.ndjson', import.meta.url));

const QUERIES = [
  'SELECT s::INTEGER FROM bronze.flights',
  "SELECT 'é😀' AS note,\n  delay,\n  s::DATE\nFROM bronze.flights AS f",
  'SELECT f.s::TIMESTAMP FROM bronze.flights f WHERE f.delay >= 0',
  'SELECT bronze.flights.s::DECIMAL(5, 2) FROM bronze.flights',
  'WITH late AS (SELECT * FROM bronze.flights WHERE delay > 2) SELECT (delay + 300)::TINYINT FROM late',
  'SELECT (-delay)::UINTEGER FROM bronze.flights;',
  'SELECT a.delay FROM bronze.flights a JOIN bronze.flights b ON a.delay = b.carrier',
  'SELECT delay * 9223372036854775807 FROM bronze.flights',
  'SELECT (1 + delay)::HUGEINT * 170141183460469231731687303715884105727 FROM bronze.flights',
  "SELECT strptime(s, '%d.%m') FROM bronze.flights",
  'SELECT sqrt(-1 - delay) FROM bronze.flights',
  'SELECT ln(delay - delay) FROM bronze.flights',
  "SELECT error('no ' || s) FROM bronze.flights",
  'SELECT (SELECT delay FROM bronze.flights)',
  "SELECT format('{:d}', s) FROM bronze.flights",
  'SELECT make_date(2001, delay::INTEGER, 1) FROM bronze.flights',
  "SELECT [1, 'a']",
  'SELECT regexp_matches(carrier, pattern) FROM bronze.flights',
  "SELECT s LIKE 'a' ESCAPE 'ab' FROM bronze.flights",
  "SELECT {'at': TIMETZ '12:00:00+02', 'n': s::INTEGER} AS both FROM bronze.flights",
];

let tables: TableFixture;
beforeAll(async () => {
  tables = await TableFixture.open();
  await tables.append(
    'bronze.flights',
    "SELECT i AS delay, 'AA' AS carrier, 'x' || i AS s, '(' AS pattern FROM range(5) t(i)",
  );
});
afterAll(() => tables.close());

it('says of each failing query what is wrong with it and where', async () => {
  const lines: string[] = [];
  for (const sql of QUERIES) {
    const planned = await tables.plan(sql);
    const error: unknown = await tables.execute(planned).catch((error: unknown) => error);
    if (!isAppError(error)) throw new Error(`${sql} should fail`);
    const { plan } = planned;
    const { code, message, context } = error;
    const record = {
      sql,
      error: { code, message, context },
      plan: { sql: plan.sql, columns: plan.columns, anchors: plan.anchors },
    };
    // Views have names by the table's id, which is another one in every run.
    const views = new Map(plan.scans.map(({ view }, at) => [view, `scan_${String(at).padStart(16, '0')}`]));
    lines.push(JSON.stringify(record).replaceAll(/scan_[0-9a-f]{16}/g, (view) => views.get(view) ?? view));
    // What error() is given is the person's.
    if (!sql.includes('error(')) expect(message).toMatch(/^[A-Z].*[.?]$/);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(RECORD);
});
