import type { BrowserContext } from '@playwright/test';
import { AppError } from '#shared/errors/app-error.ts';
import { median, ratioCase, type BenchCase } from '../harness.ts';
import { engineStart, runCell } from '../start/workbench.ts';
import { held, inColdTab } from './pages.ts';
import { overOwnTables, overParquet, type FilesOf } from './peer.ts';
import { tpchQueries } from './tpch-queries.ts';

const RUNS = 5;

interface Figures {
  readonly name: string;
  /** Milliseconds: the tab's run, the whole wait with its plan, and native DuckDB's. */
  readonly run: number;
  readonly total: number;
  readonly parquet: number;
  readonly own: number;
}

/** The 22 queries in a tab that holds their columns, and what it takes to hold them. */
export async function tpchWarm(context: BrowserContext, files: FilesOf): Promise<BenchCase[]> {
  const queries = tpchQueries();
  return inColdTab(context, { sql: queries[0]?.sql ?? '', preference: 'browser' }, async (page, cell) => {
    const { bundle, threads } = await engineStart(page);
    const [parquet, own] = [await overParquet(files, threads), await overOwnTables(files, threads)];
    try {
      for (const { sql } of queries) {
        await cell.write(sql);
        await runCell(page, cell);
      }
      const memory = await held(page);
      const figures: Figures[] = [];
      for (const { name, sql } of queries) {
        await cell.write(sql);
        const times: Record<'run' | 'total' | 'parquet' | 'own', number[]> = {
          run: [],
          total: [],
          parquet: [],
          own: [],
        };
        for (let run = 0; run <= RUNS; run++) {
          const { engine, timings } = await runCell(page, cell);
          if (engine !== 'browser') throw new AppError('INTERNAL', `The tab did not answer ${name} itself.`);
          const native = [await parquet.time(sql), await own.time(sql)] as const;
          if (run === 0) continue;
          times.run.push(timings.run);
          times.total.push(timings.total);
          times.parquet.push(native[0]);
          times.own.push(native[1]);
        }
        figures.push({
          name,
          run: median(times.run),
          total: median(times.total),
          parquet: median(times.parquet),
          own: median(times.own),
        });
      }
      return [...warmCases(figures, `${bundle}, ${threads} threads`), memoryCase(memory)];
    } finally {
      parquet.close();
      own.close();
    }
  });
}

function warmCases(figures: readonly Figures[], engine: string): BenchCase[] {
  const mean = (of: (each: Figures) => number) =>
    Math.exp(figures.reduce((sum, each) => sum + Math.log(of(each)), 0) / figures.length);
  const work = `geometric mean of TPC-H's ${figures.length} queries in a tab that holds their columns (${engine})`;
  const ours = 'From the plan until the rows are in the page.';
  const whole = ratioCase({
    name: 'tpch-warm-files',
    work,
    unit: 'ms',
    ours: mean(({ run }) => run),
    peer: 'native DuckDB, as many threads, over the same Parquet files',
    peerValue: mean(({ parquet }) => parquet),
    aim: 1,
    note: `${ours} Slowest of ours against the peer: ${slowest(figures, (each) => each.run / each.parquet)}.`,
  });
  const own = ratioCase({
    name: 'tpch-warm-tables',
    work,
    unit: 'ms',
    ours: mean(({ run }) => run),
    peer: 'native DuckDB, as many threads, over compressed tables of its own in memory',
    peerValue: mean((each) => each.own),
    aim: 1.5,
    note: `${ours} Slowest of ours against the peer: ${slowest(figures, (each) => each.run / each.own)}.`,
  });
  const wait = ratioCase({
    name: 'tpch-warm-wait',
    work: `${work}, from the request on`,
    unit: 'ms',
    ours: mean(({ total }) => total),
    peer: 'native DuckDB, as many threads, over the same Parquet files',
    peerValue: mean(({ parquet }) => parquet),
    note: 'What a person waits: the plan, which the server makes, included.',
  });
  const each = figures.map(({ name, run, parquet, own: ownTables }) =>
    ratioCase({
      name: `tpch-${name}`,
      work: `TPC-H ${name} in a tab that holds its columns`,
      unit: 'ms',
      ours: run,
      peer: 'native DuckDB, as many threads, over the same Parquet files',
      peerValue: parquet,
      note: `Over its own tables native DuckDB takes ${ownTables.toFixed(1)} ms: ratio ${(run / ownTables).toFixed(2)}.`,
    }),
  );
  return [whole, own, wait, ...each];
}

function slowest(figures: readonly Figures[], ratio: (each: Figures) => number): string {
  return figures
    .toSorted((a, b) => ratio(b) - ratio(a))
    .slice(0, 4)
    .map((each) => `${each.name} ${ratio(each).toFixed(2)}`)
    .join(', ');
}

function memoryCase({ bytes, fileBytes, columns }: Awaited<ReturnType<typeof held>>): BenchCase {
  const mebibytes = (count: number) => count / 1024 ** 2;
  return ratioCase({
    name: 'tab-memory',
    work: `memory of the ${columns} columns of data files that the 22 queries read, once the tab has compressed them`,
    unit: 'MiB',
    ours: mebibytes(bytes),
    peer: 'the same columns in the Parquet files',
    peerValue: mebibytes(fileBytes),
    aim: 1.5,
    note: 'As the tab’s DuckDB counts it; measured once, as it does not vary.',
  });
}
