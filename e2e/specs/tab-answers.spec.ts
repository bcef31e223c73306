import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Browser } from '@playwright/test';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { openCell, type SqlCell } from '../pages/notebook-page.ts';
import { MIXED } from '../parity/seeds-mixed.ts';
import { TPCH } from '../parity/seeds-tpch.ts';
import { readFamilies } from '../parity/statements.ts';

const FAMILIES = readFamilies(fileURLToPath(new URL('../parity/queries', import.meta.url)));
/** Of the suite's statements, by family: these run in a browser too, over tables that SQL makes. */
const SAMPLE: Readonly<Record<string, readonly string[]>> = {
  groups: ['grouping sets', 'sums that need 128 bits', 'histogram', 'group by an alias and a position'],
  joins: [
    'full join',
    'join on floats with nan and zeros',
    'positional join',
    'not in with nulls',
    'values join',
  ],
  nested: ['comprehension', 'unnest structs', 'map access', 'list statistics', 'enum in a result'],
  numbers: ['decimal literals', 'floats from decimals', 'predicates on decimals'],
  ordering: ['floats descending nulls last', 'text in binary order', 'order by all', 'lists', 'distinct on'],
  shapes: [
    'customers in both years',
    'pivot in from',
    'pivot by what is there',
    'pivot of a pivot',
    'recursive with a key',
    'from alone',
  ],
  temporal: ['date_trunc', 'ends of intervals', 'made', 'filters on timestamps'],
  text: ['joins of text', 'splits', 'encodings', 'bits'],
  tpch: ['q05 local supplier volume', 'q12 shipping modes'],
};
/** A cell's answer has a row for each, and all of these are drawn. */
const AT_ONCE = 8;

let folder: string;
let server: ServerProcess;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-answers-'));
  server = new ServerProcess(join(folder, 'lakehouse'), ['--no-demo']);
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(sql: string): Promise<void> {
  expect(await server.post('/statements', { sql })).toMatchObject({ status: 200 });
}

async function openFirst(browser: Browser, engine: 'browser' | 'server', sql: string): Promise<SqlCell> {
  const page = await browser.newPage({ baseURL: await server.url() });
  await page.addInitScript((choice) => localStorage.setItem('timestream.engine', choice), engine);
  await page.goto(`/?token=${E2E_TOKEN}`);
  const cell = await openCell(page, sql);
  await page.keyboard.press('ControlOrMeta+Enter');
  // A browser that has never seen the engine compiles it first.
  await expect(cell.badge).toBeVisible({ timeout: 150_000 });
  return cell;
}

function statementOf(family: string, name: string): string {
  const { statements = [] } = FAMILIES.find((each) => each.name === family) ?? {};
  const found = statements.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The suite has no statement "${name}" in ${family}.`);
  return found.sql;
}

/** A statement's rows as one row: how many they are, and what all of them are, in no order. */
function digested(name: string, sql: string): string {
  return `SELECT '${name}' AS name, count(*)::INTEGER AS n, md5(string_agg(row_text, chr(10) ORDER BY row_text)) AS digest
    FROM (SELECT CAST(answer AS VARCHAR) AS row_text FROM (${sql}) AS answer)`;
}

test('in a browser the tab answers statements of every kind as the server does', async ({ browser }) => {
  test.slow();
  for (const { name, files, deleted } of [...MIXED, ...TPCH]) {
    for (const [at, query] of files.entries())
      await write(at === 0 ? `CREATE TABLE ${name} AS ${query}` : `INSERT INTO ${name} ${query}`);
    if (deleted) await write(`DELETE FROM ${name} WHERE ${deleted.where}`);
  }
  const statements = Object.entries(SAMPLE).flatMap(([family, names]) =>
    names.map((name) => ({ name: `${family}: ${name}`, sql: statementOf(family, name) })),
  );
  const cell = await openFirst(browser, 'browser', 'SELECT 6 * 7 AS answer');
  for (let at = 0; at < statements.length; at += AT_ONCE) {
    const sql = statements
      .slice(at, at + AT_ONCE)
      .map(({ name, sql: statement }) => digested(name, statement))
      .join('\nUNION ALL ');
    const { body } = await server.post('/query', { sql, engine: 'server' });
    const { rows } = body as { rows: unknown[][] };
    const expected = rows.map((row) => row.map(String));
    await cell.write(sql);
    await cell.run();
    await expect(cell.error).toHaveCount(0);
    await expect(cell.badge).toHaveAccessibleName('Answered by this tab');
    await expect
      .poll(async () => (await cell.rows()).map((row) => row.map((value) => value.replaceAll(',', ''))))
      .toEqual(expected.map((row) => row.map((value) => value.replaceAll(',', ''))));
  }
  await cell.frame.page().close();
});

test('wide, long, endless and huge queries are answered in the tab, or end', async ({ browser }) => {
  test.slow();
  const wide = `SELECT ${Array.from({ length: 1000 }, (_, at) => `${at} AS c${at}`).join(', ')}`;
  const numbers = Array.from({ length: 140_000 }, (_, at) => at * 7);
  const long = `SELECT count(*) AS n FROM range(1000) t(i) WHERE i IN (${numbers.join(',')})`;
  expect(long.length).toBeGreaterThan(950_000);
  const first = await openFirst(browser, 'browser', wide);
  const page = first.frame.page();
  expect((await first.rows())[0]?.slice(0, 3)).toEqual(['0', '1', '2']);
  await first.grid.focus();
  await page.keyboard.press('End');
  await expect(first.grid.getByRole('gridcell', { name: '999', exact: true })).toBeVisible();

  await page.goto('/notebooks');
  const statement = await openCell(page, long);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(statement.badge).toBeVisible({ timeout: 150_000 });
  expect(await statement.rows()).toEqual([['143']]);

  await page.goto('/notebooks');
  const endless = await openCell(
    page,
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t) SELECT count(*) FROM t',
  );
  await page.keyboard.press('ControlOrMeta+Enter');
  await endless.frame.getByRole('button', { name: /^Stop/ }).first().click();
  await expect(endless.frame.getByText('Stopped')).toBeVisible();

  await endless.write('SELECT range AS i FROM range(50000000)');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(endless.badge).toHaveAccessibleName('Answered by this tab', { timeout: 150_000 });
  await expect(endless.frame.getByText('first 1,000,000 rows')).toBeVisible();
  await expect(endless.frame.getByText('There are more rows')).toBeVisible();
  await page.close();
});
