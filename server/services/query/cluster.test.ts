import { expect, it } from 'vitest';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { withCluster, type Cluster } from './cluster.ts';
import { OUTSIDE_OF_TABS, plannedHere, preferenceHere, runWhere } from './run-on-cluster.ts';

const MB = 1_000_000;

function planned(bytes: number, choice: 'browser' | 'server'): PlannedQuery {
  const engine = { choice, reason: 'as it was', browserCapable: choice === 'browser' };
  return { plan: { bytes, engine }, sources: [{}] } as unknown as PlannedQuery;
}

/** Translates all, or says why not. */
const cluster = (refused?: string, fallsBack = true): Cluster => ({
  planner: {
    translate: async () => Promise.resolve(refused === undefined ? { sql: 'SELECT 1' } : { refused }),
  },
  engine: {} as Cluster['engine'],
  minBytes: 100 * MB,
  fallsBack,
});

it.each<[EnginePreference, number, 'browser' | 'server', string]>([
  ['auto', 200 * MB, 'server', 'cluster'],
  ['auto', 99 * MB, 'server', 'server'],
  // What the tab holds or can load, it answers first.
  ['auto', 200 * MB, 'browser', 'browser'],
  ['server', 200 * MB, 'server', 'server'],
  ['browser', 200 * MB, 'server', 'server'],
  ['cluster', 1, 'server', 'cluster'],
])(
  'sends what is big or is asked for to the cluster: %s, %d bytes, else %s',
  async (preference, bytes, choice, to) => {
    const { plan, clusterSql } = await withCluster(cluster(), planned(bytes, choice), preference);
    expect(plan.engine.choice).toBe(to);
    expect(clusterSql).toBe(to === 'cluster' ? 'SELECT 1' : undefined);
  },
);

it('says why a query is not on the cluster, or refuses it where the server is not to run it', async () => {
  const { plan, clusterSql } = await withCluster(cluster('no asof'), planned(200 * MB, 'server'), 'auto');
  expect(plan.engine).toMatchObject({
    choice: 'server',
    reason: 'It needs 200 MB, and is not for the cluster: no asof.',
  });
  expect(clusterSql).toBeUndefined();
  await expect(
    withCluster(cluster('no asof', false), planned(200 * MB, 'server'), 'auto'),
  ).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
  await expect(withCluster(undefined, planned(1, 'server'), 'cluster')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

it('runs on the server what a cluster does not begin to answer, unless it failed of the rows or may not', async () => {
  const query = { ...planned(1, 'server'), clusterSql: 'SELECT 1' };
  const failing = (code: 'UNAVAILABLE' | 'SQL_RUNTIME') => async (asked: PlannedQuery) =>
    asked.clusterSql === undefined
      ? Promise.resolve('here')
      : Promise.reject(new AppError(code, 'It is down.'));
  expect(await runWhere(cluster(), query, failing('UNAVAILABLE'))).toMatchObject({
    answer: 'here',
    ranOn: { used: 'server', reason: 'It is down.' },
  });
  await expect(runWhere(cluster(), query, failing('SQL_RUNTIME'))).rejects.toMatchObject({
    code: 'SQL_RUNTIME',
  });
  await expect(runWhere(cluster('', false), query, failing('UNAVAILABLE'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
});

it('lets scripts have the cluster by size, and the page only what it asked for', () => {
  expect(preferenceHere(undefined, undefined)).toBe('server');
  expect(preferenceHere(cluster(), undefined)).toBe('auto');
  expect(preferenceHere(cluster(), 'browser')).toBe('auto');
  expect(preferenceHere(cluster(), 'server')).toBe('server');
});

it('says of who named no engine that they come from no tab, and still which view answers', () => {
  const chosen = planned(1, 'server');
  const reason = 'You chose the server. Answered from the materialized view a.v, fresh at snapshot 5.';
  const asked = { ...chosen, plan: { ...chosen.plan, engine: { ...chosen.plan.engine, reason } } };
  expect(plannedHere(asked, 'server').plan.engine.reason).toBe(reason);
  expect(plannedHere(asked, undefined).plan.engine.reason).toBe(
    `${OUTSIDE_OF_TABS} Answered from the materialized view a.v, fresh at snapshot 5.`,
  );
});
