import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ClusterEngine } from '#server/engine/cluster/cluster-engine.ts';
import { ClusterPlanner } from '#server/engine/cluster/cluster-planner.ts';
import { queryStatement } from '#server/services/dml/index.ts';
import {
  KeptResults,
  planQuery,
  queryArrow,
  queryJson,
  type QueryContext,
} from '#server/services/query/index.ts';
import { tableTransfer } from '../../parity/answer.ts';
import { answerLines } from '../../parity/compare.ts';
import { MIXED } from '../../parity/seeds-mixed.ts';
import { REAL } from '../../parity/seeds-real.ts';
import { TPCH } from '../../parity/seeds-tpch.ts';
import { readFamilies, type Statement } from '../../parity/statements.ts';
import type { Report } from '../report.ts';
import { RestServer } from '../rest-server.ts';
import { startTrino, type TrinoPrograms } from '../trino.ts';
import { seedLakehouse } from './seed-lakehouse.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Those whose answers were compared; of the others `refused.txt` has the names. */
const AT_LEAST = 200;
const MINUTES_10 = 600_000;
const RAISE = [
  'CREATE TAG "before-raise"',
  'UPDATE lab.employees SET pay = pay + 100 WHERE id % 3 = 0',
  'ALTER TABLE lab.employees ADD COLUMN bonus DECIMAL(9,2)',
  'CREATE BRANCH dev',
];

/**
 * The statements of the suite of answers, and more, run by a Trino that has this lakehouse for a catalog, and by the
 * server's engine: rows and types have to be the same, also in their order where the statement gives one, but for the
 * sign of zero, which DuckDB drops where it sorts. What the cluster refuses has to be what is named.
 */
export async function compareCluster(report: Report, work: string, programs: TrinoPrograms): Promise<void> {
  const server = await RestServer.open(join(work, 'cluster'));
  const planner = await ClusterPlanner.open('lake');
  try {
    await seedLakehouse(server.lakehouse, [...TPCH, ...REAL, ...MIXED], 'main');
    for (const sql of RAISE) await queryStatement(server.lakehouse.ctx, { sql });
    const trino = await startTrino(programs, join(work, 'cluster-trino'), server, { lake: 'main' });
    try {
      const engine = new ClusterEngine({
        url: trino.url,
        user: 'interop',
        password: null,
        token: null,
        catalog: 'lake',
        timeoutMs: MINUTES_10,
        maxConcurrent: 2,
      });
      const cluster = { planner, engine, minBytes: 1, fallsBack: true };
      await compareAll(report, { ...server.lakehouse.ctx, cluster });
      await otherWays(report, { ...server.lakehouse.ctx, cluster });
    } finally {
      await trino.stop();
    }
  } finally {
    planner.close();
    await server.close();
  }
}

async function compareAll(report: Report, ctx: QueryContext): Promise<void> {
  const refused: string[] = [];
  let compared = 0;
  for (const family of [...readFamilies(here('../../parity/queries')), ...readFamilies(here('.'))])
    for (const statement of family.statements) {
      const name = `${family.name}/${statement.name}`;
      const { engine, columns } = await planQuery(ctx, { sql: statement.sql, engine: 'cluster' });
      if (engine.choice !== 'cluster') {
        refused.push(name);
        continue;
      }
      compared += 1;
      await report.case(`the cluster answers ${name}`, async () => {
        const answers = ['server', 'cluster'].map(async (which) => {
          const { stream, ranOn } = await askThere(ctx, statement, which as 'server');
          report.equal(`${name} ran where it should`, ranOn.used, which);
          return linesOf(await tableTransfer(columns, stream), statement);
        });
        const [ours, theirs] = await Promise.all(answers);
        report.equal(`the cluster answers ${name} as the server does`, ours, theirs);
      });
    }
  const named = readFileSync(here('refused.txt'), 'utf8').trim().split('\n');
  report.equal('what the cluster refuses is what is named', named, refused);
  report.check(`at least ${AT_LEAST} statements are compared`, compared >= AT_LEAST, () => String(compared));
  console.log(`The cluster: ${compared} statements compared, ${refused.length} refused.`);
}

/** A cluster that others use may be away for a moment: then it is asked again, and why is said. */
async function askThere(ctx: QueryContext, statement: Statement, engine: 'server' | 'cluster') {
  for (let left = 5; ; left -= 1) {
    const answer = await queryArrow(ctx, { ...statement, engine, cache: false });
    if (answer.ranOn.used === engine || left === 0) return answer;
    console.log(`${statement.name} ran on the ${answer.ranOn.used}: ${answer.ranOn.reason}`);
    await answer.stream.cancel();
    await setTimeout(3000);
  }
}

function linesOf(answer: Parameters<typeof answerLines>[0], statement: Statement): readonly string[] {
  return answerLines(answer, statement).map((line) => line.replaceAll(/(^|[ [(])-0(?=$|[ ,\])])/g, '$10'));
}

/** Answers as JSON and in pages, at another branch, by size, and of a cluster that does not answer. */
async function otherWays(report: Report, ctx: QueryContext): Promise<void> {
  await queryStatement(ctx as never, { sql: 'DELETE FROM lab.employees WHERE id > 20', ref: 'dev' });
  const sql = 'SELECT id, pay, team FROM lab.employees ORDER BY id';
  const answer = await queryJson(ctx, { sql, ref: 'dev', engine: 'cluster' });
  const expected = await queryJson(ctx, { sql, ref: 'dev', engine: 'server' });
  report.equal('the cluster answers as JSON at a branch', expected.rows, answer.rows);
  const ran = { used: 'cluster', reason: 'You chose the cluster.' };
  report.equal('the cluster says that it did', answer.engine, ran);
  const results = new KeptResults(ctx);
  const kept = await results.create({ sql, engine: 'cluster' });
  const page = await results.page(kept.url.slice(kept.url.lastIndexOf('/') + 1), { offset: 10, limit: 5 });
  report.equal(
    'a page of the cluster’s rows',
    page.rows.map(([id]) => id),
    [11, 12, 13, 14, 15],
  );
  results.delete(kept.url.slice(kept.url.lastIndexOf('/') + 1));
  const big = await planQuery({ ...ctx, browserBytes: 1 }, { sql });
  report.equal('queries that are big are for the cluster', big.engine.choice, 'cluster');
  const options = { url: 'http://127.0.0.1:9', user: 'x', password: null, token: null, catalog: 'lake' };
  const engine = new ClusterEngine({ ...options, timeoutMs: MINUTES_10, maxConcurrent: 1 });
  const down = { ...ctx, cluster: { ...(ctx.cluster as NonNullable<QueryContext['cluster']>), engine } };
  const instead = await queryJson(down, { sql, engine: 'cluster', cache: false });
  report.check(
    'the server answers where the cluster is down, and says so',
    instead.engine?.used === 'server' && instead.engine.reason.includes('does not answer'),
    () => JSON.stringify(instead.engine),
  );
}
