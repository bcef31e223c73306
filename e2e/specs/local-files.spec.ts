import { expect, test } from '@playwright/test';
import { tableToIPC, tableFromArrays } from 'apache-arrow';
import { parquetOf } from '../fixtures/table-files.ts';
import { LocalFilesPanel } from '../pages/local-files.ts';
import { expectNoFaults } from '../pages/no-faults.ts';
import { openCell } from '../pages/notebook-page.ts';
import { said } from '../pages/said.ts';
import { openWorkbench } from '../pages/workbench.ts';

const CITIES =
  'code,city,founded\nSFO,San Francisco,1776-06-29\nJFK,"New York, NY",1624-01-01\nORD,Chicago,1833-08-12\n';

test('files of every kind are tables as soon as they are dropped, and stay after a reload', async ({
  page,
}) => {
  // The engine starts twice.
  test.slow();
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1 AS one');
  const files = new LocalFilesPanel(page);
  await files.drop([
    { name: 'My cities 2024.csv', content: CITIES },
    { name: 'fares.tsv', content: 'code\tfare\nSFO\t10.5\nSFO\t3\nORD\t7\n' },
    {
      name: 'people.ndjson',
      content:
        '{"id": 1, "home": {"code": "SFO", "since": 2001}, "tags": ["a", "b"]}\n{"id": 9007199254740993}\n',
    },
    {
      name: 'codes.parquet',
      content: await parquetOf(
        "SELECT ['SFO', 'JFK'][1 + range % 2] AS code, range AS n, {'a': range} AS nested, range::DECIMAL(9,2) AS price FROM range(20000)",
      ),
    },
  ]);
  await files.open([
    {
      name: 'table.arrow',
      content: Buffer.from(tableToIPC(tableFromArrays({ x: [1.5, 2.5], word: ['a', 'b'] }), 'file')),
    },
  ]);
  await expect(files.file('my_cities_2024')).toHaveAccessibleName(
    'my_cities_2024, 3 rows, 3 columns, from My cities 2024.csv',
    { timeout: 90_000 },
  );
  await expect(files.file('codes')).toHaveAccessibleName(/^codes, 20,000 rows, 4 columns/);
  await expect(files.file('table')).toHaveAccessibleName(/^table, 2 rows, 2 columns/);
  await files.file('people').click();
  await expect(files.columns('people').getByRole('listitem')).toHaveText([
    'idbigint',
    'homestruct(code varchar, since bigint)',
    'tagsvarchar[]',
  ]);
  await expectNoFaults(page);

  await files.rename('my_cities_2024', 'Towns');
  await cell.write(`SELECT c.city, c.founded, sum(p.price) AS total, any_value(f.fare) AS fare, (SELECT max(id) FROM people) AS id,
    (SELECT sum(x) FROM "table") AS x, count(*) AS n
    FROM codes p JOIN towns c USING (code) LEFT JOIN (SELECT code, sum(fare) AS fare FROM fares GROUP BY code) f USING (code)
    GROUP BY ALL ORDER BY city`);
  await cell.run();
  await expect
    .poll(() => cell.rows())
    .toEqual([
      ['New York, NY', '1624-01-01', '100,000,000.00', 'NULL', '9007199254740993', '4', '10,000'],
      ['San Francisco', '1776-06-29', '99,990,000.00', '13.5', '9007199254740993', '4', '10,000'],
    ]);
  await expect(cell.badge).toHaveAccessibleName('Answered by this tab');

  // With a table of the lakehouse, and again after the page is opened anew.
  await page.reload();
  await expect(files.file('Towns')).toHaveAccessibleName(/^Towns, 3 rows/, { timeout: 150_000 });
  await cell.write(
    'SELECT a.state, t.city FROM bronze.airports a JOIN towns t ON a.iata = t.code ORDER BY ALL',
  );
  await cell.run();
  await expect
    .poll(() => cell.rows())
    .toEqual([
      ['CA', 'San Francisco'],
      ['IL', 'Chicago'],
      ['NY', 'New York, NY'],
    ]);

  // What only the server could run says so; what is gone is no table any more.
  await cell.write("SELECT json_extract(city, '$.a') FROM towns");
  await cell.run();
  await expect(cell.error).toContainText('reads the file Towns, which only this tab has');
  await cell.write('DELETE FROM bronze.airports WHERE iata IN (SELECT code FROM towns)');
  await cell.run();
  await expect(cell.error).toContainText('which does not have the file Towns: only this tab has it');
  await files.do('Towns', 'Remove from this tab');
  await cell.write('FROM towns');
  await cell.run();
  await expect(cell.error).toContainText('There is no table towns');
});

test('a file that can’t be read says where it is broken; another of its name takes its place', async ({
  page,
}, { retry, repeatEachIndex }) => {
  test.slow();
  await openWorkbench(page);
  const cell = await openCell(page, 'SELECT 1 AS one');
  const files = new LocalFilesPanel(page);
  await files.drop([
    { name: 'broken.csv', content: 'a,b\n1,2\n3,4\n5,6,7\n8,9\n' },
    { name: 'broken.json', content: '[{"a": 1},\n{"a": 2},\n{"a": }]' },
    { name: 'broken.parquet', content: 'not at all' },
    { name: 'picture.png', content: 'x' },
  ]);
  await expect(said(page, 'picture.png can’t be queried')).toBeVisible();
  // The engine starts with the first file.
  await expect(files.section.getByText(/^broken\.csv, line 4: /)).toBeVisible({ timeout: 90_000 });
  await expect(files.section.getByText(/^broken\.json, line 3: what begins there is no JSON/)).toBeVisible();
  await expect(files.section.getByText(/^broken\.parquet: it can’t be read as Parquet/)).toBeVisible();
  await expectNoFaults(page);
  await files.drop([{ name: 'broken.csv', content: 'a,b\n1,2\n3,4\n' }]);
  await expect(files.file('broken')).toHaveAccessibleName(/^broken, 2 rows/);
  await files.do('broken', 'Query in a new cell');
  const made = page.getByRole('group', { name: /^SQL cell 2 of/ });
  await expect(made.getByRole('gridcell').first()).toHaveText('1');

  // As a table of its own, with another type; its name is then taken. A second try needs another.
  const table = `numbers_${retry}_${repeatEachIndex}`;
  const dialog = await files.save('broken');
  await dialog.getByRole('textbox', { name: 'Namespace' }).fill('dropped');
  await dialog.getByRole('textbox', { name: 'Table', exact: true }).fill(table);
  await dialog.getByRole('combobox', { name: 'Type of b' }).click();
  await page.getByRole('option', { name: 'double' }).click();
  await expectNoFaults(page);
  await dialog.getByRole('button', { name: 'Create the table' }).click();
  await expect(dialog).toHaveCount(0);
  const again = await files.save('broken');
  await again.getByRole('textbox', { name: 'Namespace' }).fill('dropped');
  await again.getByRole('textbox', { name: 'Table', exact: true }).fill(table);
  await again.getByRole('button', { name: 'Create the table' }).click();
  await expect(again.getByRole('alert')).toHaveText(`There is a table dropped.${table} on "main" already.`);
  // Its rows can be added to what is there.
  await again.getByRole('radio', { name: 'Add to a table' }).click();
  await again.getByRole('combobox', { name: 'Table to add to' }).click();
  await page.getByRole('option', { name: `dropped.${table}` }).click();
  await again.getByRole('button', { name: 'Add the rows' }).click();
  await expect(again).toHaveCount(0);
  await cell.write(
    `SELECT typeof(b) AS type, count(*) AS n, sum(b) AS total FROM dropped.${table} GROUP BY ALL`,
  );
  await cell.run();
  await expect.poll(() => cell.rows()).toEqual([['DOUBLE', '4', '12']]);
});
