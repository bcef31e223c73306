import { plan } from '#shared/contract/plan.ts';
import { requestJson } from '#web/lib/api-client.ts';

/** Plans a query and throws what is wrong with it: the plan itself is not of use here. */
export async function checkSql(sql: string, ref: string, signal: AbortSignal): Promise<void> {
  await requestJson(plan, 'plan', { method: 'POST', body: { sql, ref }, signal });
}
