import { z } from 'zod';
import { landResult } from '#shared/contract/merges.ts';
import { queryResult } from '#shared/contract/query.ts';
import { refInfo, refList } from '#shared/contract/refs.ts';
import { statementResult } from '#shared/contract/statements.ts';
import { createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { openLakehouse } from '../lakehouse.ts';
import { PAIRS, stepsFound, TABLE_WRITERS, tableStep, type DoneStep, type FoundState } from './write-load.ts';

/**
 * Opens the lakehouse in argv[2], on the PostgreSQL in argv[3] where there is one; prints what it finds, and then
 * writes, saying each step once it is acknowledged, until it is killed.
 */
const [, , directory = '', databaseUrl = ''] = process.argv;
const OPTIMIZE_EVERY = 16;
const environment = {
  LAKEHOUSE_DIR: directory,
  DATABASE_URL: databaseUrl,
  ENGINE_MEMORY: '512MB',
  ENGINE_THREADS: '1',
  LOG_LEVEL: 'silent',
};
const { ctx, token } = await openLakehouse(readConfig(environment, {}));
const app = createApp({ ctx, token, allowedHosts: [], webDirectory: null, version: '0', logger: ctx.logger });

class Refused extends Error {}

async function ask<T>(schema: z.ZodType<T>, method: string, path: string, json?: unknown): Promise<T> {
  const response = await app.request(`http://localhost/api/v1${path}`, {
    method,
    headers: { host: 'localhost', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Refused(`${method} ${path} ${JSON.stringify(json)}: ${answer}`);
  return schema.parse(JSON.parse(answer));
}

async function rows(sql: string, ref = 'main'): Promise<unknown[][]> {
  return (await ask(queryResult, 'POST', '/query', { sql, ref, engine: 'server' })).rows;
}

async function numbers(table: string, ref = 'main'): Promise<number[]> {
  return z.array(z.number()).parse((await rows(`SELECT i FROM load.${table} ORDER BY i`, ref)).flat());
}

/** The hash of the commit that a statement made. */
async function run(sql: string, ref = 'main'): Promise<string | null> {
  return (await ask(statementResult, 'POST', '/statements', { sql, ref })).commit?.hash ?? null;
}

async function merge(from: string): Promise<string | null> {
  const merged = await ask(landResult, 'POST', '/refs/main/merge', { from });
  if (merged.outcome !== 'COMMITTED' && merged.outcome !== 'FAST_FORWARD')
    throw new Refused(`merging ${from}: ${JSON.stringify(merged)}`);
  return merged.after;
}

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const done = (worker: string, step: number | null, commit: string | null) =>
  print({ kind: 'done', worker, step, commit } satisfies DoneStep);

async function branchNames(): Promise<readonly string[]> {
  return (await ask(refList, 'GET', '/refs')).refs.map(({ name }) => name);
}

async function prepare(): Promise<void> {
  for (let writer = 0; writer < TABLE_WRITERS; writer += 1)
    await run(`CREATE TABLE IF NOT EXISTS load.t${writer} (i INTEGER, v INTEGER)`);
  for (const name of ['left', 'right', 'side'])
    await run(`CREATE TABLE IF NOT EXISTS load."${name}" (i INTEGER)`);
  if (!(await branchNames()).includes(PAIRS)) await ask(refInfo, 'POST', '/refs', { name: PAIRS });
}

async function find(): Promise<FoundState> {
  const tables = [];
  for (let writer = 0; writer < TABLE_WRITERS; writer += 1)
    tables.push(
      z
        .array(z.tuple([z.number(), z.number()]))
        .parse(await rows(`SELECT i, v FROM load.t${writer} ORDER BY i`)),
    );
  const open = (await branchNames()).filter((name) => name.startsWith('work-'));
  const branches = await Promise.all(
    open.map(async (name) => ({
      number: Number(name.slice('work-'.length)),
      rows: await numbers('side', name),
    })),
  );
  const { hash } = await ctx.catalog.getRef('main');
  const { commits } = await ctx.catalog.log(hash, { limit: 1_000_000 });
  return {
    kind: 'found',
    tables,
    pairs: {
      left: await numbers('"left"', PAIRS),
      right: await numbers('"right"', PAIRS),
      mergedLeft: await numbers('"left"'),
      mergedRight: await numbers('"right"'),
    },
    side: { merged: await numbers('side'), branches },
    log: commits.map((commit) => commit.hash).reverse(),
  };
}

async function pairStep(n: number): Promise<string | null> {
  if (n % 2 === 1) return merge(PAIRS);
  const number = n / 2;
  await run(
    `BEGIN; INSERT INTO load."left" VALUES (${number}); INSERT INTO load."right" VALUES (${number}); COMMIT`,
    PAIRS,
  );
  return null;
}

async function branchStep(n: number): Promise<string | null> {
  const number = Math.floor(n / 4);
  const branch = `work-${number}`;
  if (n % 4 === 0) await ask(refInfo, 'POST', '/refs', { name: branch });
  if (n % 4 === 1) await run(`INSERT INTO load.side VALUES (${number})`, branch);
  if (n % 4 === 2) return merge(branch);
  if (n % 4 === 3) await ask(z.unknown(), 'DELETE', `/refs/${branch}`);
  return null;
}

/** Goes on where the last process was killed, for ever. */
async function work(
  worker: string,
  from: number,
  table: string,
  step: (n: number) => Promise<string | null>,
): Promise<void> {
  try {
    for (let n = from; ; n += 1) {
      done(worker, n, await step(n));
      if (n % OPTIMIZE_EVERY === OPTIMIZE_EVERY - 1) done(worker, null, await run(`OPTIMIZE load.${table}`));
    }
  } catch (error) {
    print({ kind: 'refused', worker, answer: String(error) });
  }
}

await prepare();
const found = await find();
print(found);
const at = stepsFound(found);
const from = (worker: string) => at.get(worker) ?? 0;
await Promise.all([
  ...found.tables.map((_, index) =>
    work(`t${index}`, from(`t${index}`), `t${index}`, (n) => run(tableStep(`load.t${index}`, n))),
  ),
  work(PAIRS, from(PAIRS), '"left"', pairStep),
  work('branches', from('branches'), 'side', branchStep),
]);
