import type { BrowserContext } from '@playwright/test';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { measure, type BenchCase } from '../harness.ts';
import { runCell } from '../start/workbench.ts';
import { inColdTab } from './pages.ts';
import { overParquet, type FilesOf } from './peer.ts';
import { replaced, tpchQuery } from './tpch-queries.ts';

/** Texts that differ from run to run, so that no engine answers from what it kept of an answer. */
const VARIANTS: Readonly<Record<string, (run: number) => string>> = {
  q01: (run) => replaced(tpchQuery('q01').sql, "'90' DAY", `'${90 + run}' DAY`),
  q06: (run) => replaced(tpchQuery('q06').sql, 'l_quantity < 24', `l_quantity < ${24 + run / 100}`),
};

/** First answers in a tab that holds nothing: with the server's help, and alone. */
export async function tpchCold(context: BrowserContext, files: FilesOf): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const [name, variant] of Object.entries(VARIANTS)) {
    for (const [preference, aim] of [
      ['auto', 1.5],
      ['browser', 4],
    ] as const)
      cases.push(await firstAnswer({ context, files, name, variant, preference, aim }));
  }
  return cases;
}

interface First {
  readonly context: BrowserContext;
  readonly files: FilesOf;
  readonly name: string;
  readonly variant: (run: number) => string;
  readonly preference: EnginePreference;
  readonly aim: number;
}

function first(engines: ReadonlySet<string>): string {
  return `Answered by the ${[...engines].join(' and the ')}; plan and the rows' way into the page included. The peer is a new instance each run, its opening not counted; files in the system's cache for both.`;
}

async function firstAnswer({ context, files, name, variant, preference, aim }: First): Promise<BenchCase> {
  const engines = new Set<string>();
  let [mine, theirs] = [0, 0];
  const measured = await measure({
    name: `tpch-first-${name}-${preference === 'auto' ? 'helped' : 'alone'}`,
    work: `first answer of TPC-H ${name} in a tab that holds nothing${preference === 'auto' ? '' : ', by the tab itself'}`,
    aim,
    ours: () =>
      inColdTab(context, { sql: variant(mine++), preference }, async (page, cell) => {
        const { engine, timings } = await runCell(page, cell);
        engines.add(engine);
        return timings.total;
      }),
    peer: {
      name: 'native DuckDB, cold, over the same Parquet files',
      run: async () => {
        const native = await overParquet(files);
        try {
          return await native.time(variant(theirs++));
        } finally {
          native.close();
        }
      },
    },
  });
  return { ...measured, note: first(engines) };
}
