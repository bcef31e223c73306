import { E2E_TOKEN } from '../../e2e/fixtures/server.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { measure, timed, type BenchCase } from '../harness.ts';
import { Native, over } from './native.ts';

/** Plans in one run; a run's figure is the time of one. */
const PLANS = 20;
/** Many, as each is over in a moment in which the machine may be busy with something else. */
const RUNS = 25;

const sqlAbout = (delay: number) =>
  `SELECT origin, count(*) AS flights, avg(delay) AS mean_delay FROM bronze.flights WHERE delay > ${delay} GROUP BY origin ORDER BY flights DESC`;

/** @param files SQL that reads the table's data files */
export async function planLatency(url: string, files: string): Promise<BenchCase[]> {
  const native = await Native.open();
  const each = (sql: () => string, plan: (sql: string) => Promise<unknown>) => async () => {
    const texts = Array.from({ length: PLANS }, sql);
    const total = await timed(async () => {
      for (const text of texts) await plan(text);
    });
    return total / PLANS;
  };
  const ours = (sql: string) => requestPlan(url, sql);
  const explain = (sql: string) => native.rows(`EXPLAIN ${over(sql, files)}`);
  const peer = 'native DuckDB: EXPLAIN over the same Parquet files';
  const note = `Mean of ${PLANS}, one after the other. Ours over HTTP, and it resolves the snapshot, prunes files by their bounds and weighs columns; the peer is in this process and is given the files.`;
  let delay = 0;
  let explained = 0;
  try {
    return [
      await measure({
        name: 'plan-same-sql',
        work: 'POST /api/v1/plan of SQL that was planned before',
        ours: each(() => sqlAbout(60), ours),
        peer: { name: peer, run: each(() => sqlAbout(60), explain) },
        runs: RUNS,
        note,
      }),
      await measure({
        name: 'plan-new-sql',
        work: 'POST /api/v1/plan of SQL text that is new each time',
        ours: each(() => sqlAbout(61 + delay++), ours),
        peer: { name: peer, run: each(() => sqlAbout(61 + explained++), explain) },
        runs: RUNS,
        note,
      }),
    ];
  } finally {
    native.close();
  }
}

async function requestPlan(url: string, sql: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/plan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${E2E_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sql }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new AppError('INTERNAL', `The server made no plan (${answer.status}): ${text}`);
}
