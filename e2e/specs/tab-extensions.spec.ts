import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { systemInfo } from '#shared/contract/system.ts';
import { E2E_TOKEN } from '../fixtures/server.ts';
import { ServerProcess } from '../fixtures/server-process.ts';
import { unsignedExtension } from '../fixtures/unsigned-extension.ts';
import { openCell } from '../pages/notebook-page.ts';

const FILE = 'inet.duckdb_extension.wasm';

let folder: string;
let server: ServerProcess;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timestream-extensions-'));
  const lakehouse = join(folder, 'lakehouse');
  server = new ServerProcess(lakehouse, ['--no-demo']);
  const { duckdb } = await server.get('/system', systemInfo);
  await server.stop();
  const place = join(lakehouse, 'extensions', duckdb, 'wasm_threads');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, FILE), unsignedExtension('inet'));
  server = new ServerProcess(lakehouse, ['--no-demo']);
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page, and asks what needs every thread of the tab's engine. */
async function openPage(browser: Browser, unsigned: 'allowed' | 'refused') {
  const page = await browser.newPage({ baseURL: await server.url() });
  const asked: string[] = [];
  const warned: string[] = [];
  page.context().on('response', (response) => {
    if (response.url().includes('/extensions/')) asked.push(`${response.status()} ${response.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'warning' && message.text().includes('extension')) warned.push(message.text());
  });
  await page.addInitScript((allowed) => {
    localStorage.setItem('timestream.engine', 'browser');
    if (!allowed) return;
    // Called on the worker that it is taken from.
    // oxlint-disable-next-line typescript/unbound-method
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: unknown, options?: unknown) {
      const { type, data } = message as { type?: string; data?: Record<string, unknown> };
      if (type === 'OPEN' && data !== undefined) data['allowUnsignedExtensions'] = true;
      postMessage.call(this, message, options as StructuredSerializeOptions);
    };
  }, unsigned === 'allowed');
  await page.goto(`/?token=${E2E_TOKEN}`);
  const cell = await openCell(page, 'SELECT count(*) AS n FROM range(5000000) t(i) WHERE hash(i) % 2 < 2');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.badge).toHaveAccessibleName('Answered by this tab', { timeout: 150_000 });
  await expect.poll(() => cell.rows()).toEqual([['5,000,000']]);
  await page.close();
  return { asked, warned };
}

test('a tab loads the extensions of its server when its engine starts, from nowhere else, and none that is not signed', async ({
  browser,
}) => {
  const address = `${await server.url()}/api/v1/extensions/wasm_threads/${FILE}`;
  const refused = await openPage(browser, 'refused');
  expect(refused.asked).toEqual([`200 ${address}`]);
  expect(refused.warned).toEqual([
    expect.stringMatching(/does not load the extension inet: .*signature is either missing or invalid/s),
  ]);
  expect(await openPage(browser, 'allowed')).toEqual({ asked: [`200 ${address}`], warned: [] });
});
