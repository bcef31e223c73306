import { randomUUID } from 'node:crypto';
import type { HookDelivery } from '#shared/contract/hooks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { stringifyJson } from '#shared/util/json.ts';
import type { HookNotice } from './hook-bus.ts';
import type { HooksContext } from './manage-hooks.ts';
import { sendWebhook } from './webhook.ts';

/**
 * Sends a webhook something made up, signed as everything is, whether or not it is active; its log has it. What it
 * answers, a veto too, has no effect.
 *
 * @throws NOT_FOUND; VERSION_CONFLICT where it was deleted while it was asked
 */
export async function testHook({ hookStore }: HooksContext, id: string): Promise<HookDelivery> {
  const hook = await hookStore.get(id);
  if (hook === null) throw new AppError('NOT_FOUND', `There is no hook ${id}.`, { context: { hook: id } });
  const notice: HookNotice = {
    id: randomUUID(),
    event: hook.events[0] ?? 'post-commit',
    time: new Date().toISOString(),
    ref: hook.refPattern ?? 'main',
    action: 'test',
    author: 'timestream',
    message: 'A test: nothing has happened.',
    detail: {},
  };
  const body = stringifyJson(notice);
  const { delivered, status, problem, veto } = await sendWebhook(hook, notice.event, body);
  await hookStore.addDelivery({
    hook: id,
    event: notice.event,
    body,
    state: veto !== null ? 'VETOED' : delivered ? 'DELIVERED' : 'FAILED',
    attempts: 1,
    dueAt: null,
    status,
    problem: veto ?? problem,
  });
  const found = await hookStore.deliveries(id, { limit: 50 });
  const sent = found.find((each) => each.body === body);
  if (sent !== undefined) return sent;
  throw new AppError('VERSION_CONFLICT', `The hook ${id} was deleted while it was asked.`, {
    context: { hook: id },
  });
}
