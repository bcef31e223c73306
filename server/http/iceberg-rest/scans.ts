import type { Hono } from 'hono';
import {
  assertEntity,
  fetchPlan,
  fetchTasks,
  ICEBERG_TABLE,
  planScan,
  reportMetrics,
  ScanPlans,
  type RestContext,
} from '../../services/iceberg-catalog/index.ts';
import { DONE, jsonBody, jsonReply, names, send, type RestEnv } from './request.ts';

/** Planning of scans by the server, and what clients say of theirs. Nothing here changes a table. */
export function scanRoutes(app: Hono<RestEnv>, ctx: RestContext): void {
  const table = '/:prefix/namespaces/:namespace/tables/:table';
  const plans = new ScanPlans();

  app.post(`${table}/plan`, async (c) => {
    const { prefix, key } = names(c);
    return send(c, jsonReply(await planScan(ctx, plans, prefix, key, await jsonBody(c), c.req.raw.signal)));
  });
  app.get(`${table}/plan/:plan`, async (c) => {
    const { prefix, key, last } = names(c);
    await assertEntity(ctx, prefix, key, ICEBERG_TABLE);
    return send(c, jsonReply(fetchPlan(plans, key, last)));
  });
  app.delete(`${table}/plan/:plan`, async (c) => {
    const { prefix, key, last } = names(c);
    await assertEntity(ctx, prefix, key, ICEBERG_TABLE);
    plans.cancel(last, key);
    return send(c, DONE);
  });
  app.post(`${table}/tasks`, async (c) => {
    const { prefix, key } = names(c);
    await assertEntity(ctx, prefix, key, ICEBERG_TABLE);
    return send(c, jsonReply(fetchTasks(plans, key, await jsonBody(c))));
  });
  app.post(`${table}/metrics`, async (c) => {
    const { prefix, key } = names(c);
    await reportMetrics(ctx, c.get('client'), prefix, key, await jsonBody(c));
    return send(c, DONE);
  });
}
