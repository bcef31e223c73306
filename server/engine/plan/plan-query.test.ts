import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { DUCKDB_VERSION } from './browser-gaps.ts';
import { TableFixture } from '../testing/table-fixture.ts';

let tables: TableFixture;

beforeAll(async () => {
  tables = await TableFixture.open();
  const month = (n: number): string =>
    `SELECT DATE '2001-0${n}-01' + (i % 28)::INTEGER AS day, ['AA', 'DL', 'UA'][1 + i % 3] AS carrier,
      i::BIGINT AS delay, i / 7.0 AS distance, {'lat': i, 'lon': -i} AS place, ${n} AS month
     FROM range(1000) t(i)`;
  await tables.append('bronze.flights', month(1), month(2), month(3));
  await tables.append(
    'carriers',
    "SELECT * FROM (VALUES ('AA', 'American'), ('DL', 'Delta')) t(carrier, name)",
  );
  await tables.append(
    'events',
    `SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00' + INTERVAL (i) HOUR AS moment, '{"a":1}' AS body FROM range(10) t(i)`,
  );
});
afterAll(() => tables.close());

const columnsOf = async (sql: string): Promise<string[][]> =>
  (await tables.plan(sql)).plan.scans.map((scan) => scan.columns.map((column) => column.name));

async function failure(sql: string): Promise<AppError> {
  const error: unknown = await tables.plan(sql).catch((error: unknown) => error);
  if (!(error instanceof AppError)) throw new Error(`no error for ${sql}`);
  return error;
}

it('lets a query see the settings that say what it means, as the server has them', async () => {
  const names = ['TimeZone', 'calendar', 'default_collation', 'default_null_order', 'default_order'];
  const more = ['ieee_floating_point_ops', 'integer_division', 'scalar_subquery_error_on_multiple_rows'];
  const sql = `SELECT ${[...names, ...more].map((name) => `current_setting('${name}')::VARCHAR`).join(', ')}`;
  const { rows } = await tables.run(sql);
  expect(rows).toEqual([['UTC', 'gregorian', '', 'NULLS_LAST', 'ASCENDING', 'true', 'false', 'true']]);
  expect((await tables.plan(sql)).plan.engine).toMatchObject({ choice: 'server', browserCapable: false });
});

describe('columns that a query reads', () => {
  it.each<[string, string[][]]>([
    ['SELECT carrier FROM bronze.flights', [['carrier']]],
    ['SELECT carrier, count(*) FROM bronze.flights WHERE delay > 5 GROUP BY ALL', [['carrier', 'delay']]],
    [
      'WITH f AS (SELECT * FROM bronze.flights) SELECT carrier, avg(delay) FROM f GROUP BY 1',
      [['carrier', 'delay']],
    ],
    ['SELECT place.lat FROM bronze.flights', [['place']]],
    ['SELECT max(x) FROM (SELECT f.*, delay AS x FROM bronze.flights f)', [['delay']]],
    ['FROM carriers', [['carrier', 'name']]],
    ['SELECT c FROM carriers c', [['carrier', 'name']]],
    ['SELECT name FROM bronze.flights JOIN carriers USING (carrier)', [['carrier'], ['carrier', 'name']]],
    ['SELECT delay FROM bronze.flights NATURAL JOIN carriers', [['carrier', 'delay'], ['carrier']]],
    [
      'SELECT name FROM carriers c WHERE EXISTS (FROM bronze.flights f WHERE f.carrier = c.carrier)',
      [['carrier', 'name'], ['carrier']],
    ],
    ["SELECT COLUMNS('d.*') FROM bronze.flights", [['day', 'delay', 'distance']]],
    ['SELECT * EXCLUDE (place, day) FROM bronze.flights', [['carrier', 'delay', 'distance', 'month']]],
    ['SELECT bronze.flights.delay FROM bronze.flights ORDER BY flights.month', [['delay', 'month']]],
  ])('%s', async (sql, expected) => {
    const found = await columnsOf(sql);
    expect(found.map((names) => [...names].sort())).toEqual(expected.map((names) => [...names].sort()));
    await expect(tables.run(sql)).resolves.toBeDefined();
  });

  it('reads one cheap column to count rows', async () => {
    const { plan } = await tables.plan('SELECT count(*) FROM bronze.flights');
    expect(plan.scans[0]?.columns.map((column) => column.name)).toEqual(['month']);
    expect((await tables.run('SELECT count(*) FROM bronze.flights')).rows).toEqual([['3000']]);
  });

  it('reads no file where no row matters', async () => {
    const { plan } = await tables.plan('DESCRIBE bronze.flights');
    expect(plan.scans[0]?.files).toEqual([]);
    expect((await tables.run('DESCRIBE bronze.flights')).rows.map((row) => row.slice(0, 2))).toEqual([
      ['day', 'DATE'],
      ['carrier', 'VARCHAR'],
      ['delay', 'BIGINT'],
      ['distance', 'DOUBLE'],
      ['place', 'STRUCT(lat BIGINT, lon BIGINT)'],
      ['month', 'INTEGER'],
    ]);
  });

  it('counts bytes of a column in a file once', async () => {
    const one = (await tables.plan('SELECT delay FROM bronze.flights')).plan;
    const twice = (await tables.plan('SELECT a.delay, b.delay FROM bronze.flights a, bronze.flights b')).plan;
    expect(one.bytes).toBeGreaterThan(0);
    expect(twice.bytes).toBe(one.bytes);
    expect(twice.scans).toHaveLength(1);
  });
});

describe('files that a query reads', () => {
  it.each<[string, number]>([
    ['SELECT delay FROM bronze.flights WHERE month = 2', 1],
    ['SELECT delay FROM bronze.flights WHERE month IN (1, 3) AND delay >= 0', 2],
    ["SELECT delay FROM bronze.flights WHERE day >= '2001-03-01'", 1],
    ["SELECT delay FROM bronze.flights WHERE day BETWEEN DATE '2001-01-15' AND DATE '2001-01-01' + 40", 2],
    ['SELECT delay FROM bronze.flights WHERE NOT (month < 3)', 1],
    ['WITH f AS (SELECT * FROM bronze.flights) SELECT count(*) FROM f WHERE month = 1', 1],
    ['SELECT count(*) FROM (SELECT month, delay FROM bronze.flights) q WHERE q.month > 2', 1],
    ['SELECT f.delay FROM bronze.flights f LEFT JOIN carriers c ON f.carrier = c.carrier AND f.month = 1', 3],
    ['SELECT f.delay FROM carriers c LEFT JOIN bronze.flights f ON f.carrier = c.carrier AND f.month = 1', 1],
    ['SELECT delay FROM bronze.flights WHERE month = 1 OR delay = 4', 3],
    ['SELECT delay FROM bronze.flights WHERE month + 0.5 = 2', 3],
    ['SELECT delay FROM bronze.flights TABLESAMPLE 50% WHERE month = 1', 3],
    ['SELECT delay FROM bronze.flights WHERE day > current_date - 1', 3],
    ["SELECT delay FROM bronze.flights WHERE carrier = 'a\n_c5_=1--'", 3],
    ['SELECT sum(delay) OVER () FROM bronze.flights QUALIFY month = 1', 3],
    ['SELECT carrier, max(delay) FROM bronze.flights GROUP BY carrier, month HAVING month = 2', 1],
  ])('%s', async (sql, expected) => {
    const { plan } = await tables.plan(sql);
    const scan = plan.scans.find((candidate) => candidate.table === 'bronze.flights');
    expect(scan?.files).toHaveLength(expected);
    expect(scan?.filesKnown).toBe(3);
    expect(scan?.pruning).toHaveLength(expected < 3 ? (scan?.pruning.length ?? 0) || 1 : 0);
  });

  it('reads a long list of values once, however often the statement is planned', async () => {
    const days = Array.from({ length: 2000 }, (_, day) => `DATE '2002-01-01' + ${day}`);
    const sql = `SELECT count(*) FROM bronze.flights WHERE day IN (${days.join(', ')}, '2001-02-03')`;
    const reads = vi.spyOn(tables.planner.parser, 'parse');
    const scans = [(await tables.plan(sql)).plan.scans, (await tables.plan(sql)).plan.scans];
    // The statement, the same over views, and its condition.
    expect(reads.mock.calls.map(([text]) => text.length > 20_000)).toEqual([true, true, true]);
    reads.mockRestore();
    expect(scans[0]?.[0]?.files).toHaveLength(1);
    expect(scans[1]).toEqual(scans[0]);
  });

  it('reads no syntax tree of a long list of numbers, and lets others have their turn meanwhile', async () => {
    const list = Array.from({ length: 60_000 }, (_, at) => 5_000_000 - at);
    const sql = `SELECT count(*) FROM bronze.flights WHERE delay IN (${list.join(', ')}, 7) AND month IN (2, 3)`;
    const parse = vi.spyOn(JSON, 'parse');
    const turns: boolean[] = [];
    const count = setInterval(() => turns.push(true), 0);
    const { plan } = await tables.plan(sql).finally(() => clearInterval(count));
    const lengths = parse.mock.calls.map(([text]) => text.length);
    parse.mockRestore();
    // EXPLAIN shows the list in each of its plans.
    expect(Math.max(...lengths)).toBeLessThan(6 * sql.length);
    expect(turns.length).toBeGreaterThan(5);
    expect(plan.scans[0]?.files).toHaveLength(2);
  });

  it('says what pruned', async () => {
    const { plan } = await tables.plan('SELECT delay FROM bronze.flights WHERE month = 2');
    expect(plan.scans[0]?.pruning).toEqual(['month = 2 skips 2 of 3 files (2 by column bounds)']);
  });

  it('reads older snapshots, by id and by time', async () => {
    const [first] = tables.table('bronze.flights').snapshots;
    const id = String(first?.snapshotId);
    const sql = `SELECT count(*) FROM bronze.flights AT (VERSION => ${id})`;
    expect((await tables.plan(sql)).plan.scans[0]).toMatchObject({ snapshotId: id, filesKnown: 1 });
    expect((await tables.run(sql)).rows).toEqual([['1000']]);
    const both = `SELECT (SELECT count(*) FROM bronze.flights), (SELECT count(*) FROM bronze.flights AT (VERSION => '${id}'))`;
    expect((await tables.run(both)).rows).toEqual([['3000', '1000']]);
    const when = new Date((first?.timestampMs ?? 0) + 0).toISOString();
    const { plan } = await tables.plan(`FROM bronze.flights f AT (TIMESTAMP => '${when}'::TIMESTAMPTZ)`);
    expect(plan.scans[0]?.snapshotId).toBeDefined();
  });
});

describe('columns by field id', () => {
  it('knows what a column is called in older files, and that newer columns are not there', async () => {
    const metadata = await tables.append('evolved', 'SELECT 1 AS old_name, 2 AS kept');
    const schema = currentSchema(metadata);
    const fields = [
      ...schema.fields.map((field) => (field.name === 'old_name' ? { ...field, name: 'new_name' } : field)),
      { id: 3, name: 'added', required: false, type: 'string' },
    ];
    tables.replace('evolved', {
      ...metadata,
      schemas: [...metadata.schemas, { ...schema, schemaId: 1, fields }],
      currentSchemaId: 1,
      lastColumnId: 3,
    });
    await tables.append('evolved', "SELECT 5 AS new_name, 6 AS kept, 'x' AS added");
    const { plan } = await tables.plan('SELECT new_name, added FROM evolved');
    const names = plan.scans[0]?.files.map((file) => file.columns.map((column) => column?.name ?? null));
    expect(names?.sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
      ['new_name', 'added'],
      ['old_name', null],
    ]);
    expect((await tables.run('SELECT new_name, kept, added FROM evolved ORDER BY 1')).rows).toEqual([
      [1, 2, null],
      [5, 6, 'x'],
    ]);
  });
});

describe('which engine', () => {
  it.each<[string, string, RegExp]>([
    ['SELECT sum(delay) FROM bronze.flights', 'browser', /^It needs \d/],
    ['SELECT 1', 'browser', /no data files/],
    ["SELECT body ->> 'a' FROM events", 'server', /^The tab’s engine has no ->>\.$/],
    ["SELECT json_extract(body, '$.a') FROM events", 'server', /json_extract/],
    ['SELECT body::JSON FROM events', 'server', /type JSON/],
    ['SELECT current_date', 'server', /current_date/],
    ['SELECT carrier COLLATE de FROM carriers', 'server', /collation de/],
    ['SELECT carrier COLLATE NOCASE FROM carriers', 'browser', /needs/],
    ['SELECT moment FROM events', 'browser', /needs/],
    [
      'SELECT moment + INTERVAL 1 DAY FROM events',
      'server',
      /has timestamps with time zone, .* no \+ of those/,
    ],
    ['SELECT moment, -length(body) AS n FROM events', 'browser', /needs/],
    ["SELECT date_trunc('day', moment) FROM events", 'server', /date_trunc/],
    ["SELECT date_trunc('month', day) FROM bronze.flights", 'browser', /needs/],
  ])('%s', async (sql, choice, reason) => {
    const { engine } = (await tables.plan(sql)).plan;
    expect(engine.choice).toBe(choice);
    expect(engine.reason).toMatch(reason);
  });

  it('knows the gaps of the engine that is installed', () => {
    expect(tables.engine.version).toBe(DUCKDB_VERSION);
  });

  it('heeds the preference and the limit', async () => {
    const sql = 'SELECT delay FROM bronze.flights';
    expect((await tables.plan(sql, { preference: 'server' })).plan.engine).toEqual({
      choice: 'server',
      reason: 'You chose the server.',
      browserCapable: true,
    });
    expect((await tables.plan(sql, { browserBytes: 10, preference: 'browser' })).plan.engine).toMatchObject({
      choice: 'server',
      reason: expect.stringMatching(/^It needs .* kB; the tab takes up to 10 bytes\.$/) as string,
      browserCapable: false,
    });
  });
});

describe('what the lakehouse lets the tab do', () => {
  it('keeps queries on tables, and only them, on the server where it is off', async () => {
    const engineOf = async (sql: string, preference: 'auto' | 'browser' = 'auto') =>
      (await tables.plan(sql, { tabEngine: 'off', preference })).plan.engine;
    const sql = 'SELECT sum(delay) FROM bronze.flights';
    const onServer = {
      choice: 'server',
      reason: 'This lakehouse runs queries on the server alone.',
      browserCapable: false,
    };
    expect([await engineOf(sql), await engineOf(sql, 'browser')]).toEqual([onServer, onServer]);
    expect((await engineOf('SELECT 1')).choice).toBe('browser');
    expect((await engineOf('SELECT count(*) FROM bronze.flights')).browserCapable).toBe(true);
  });

  it('lets it load what it is asked for alone', async () => {
    const sql = 'SELECT sum(delay) FROM bronze.flights';
    const asked = (await tables.plan(sql, { tabEngine: 'asked' })).plan.engine;
    expect(asked).toMatchObject({ choice: 'browser', browserCapable: true, loadAhead: false });
    expect((await tables.plan(sql)).plan.engine).not.toHaveProperty('loadAhead');
  });
});

describe('the plan', () => {
  it('names result columns and types as DuckDB does', async () => {
    const { plan } = await tables.plan(
      'SELECT 1 AS a, 2 AS a, sum(delay), day, place FROM bronze.flights GROUP BY ALL',
    );
    expect(plan.columns).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'a', type: 'INTEGER' },
      { name: 'sum(delay)', type: 'HUGEINT' },
      { name: 'day', type: 'DATE' },
      { name: 'place', type: 'STRUCT("lat" BIGINT, "lon" BIGINT)' },
    ]);
  });

  it('has the same id for the same, another for another, and never the same for random()', async () => {
    const id = async (sql: string): Promise<string> => (await tables.plan(sql)).plan.id;
    const sql = 'SELECT delay FROM bronze.flights';
    expect(await id(sql)).toBe(await id(sql));
    expect(await id(sql)).not.toBe(await id(`${sql} WHERE month = 1`));
    expect(await id(`${sql} WHERE random() < 0.5`)).not.toBe(await id(`${sql} WHERE random() < 0.5`));
  });

  it('answers SHOW TABLES', async () => {
    expect((await tables.run('SHOW TABLES FROM bronze')).rows).toEqual([['bronze', 'flights']]);
    expect((await tables.run('SHOW TABLES')).rows).toContainEqual(['', 'carriers']);
  });
});

describe('what is wrong with a query', () => {
  it('says which columns are near, and where in the SQL', async () => {
    const sql = "SELECT 'é😀',\n  carier FROM bronze.flights";
    const error = await failure(sql);
    expect(error.code).toBe('COLUMN_NOT_FOUND');
    expect(error.context).toMatchObject({
      suggestions: ['carrier'],
      position: sql.indexOf('carier'),
      line: 2,
      column: 3,
    });
  });

  it.each<[string, string, string, RegExp]>([
    [
      'SELECT f.delai FROM bronze.flights f',
      'COLUMN_NOT_FOUND',
      'f.delai',
      /^f has no column delai\. Did you mean delay\?$/,
    ],
    [
      'SELECT bronze.flights.delai FROM bronze.flights',
      'COLUMN_NOT_FOUND',
      'bronze.flights.delai',
      /Did you mean delay/,
    ],
    [
      "SELECT 1 FROM bronze.flights AT (VERSION => '{id}') WHERE zzzzzzzz = 1",
      'COLUMN_NOT_FOUND',
      'zzzzzzzz',
      /The columns are day, carrier/,
    ],
    [
      'SELECT x.delay FROM bronze.flights',
      'SQL_BINDING',
      'x.delay',
      /reads no table x\. It reads flights\.$/,
    ],
    ['SELECT fligths.day FROM bronze.flights', 'SQL_BINDING', 'fligths', /Did you mean flights\?$/],
    [
      'SELECT flights.day FROM bronze.flights f',
      'SQL_BINDING',
      'flights.day',
      /bronze\.flights is called f here\.$/,
    ],
    ['SELECT q.n FROM (SELECT 1 AS n) sub', 'SQL_BINDING', 'q.n', /It reads sub\.$/],
    [
      'SELECT flights.delay FROM (SELECT delay FROM bronze.flights) sub',
      'SQL_BINDING',
      'flights.delay',
      /reads no table flights\. It reads sub\.$/,
    ],
    [
      'SELECT n, F.delay FROM (SELECT 1 AS n) o SEMI JOIN bronze.flights f ON n = f.delay',
      'SQL_BINDING',
      'F.delay',
      /^F has no columns here\. A SEMI JOIN gives the columns of its left table only; JOIN gives those of F too\.$/,
    ],
    [
      'SELECT n, delay FROM (SELECT 1 AS n) o ANTI JOIN bronze.flights ON n = flights.delay',
      'COLUMN_NOT_FOUND',
      'delay',
      /^There is no column delay here\. An ANTI JOIN gives the columns of its left table only\.$/,
    ],
    [
      'SELECT delay FROM (SELECT delay AS dly FROM bronze.flights) sub',
      'COLUMN_NOT_FOUND',
      'delay',
      /^There is no column delay here\. (?!.*\bdelay\b)/,
    ],
    ['SELECT carrier FROM bronze.flights, carriers', 'SQL_BINDING', 'carrier', /Ambiguous/],
    ['SELECT nofunc(delay) FROM bronze.flights', 'SQL_BINDING', 'nofunc', /^There is no function nofunc\.$/],
    [
      'SELECT suum(delay) FROM bronze.flights',
      'SQL_BINDING',
      'suum',
      /no function suum\. Did you mean sum\?$/,
    ],
    ['SELECT lag(delay) FROM bronze.flights', 'SQL_BINDING', 'lag', /write lag\(…\) OVER/],
    [
      "SELECT regexp_matches(carrier, '(') FROM bronze.flights",
      'SQL_BINDING',
      "'('",
      /^The regular expression can't be read: missing \)/,
    ],
    ["SELECT date_trunc('yeer', day) FROM bronze.flights", 'SQL_BINDING', "'yeer'", /no part 'yeer'/],
    [
      'SELECT day + 1.5 FROM bronze.flights',
      'SQL_BINDING',
      '+',
      /^There is no \+ for DATE and DECIMAL\(2,1\)/,
    ],
    [
      'SELECT delay + [1] FROM bronze.flights',
      'SQL_BINDING',
      '+',
      /^There is no \+ for BIGINT and INTEGER\[\]/,
    ],
    ['SELECT * FROM bronze.flight', 'TABLE_NOT_FOUND', 'bronze.flight', /no table/],
    ["SELECT 'ü' FROM carriers JOIN nope USING (x)", 'TABLE_NOT_FOUND', 'nope', /no table nope/],
    ['SELECT a.b.c.d FROM carriers JOIN "p".q.r.s ON true', 'TABLE_NOT_FOUND', '"p"', /no table p\.q\.r\.s/],
    [
      'FROM information_schema.tables',
      'TABLE_NOT_FOUND',
      'information',
      /isn't available here\. SHOW TABLES lists/,
    ],
    ['FROM duckdb_columns()', 'FORBIDDEN', 'duckdb', /isn't available here\. SHOW TABLES lists/],
    ["FROM 'file.parquet'", 'TABLE_NOT_FOUND', "'file", /file\.parquet/],
    ["FROM carriers AT (TIMESTAMP => 'never')", 'INVALID_INPUT', 'carriers', /can't be read/],
    ['FROM carriers AT (VERSION => NULL)', 'INVALID_INPUT', 'carriers', /NULL/],
    ['FROM carriers AT (VERSION => (SELECT 1))', 'UNSUPPORTED', 'carriers', /constant/],
  ])('%s', async (template, code, near, message) => {
    const sql = template.replace('{id}', String(tables.table('bronze.flights').currentSnapshotId));
    const error = await failure(sql);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/__timestream|\n|Error:|LINE/);
    if (near !== '') expect(error.context['position']).toBe(sql.indexOf(near));
  });
});
