import type { BrowserContext } from '@playwright/test';
import { AppError } from '#shared/errors/app-error.ts';
import { measure, type BenchCase } from '../harness.ts';
import { Native, over } from './native.ts';
import { engineStart, openColdTab, runCell, warmedAt, warmUp } from './workbench.ts';

/** Two columns of the three million rows. */
export const GROUP_BY =
  'SELECT origin, count(*) AS flights, avg(delay) AS mean_delay FROM bronze.flights GROUP BY origin ORDER BY flights DESC, origin';

/** From an open of the page until its engine takes queries. */
export function engineStartCase(context: BrowserContext): Promise<BenchCase> {
  return measure({
    name: 'engine-start',
    work: 'open the page until DuckDB in the tab takes queries, browser cache warm',
    ours: async () => {
      const page = await context.newPage();
      try {
        await page.goto('/');
        return (await engineStart(page)).readyAt;
      } finally {
        await page.close();
      }
    },
    note: 'no peer: nothing else starts an engine in a page from the same server. The page itself loads in the same time.',
  });
}

/** @param files SQL that reads the table's data files */
export async function firstTouch(context: BrowserContext, files: string): Promise<BenchCase[]> {
  const heldAfter: number[] = [];
  const answers = new Set<string>();
  const answer = await measure({
    name: 'first-touch',
    work: 'first answer of a group-by over 2 columns of 3,000,000 rows in a tab that holds nothing',
    ours: async () => {
      const { page, cell } = await openColdTab(context, GROUP_BY);
      try {
        const { engine, timings, startedAt } = await runCell(page, cell);
        answers.add(engine);
        heldAfter.push((await warmedAt(page)) - startedAt);
        return timings.total;
      } finally {
        await page.close();
      }
    },
    peer: {
      name: 'native DuckDB, cold, same Parquet files',
      run: async () => {
        const native = await Native.open();
        try {
          return await native.time(over(GROUP_BY, files));
        } finally {
          native.close();
        }
      },
    },
  });
  const held = await measure({
    name: 'first-touch-held',
    work: 'from the same request until the tab itself holds the 2 columns, compressed',
    // Seen in the runs above, and in their order.
    ours: () => Promise.resolve(heldAfter.shift() ?? Number.NaN),
    note: 'no peer: a native engine keeps no such cache. It includes the answer above: loading starts after it.',
  });
  const note = `Answered by the ${[...answers].join(' and the ')}, which runs on; plan, two HTTP requests and the rows' way into the page included. The peer is a new instance each run, its opening not counted; files in the system's cache for both.`;
  return [{ ...answer, note }, held];
}

/** @param files SQL that reads the table's data files */
export async function warmQuery(context: BrowserContext, files: string): Promise<BenchCase> {
  const { page, cell } = await openColdTab(context, GROUP_BY);
  const native = await Native.open(1);
  try {
    const { bundle, threads } = await engineStart(page);
    await native.rows(`CREATE TABLE flights AS SELECT * FROM ${files}`);
    await warmUp(page, cell);
    return await measure({
      name: 'warm-query',
      work: `group-by over 3,000,000 rows that the tab holds (${bundle}, ${threads} threads)`,
      runs: 15,
      ours: async () => {
        const { engine, timings } = await runCell(page, cell);
        if (engine !== 'browser')
          throw new AppError('INTERNAL', 'The tab let go of its columns in the middle of the benchmark.');
        return timings.run;
      },
      peer: {
        name: 'native DuckDB, 1 thread, in memory',
        run: () => native.time(over(GROUP_BY, 'flights')),
      },
      note: `The tab's run time until the rows are in the page, without the plan. Its engine has ${threads} threads and compressed columns; the peer has 1 thread and an uncompressed table.`,
    });
  } finally {
    native.close();
    await page.close();
  }
}
