import { expect, test } from '@playwright/test';
import { equalityDeletes, positionDeletes } from '#server/engine/testing/delete-files.ts';
import { planFiles } from '#server/iceberg/scan/plan-files.ts';
import { TableServer } from '../fixtures/table-server.ts';
import { openCell } from '../pages/notebook-page.ts';
import { openWorkbench } from '../pages/workbench.ts';

let server: TableServer;
test.beforeAll(async () => {
  server = await TableServer.open();
});
test.afterAll(() => server.close());

test('rows that another engine deleted are gone in the tab, and still there before they were deleted', async ({
  browser,
}) => {
  const { tables } = server;
  const name = 'bronze.numbers';
  const loaded = await tables.append(name, 'SELECT i AS n, i % 10 AS digit FROM range(100000) t(i)');
  const before = await server.publish(name, 'Load');
  const { files } = await planFiles({ io: tables.io, metadata: loaded });
  const path = files[0]?.file.filePath ?? '';
  const rows = [11, 22, 33].map((position) => ({ path, position }));
  await tables.commit(name, [
    await positionDeletes(tables, loaded, rows),
    await equalityDeletes(tables, loaded, 'SELECT 7::BIGINT AS digit', [2]),
  ]);
  await server.publish(name, 'Delete rows');

  const page = await browser.newPage({ baseURL: server.url });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await openWorkbench(page);
  const cell = await openCell(page, '');
  const sums: [string, string[]][] = [
    [name, ['89997', '4499929934']],
    [`${name} AT (VERSION => '${before}')`, ['100000', '4999950000']],
  ];
  for (const [source, expected] of sums) {
    await cell.write(`SELECT count(*)::VARCHAR AS c, sum(n)::VARCHAR AS s FROM ${source}`);
    // The server answers until the tab has loaded the columns, and which of their rows are deleted.
    await expect(async () => {
      await cell.run();
      expect(await cell.rows()).toEqual([expected]);
      await expect(cell.badge).toHaveAccessibleName('Answered by this tab', { timeout: 2000 });
    }).toPass();
  }
  expect(asked.filter((url) => url.includes('/api/v1/deletes/'))).toHaveLength(1);
  await page.close();
});
