import type { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { openSandbox } from '../duckdb/sandbox.ts';
import { analyzeSql } from './analyze.ts';
import { walkAst, type AstNode } from './ast.ts';
import { SqlParser } from './parse.ts';
import { rewriteSql, verifyRewrite } from './rewrite.ts';

let instance: DuckDBInstance;
let parser: SqlParser;

beforeAll(async () => {
  instance = await openSandbox({ allowedDirectories: [], memoryLimit: '256MB', threads: 1 });
  parser = await SqlParser.create(await instance.connect());
});
afterAll(() => instance.closeSync());

async function tablesOf(sql: string): Promise<string[]> {
  return (await analyzeSql(parser, sql)).tables.map((table) => table.name.join('.'));
}

async function rewritten(sql: string): Promise<string> {
  const analyzed = await analyzeSql(parser, sql);
  const views = analyzed.tables.map((_, index) => `v${index}`);
  const result = rewriteSql(analyzed, views).sql;
  await verifyRewrite(parser, analyzed, views, result);
  return result;
}

async function failure(sql: string): Promise<AppError> {
  const error: unknown = await analyzeSql(parser, sql).catch((error: unknown) => error);
  if (!(error instanceof AppError)) throw new Error(`no error for ${sql}`);
  return error;
}

describe('the tables of a query', () => {
  it.each<[string, string[]]>([
    ['SELECT 1', []],
    ['FROM bronze.flights', ['bronze.flights']],
    ['SELECT * FROM lake.bronze.flights, x', ['lake.bronze.flights', 'x']],
    ['WITH a AS (SELECT * FROM a) SELECT * FROM a', ['a']],
    ['WITH x AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM x, b', ['b']],
    ['WITH a AS (SELECT 1) SELECT * FROM s.a, A', ['s.a']],
    ['WITH a AS (SELECT 1) SELECT (SELECT 1 FROM a), b FROM c', ['c']],
    ['SELECT * FROM (WITH a AS (SELECT 1) FROM a), a', ['a']],
    ['WITH RECURSIVE r AS (SELECT * FROM r UNION ALL SELECT * FROM r) FROM r', ['r']],
    ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, t WHERE n < 3) FROM r', ['t']],
    [
      'SELECT 1 FROM a UNION ALL SELECT 2 FROM b EXCEPT SELECT 3 FROM c ORDER BY (SELECT max(x) FROM d)',
      ['a', 'b', 'c', 'd'],
    ],
    ['SELECT * FROM a WHERE x IN (SELECT y FROM b) AND EXISTS (FROM c WHERE c.z = a.z)', ['a', 'b', 'c']],
    ['SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.x = a.x)', ['a', 'b']],
    ['SELECT * FROM a JOIN b USING (x) LEFT JOIN (c JOIN d ON true) ON a.y = c.y', ['a', 'b', 'c', 'd']],
    ['SELECT * FROM t PIVOT (sum(x) FOR y IN (1, 2))', ['t']],
    ['FROM t UNPIVOT (v FOR k IN (a, b))', ['t']],
    ['PIVOT t ON x USING sum(y)', ['t']],
    [
      'SELECT * FROM a, (PIVOT (FROM b JOIN c USING (k)) ON x, y IN (FROM d) USING sum(z)) p',
      ['a', 'b', 'c', 'd'],
    ],
    ['DESCRIBE t', ['t']],
    ['SUMMARIZE bronze.flights', ['bronze.flights']],
    ['TABLE t', ['t']],
    ['VALUES (1), ((SELECT max(x) FROM t))', ['t']],
    ['SELECT list_transform([1], x -> x + (SELECT 1 FROM t)) FROM range(3) r, unnest([1, 2])', ['t']],
    ["SELECT * FROM 'file.parquet'", ['file.parquet']],
    [
      'SELECT sum(x) OVER (PARTITION BY (SELECT 1 FROM a)) FROM b QUALIFY row_number() OVER () = 1',
      ['a', 'b'],
    ],
    ['SELECT * FROM "My Schema"."t""1"', ['My Schema.t"1']],
  ])('%s', async (sql, expected) => {
    expect((await tablesOf(sql)).sort()).toEqual([...expected].sort());
  });
});

describe('rewriting', () => {
  it.each([
    ['SELECT * FROM bronze.flights WHERE x = 1', 'SELECT * FROM v0 AS "flights" WHERE x = 1'],
    ['SELECT f.x FROM bronze.flights f', 'SELECT f.x FROM v0 f'],
    [
      'SELECT bronze.flights.x, flights.y FROM bronze.flights',
      'SELECT "flights".x, flights.y FROM v0 AS "flights"',
    ],
    ["FROM t AT (VERSION => 'a)b') WHERE x", 'FROM v0 AS "t"  WHERE x'],
    ["FROM t AS f(a, b) AT (VERSION => 'x')", 'FROM v0 AS f(a, b) '],
    [
      'FROM t f AT (TIMESTAMP => now() - INTERVAL (1) DAY) JOIN t g AT (VERSION => 5) ON f.x = g.x',
      'FROM v0 f  JOIN v1 g  ON f.x = g.x',
    ],
    ["FROM f: bronze.t AT (VERSION => 'x')", 'FROM f: v0 '],
    // As Spark, Trino and Databricks write it.
    ["SELECT a.x FROM t AT (VERSION => 'x') a WHERE a.x > 1", 'SELECT a.x FROM v0  a WHERE a.x > 1'],
    [
      'FROM s.t AT(VERSION => \'é\')AS a(x, y), t AT (timestamp => now() /* ( */) "b c" JOIN t AT (VERSION => 5) USING (x)',
      'FROM v0 AS a(x, y), v1  "b c" JOIN v2 AS "t"  USING (x)',
    ],
    [
      "SELECT (SELECT max(i.x) FROM t AT (VERSION => 'x') AS i -- inner\n) FROM u AT (VERSION => 'y') ORDER BY 1",
      'SELECT (SELECT max(i.x) FROM v0  AS i -- inner\n) FROM v1 AS "u"  ORDER BY 1',
    ],
    [
      "WITH c AS (FROM t AT (VERSION => 'x') AS z) SELECT z.y FROM c AS z PIVOT (sum(x) FOR y IN (1))",
      'WITH c AS (FROM v0  AS z) SELECT z.y FROM c AS z PIVOT (sum(x) FOR y IN (1))',
    ],
    [
      'SELECT \'é😀\' AS "ü" FROM /* bronze.t */ bronze . t -- t',
      'SELECT \'é😀\' AS "ü" FROM /* bronze.t */ v0 AS "t"',
    ],
    ['DESCRIBE bronze.t', 'DESCRIBE SELECT * FROM v0 AS "t"'],
    ['SUMMARIZE t', 'SUMMARIZE SELECT * FROM v0 AS "t"'],
    ['TABLE t', 'SELECT * FROM v0 AS "t"'],
    ['FROM t TABLESAMPLE 10%', 'FROM v0 AS "t" TABLESAMPLE 10%'],
    ['FROM t PIVOT (sum(x) FOR y IN (1))', 'FROM v0 AS "t" PIVOT (sum(x) FOR y IN (1))'],
    ['SELECT a.t.x, b.t.x FROM a.t, b.t', 'SELECT "a.t".x, "b.t".x FROM v0 AS "a.t", v1 AS "b.t"'],
    ['SELECT s.t.x FROM s.t AS s', 'SELECT s.t.x FROM v0 AS s'],
    ['SELECT L.S.T.x, S.t.y FROM l.s.t', 'SELECT "t".x, "t".y FROM v0 AS "t"'],
    ['FROM t POSITIONAL JOIN u', 'FROM v0 AS "t" POSITIONAL JOIN v1 AS "u"'],
    ['SELECT 1 FROM t; -- done', 'SELECT 1 FROM v0 AS "t"'],
  ])('%s', async (sql, expected) => {
    expect(await rewritten(sql)).toBe(expected);
  });

  it('maps positions back', async () => {
    const sql = "SELECT 'é', foo FROM bronze.flights AT (VERSION => 'x') WHERE bar";
    const analyzed = await analyzeSql(parser, sql);
    const spliced = rewriteSql(analyzed, ['"a_rather_long_view_name"']);
    for (const word of ['foo', 'WHERE', 'bar'])
      expect(spliced.toOriginal(spliced.sql.indexOf(word))).toBe(sql.indexOf(word));
    expect(spliced.toOriginal(spliced.sql.indexOf('rather'))).toBe(sql.indexOf('bronze'));
  });
});

describe('AT', () => {
  it('says where what is wrong stands, also behind an alias that came after it', async () => {
    const sql = "SELECT * FROM t AT (VERSION => 'x') AS a WHERE SELECT";
    await expect(analyzeSql(parser, sql)).rejects.toMatchObject({
      code: 'SQL_SYNTAX',
      message: 'The SQL does not parse: syntax error at or near "SELECT" (line 1, column 48).',
      context: { position: sql.lastIndexOf('SELECT'), line: 1, column: 48 },
    });
  });

  it('gives the SQL of its value', async () => {
    const analyzed = await analyzeSql(
      parser,
      "FROM a AT (VERSION => 'main'), b AT (TIMESTAMP => now() - INTERVAL (2) DAY)",
    );
    expect(analyzed.tables.map((table) => [table.at?.unit, table.at?.sql])).toEqual([
      ['VERSION', "'main'"],
      ['TIMESTAMP', 'now() - INTERVAL (2) DAY'],
    ]);
  });
});

describe('what a query uses', () => {
  it('collects functions, types, collations and names', async () => {
    const { usage } = await analyzeSql(
      parser,
      `SELECT lower(a), b::JSON ->> 'x', CAST(c AS STRUCT(d TIMESTAMPTZ)), e COLLATE de, current_date,
        list_filter(l, q -> q > 1) FROM t JOIN u USING (Id)`,
    );
    expect([...usage.functions]).toEqual(
      expect.arrayContaining(['lower', '->>', 'current_date', 'list_filter']),
    );
    expect(usage.functions.has('->')).toBe(false);
    expect([...usage.types]).toEqual(expect.arrayContaining(['json', 'timestamp with time zone']));
    expect([...usage.collations]).toEqual(['de']);
    expect([...usage.names]).toEqual(expect.arrayContaining(['a', 'b', 'c', 'e', 'l', 'id']));
    expect(usage.unnamedColumns).toBe(false);
  });

  it('takes an arrow outside of a list function for JSON', async () => {
    expect((await analyzeSql(parser, "SELECT a -> 'x' FROM t")).usage.functions.has('->')).toBe(true);
  });

  it.each([
    'SELECT * FROM t',
    'SELECT t.* FROM t',
    "SELECT COLUMNS(c -> c LIKE 'a%') FROM t",
    'SELECT t FROM t',
    'SELECT (f).x FROM t AS f',
    'SELECT count(t) FROM t',
    'SELECT x FROM t NATURAL JOIN u',
    'SELECT #1 FROM t',
    'DESCRIBE t',
    'SELECT x FROM t PIVOT (sum(a) FOR b IN (1))',
    'SELECT row_to_json(q) FROM (SELECT x FROM t) q',
  ])('sees that columns are used without being named: %s', async (sql) => {
    expect((await analyzeSql(parser, sql)).usage.unnamedColumns).toBe(true);
  });

  it.each([
    ['SELECT x FROM t WHERE x > random()', 'random'],
    ['SELECT x FROM t WHERE d > current_date', 'time'],
    ['SELECT now()', 'time'],
    ['SELECT x FROM t', 'stable'],
  ])('knows what repeats: %s', async (sql, stability) => {
    expect((await analyzeSql(parser, sql)).stability).toBe(stability);
  });
});

describe('places', () => {
  it('are looked up without going through the text again for each', async () => {
    const columns = Array.from({ length: 1000 }, (_, at) => `bronze.flights.x + ${at} AS "é${at}"`);
    const sql = `SELECT ${columns.join(', ')} FROM bronze.flights`;
    const looks = vi.spyOn(String.prototype, 'codePointAt');
    const { qualifiers } = await analyzeSql(parser, sql);
    const count = looks.mock.calls.length;
    looks.mockRestore();
    expect(qualifiers.map(({ splice }) => splice.start)).toEqual(
      columns.map((column) => sql.indexOf(column)),
    );
    // One for each character, and up to 64 for each place.
    expect(count).toBeLessThan(sql.length + 64 * 4000);
  });
});

describe('a long statement', () => {
  it('lets what else waits have its turn between passes over it', async () => {
    const sql = `SELECT x FROM t WHERE x IN (${Array.from({ length: 20_000 }, (_, at) => at).join(', ')})`;
    const root = await parser.parse(sql);
    const parse = vi.spyOn(parser, 'parse').mockResolvedValue(root);
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await analyzeSql(parser, sql).finally(() => clearInterval(count));
    parse.mockRestore();
    expect(turns).toBeGreaterThan(0);
  });
});

describe('a long list of constants', () => {
  const items = Array.from({ length: 1000 }, (_, at) => (at % 3 === 0 ? `'é''${at}'` : String(-at)));
  const sizeOf = (root: AstNode) => {
    let size = 0;
    walkAst(root, () => (size += 1));
    return size;
  };

  it('is one in the tree, and everything behind it stands where it stood', async () => {
    const sql = `SELECT bronze.flights.x\nFROM a.b AS q, bronze.flights WHERE x NOT IN (${items.join(', ')}) AND y IN (FROM bronze.late)`;
    const { root, tables, qualifiers } = await analyzeSql(parser, sql);
    expect(sizeOf(root)).toBeLessThan(100);
    expect(tables.map(({ position }) => sql.slice(position, position + 8))).toEqual([
      'a.b AS q',
      'bronze.f',
      'bronze.l',
    ]);
    expect(qualifiers.map(({ names }) => names)).toEqual([['flights', 'x']]);
    expect(await rewritten(sql)).toBe(
      `SELECT "flights".x\nFROM v0 AS q, v1 AS "flights" WHERE x NOT IN (${items.join(', ')}) AND y IN (FROM v2 AS "late")`,
    );
  });

  it('is another one where the list is', async () => {
    const sql = `SELECT x FROM t WHERE x IN (${items.join(', ')})`;
    const other = sql.replace("'é''3'", "'é''4'").replace('t', 'v0');
    await expect(verifyRewrite(parser, await analyzeSql(parser, sql), ['v0'], other)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });

  it('has the nodes that DuckDB has for it where the tree is exact', async () => {
    const numbers = ['0', '7', '-2147483647', '2147483647', '2147483648', '-2147483649', '999999999999999'];
    const decimals = ['1.5', '0.5', '-0.25', '100.00', '-007.10', '0.0', '12345678901234.5'];
    const all = [...numbers, ...decimals, "''", "'a, b'", "'1234567890123456789'", ...items];
    // Of lists with a NULL nothing is known.
    const list = (last: string) => `SELECT x, 'é', x IN (${all.join(' , ')}, ${last})`;
    const short = await parser.parse(list('4'), true);
    const whole = await parser.parse(list('NULL'), true);
    const childrenOf = (root: AstNode) => (root['select_list'] as AstNode[])[2]?.['children'] as AstNode[];
    expect(childrenOf(short)).toHaveLength(all.length + 2);
    expect(childrenOf(short).slice(0, -1)).toEqual(childrenOf(whole).slice(0, -1));
    expect({ ...short, select_list: [] }).toEqual({ ...whole, select_list: [] });
    expect(await parser.parse(await parser.write(short), true)).toMatchObject({ type: 'SELECT_NODE' });
  });

  it.each([
    '2147483648 - 1',
    '-2147483648',
    '-0',
    '-0.0',
    '1e400',
    '1.',
    '12345678901234567890',
    '0.1234567890123456789',
    '1_000',
    "E'\\n'",
  ])('is read by DuckDB where one of them is %s', async (last) => {
    const list = (first: string) => `SELECT x IN (${first}, ${items.join(',')}, ${last})`;
    const read = async (sql: string) =>
      parser.parse(sql, true).then(
        (root) => (root['select_list'] as AstNode[])[0]?.['children'],
        (error: unknown) => String(error),
      );
    const [asList, byDuckDb] = [await read(list('1   ')), await read(list('NULL'))];
    if (typeof asList === 'string' || !Array.isArray(asList)) expect(asList).toBe(byDuckDb);
    else expect(asList.slice(2)).toEqual((byDuckDb as AstNode[]).slice(2));
  });

  it('leaves errors behind it at their place', async () => {
    const sql = `SELECT x FROM t WHERE x IN (${items.join(',\n')}) frm 'é`;
    expect(await failure(sql)).toMatchObject({ code: 'SQL_SYNTAX' });
    const near = `SELECT x FROM t WHERE x IN (${items.join(',\n')}) and frm y`;
    expect((await failure(near)).context).toMatchObject({ position: near.indexOf(' y') + 1, line: 1000 });
    const denied = `SELECT x FROM t WHERE x IN (${items.join(',')}) AND getenv('A') = ''`;
    expect((await failure(denied)).context).toMatchObject({ position: denied.indexOf('getenv') });
  });
});

describe('exact trees', () => {
  it('are the same whether a number in them is long or none is', async () => {
    const items = "a - 1 AS b, 'é' || c, [-2.5, 7]";
    const short = await parser.parse(`SELECT ${items}`, true);
    const long = await parser.parse(`SELECT ${items}, 9007199254740993`, true);
    const list = long['select_list'] as readonly AstNode[];
    expect(list.at(-1)).toMatchObject({ value: { value: 9007199254740993n } });
    expect({ ...long, select_list: list.slice(0, -1) }).toEqual(short);
    expect(short['from_table']).toMatchObject({ query_location: 18446744073709551615n });
    expect(await parser.parse(await parser.write(short), true)).toMatchObject({ type: 'SELECT_NODE' });
  });
});

describe('refusals', () => {
  it('says where SQL stops parsing, in characters', async () => {
    const sql = "SELECT 'é😀',\n  1 x frm t wher";
    const error = await failure(sql);
    expect(error.code).toBe('SQL_SYNTAX');
    expect(error.context).toEqual({ position: sql.indexOf('frm'), line: 2, column: 7, near: 'frm' });
    expect(error.message).toContain('line 2, column 7');
  });

  it('knows the end of the input', async () => {
    expect(await failure('SELECT 1 +')).toMatchObject({ code: 'SQL_SYNTAX', context: { position: 10 } });
  });

  it.each([
    ['', 'INVALID_INPUT', /empty/],
    ['-- nothing', 'INVALID_INPUT', /empty/],
    ['SELECT 1; SELECT 2', 'INVALID_INPUT', /one at a time/],
    ['SELECT 1\0', 'SQL_SYNTAX', /NUL/],
    ["SELECT ['a']::ENUM('a')[]", 'UNSUPPORTED', /ENUM.* inside of a list/],
    [`SELECT 1${' + 1'.repeat(2000)}`, 'UNSUPPORTED', /more than 1000 deep/],
    ['INSERT INTO t VALUES (1)', 'UNSUPPORTED', /INSERT can't be run here yet; SELECT, WITH/],
    ['WITH a AS (SELECT 1) INSERT INTO t FROM a', 'UNSUPPORTED', /^This statement can't be run here yet;/],
    ['SELECT 1 ORDER BY 1 USING <', 'UNSUPPORTED', /can't read on: Unimplemented order by type\.$/],
    ['SET threads = 1', 'UNSUPPORTED', /SET/],
    ["COPY t TO 'x'", 'UNSUPPORTED', /COPY/],
    ['PIVOT t ON x USING', 'SQL_SYNTAX', /end of input/],
    ["PIVOT t ON x USING sum(getenv('HOME'))", 'FORBIDDEN', /environment/],
    ['SHOW DATABASES', 'UNSUPPORTED', /SHOW TABLES/],
    ['SELECT ?', 'UNSUPPORTED', /Parameters/],
    ['SELECT 1e999', 'UNSUPPORTED', /constant/],
    ["SELECT * FROM read_parquet('x')", 'FORBIDDEN', /reads files/],
    ["SELECT * FROM Read_CSV_auto('x')", 'FORBIDDEN', /reads files/],
    ['SELECT (SELECT max(x) FROM duckdb_settings())', 'FORBIDDEN', /duckdb_settings/],
    ["FROM query('SELECT 1')", 'FORBIDDEN', /query/],
    ["SELECT getenv('HOME')", 'FORBIDDEN', /environment/],
    [
      "SELECT main.current_setting('temp_directory')",
      'FORBIDDEN',
      /temp_directory can't be read.* TimeZone, /,
    ],
    ["SELECT Current_Setting('temp' || '_directory')", 'FORBIDDEN', /takes the name of a setting as text/],
    ["SELECT x.current_setting() FROM (SELECT 'threads' AS x)", 'FORBIDDEN', /as text/],
    ["SELECT current_setting('TimeZone', 'threads')", 'FORBIDDEN', /as text/],
    ["SELECT current_setting('TimeZone' COLLATE nocase)", 'FORBIDDEN', /as text/],
    ["SELECT nextval('s')", 'FORBIDDEN', /sequence/],
  ])('%j', async (sql, code, message) => {
    const error = await failure(sql);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['SELECT * FROM t WHERE x BETWEEN SYMMETRIC 3 AND 1', /^BETWEEN SYMMETRIC can't be read; write BETWEEN/],
    [
      'SELECT * FROM t WHERE x not  between /* é */ symmetric 3 AND 1',
      /^NOT BETWEEN SYMMETRIC can't be read/,
    ],
    ['SELECT x IS OF (INT) FROM t', /^IS OF can't be read; write typeof/],
    ['SELECT x IS NOT OF (INT) FROM t', /^IS NOT OF can't be read; write typeof/],
    ['SELECT * FROM ROWS FROM (range(1))', /^ROWS FROM can't be read/],
  ])('names and places what DuckDB’s parser does not read on: %s', async (sql, message) => {
    const error = await failure(sql);
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toMatch(message);
    const position = sql.search(/(?:not {2})?between|is (?:not )?of|rows/i);
    expect(error.context).toEqual({ position, line: 1, column: position + 1 });
  });

  it.each([
    "SELECT current_setting('TimeZone')",
    "SELECT CURRENT_SETTING('calendar')",
    "SELECT pg_catalog.current_setting('default_null_order')",
  ])('lets settings be read that say what a query means: %s', async (sql) => {
    expect((await analyzeSql(parser, sql)).usage.functions).toContain('current_setting');
  });

  it('points at a refused function', async () => {
    expect((await failure("SELECT 'ü', getenv('X')")).context).toMatchObject({
      position: 12,
      function: 'getenv',
    });
  });
});
