import type { BrowserContext, Page } from '@playwright/test';
import type { ServerProcess } from '../../e2e/fixtures/server-process.ts';
import type { SqlCell } from '../../e2e/pages/notebook-page.ts';
import { refList } from '#shared/contract/refs.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { median, ratioCase, type BenchCase } from '../harness.ts';
import { runCell } from '../start/workbench.ts';
import { PARTS } from './lakehouse.ts';
import { inColdTab } from './pages.ts';

const RUNS = 5;

const query = (table: string) =>
  `SELECT l_shipmode, count(*) AS lines, sum(l_quantity) AS quantity, avg(l_extendedprice) AS price, max(l_shipdate) AS last FROM ${table} GROUP BY l_shipmode ORDER BY l_shipmode`;

/** A look at a snapshot of twelve files in a tab that holds another one, of which one file differs. */
export async function timeTravel(context: BrowserContext, server: ServerProcess): Promise<BenchCase> {
  const { hash } = (await server.get('/refs', refList)).refs.find(({ name }) => name === 'main') ?? {};
  if (hash === undefined) throw new AppError('INTERNAL', 'The lakehouse has no branch main.');
  await replaceLastPart(server, hash);
  const loads: number[] = [];
  const steps: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const sql = query(`bench.parts AT (VERSION => '${hash}')`);
    const [load, step] = await inColdTab(context, { sql, preference: 'browser' }, async (page, cell) => {
      const full = await runCell(page, cell);
      // The checkpoint of what was loaded is over by then: a step is taken after a look.
      await page.waitForTimeout(2000);
      return [full.timings.total, await stepOf(page, cell)] as const;
    });
    if (run === 0) continue;
    loads.push(load);
    steps.push(step);
  }
  return ratioCase({
    name: 'time-travel-step',
    work: `answer of a query over a snapshot of ${PARTS} files of which the tab holds all but one`,
    unit: 'ms',
    ours: median(steps),
    peer: 'the same query over the other snapshot in the same tab before, which held nothing',
    peerValue: median(loads),
    aim: 0.15,
    note: 'Both with plan, load and run, over 4 columns; files in the system’s cache, none in the browser’s.',
  });
}

async function stepOf(page: Page, cell: SqlCell): Promise<number> {
  await cell.write(query('bench.parts'));
  return (await runCell(page, cell)).timings.total;
}

async function replaceLastPart(server: ServerProcess, before: string): Promise<void> {
  const last = `part = ${PARTS - 1}`;
  for (const sql of [
    `DELETE FROM bench.parts WHERE ${last}`,
    `INSERT INTO bench.parts SELECT * REPLACE (CAST(l_quantity + 1 AS DECIMAL(15,2)) AS l_quantity) FROM bench.parts AT (VERSION => '${before}') WHERE ${last}`,
  ]) {
    const { status, body } = await server.post('/statements', { sql });
    if (status !== 200)
      throw new AppError('INTERNAL', `The table could not be changed: ${JSON.stringify(body)}`);
  }
}
