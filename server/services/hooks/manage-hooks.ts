import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { CreateHookRequest, HookDelivery, HookInfo, UpdateHookRequest } from '#shared/contract/hooks.ts';
import type { HookBus } from './hook-bus.ts';
import type { HookStore, StoredHook } from './hook-store.ts';

export interface HooksContext {
  readonly hookStore: HookStore;
  readonly hooks: Pick<HookBus, 'forgetList'>;
}

export async function listHooks({ hookStore }: HooksContext): Promise<readonly HookInfo[]> {
  return (await hookStore.list()).map(withoutSecret);
}

/** The answer alone has the secret; it is not told again. */
export async function createHook(ctx: HooksContext, request: CreateHookRequest): Promise<StoredHook> {
  const hook = {
    ...request,
    id: randomUUID(),
    secret: request.secret ?? randomBytes(32).toString('base64url'),
    createdAt: new Date().toISOString(),
  };
  await ctx.hookStore.insert(hook);
  ctx.hooks.forgetList();
  return hook;
}

/** @throws NOT_FOUND */
export async function updateHook(
  ctx: HooksContext,
  id: string,
  request: UpdateHookRequest,
): Promise<HookInfo> {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  const hook = await ctx.hookStore.update(id, Object.fromEntries(given));
  if (hook === null) throw missing(id);
  ctx.hooks.forgetList();
  return withoutSecret(hook);
}

/** @throws NOT_FOUND */
export async function deleteHook(ctx: HooksContext, id: string): Promise<void> {
  if (!(await ctx.hookStore.delete(id))) throw missing(id);
  ctx.hooks.forgetList();
}

/** What was sent to a webhook, newest first. @throws NOT_FOUND */
export async function listDeliveries(
  { hookStore }: HooksContext,
  id: string,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<{ readonly deliveries: HookDelivery[]; readonly next?: string }> {
  if ((await hookStore.get(id)) === null) throw missing(id);
  const { before, limit } = page;
  const found = await hookStore.deliveries(id, {
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const deliveries = found.slice(0, limit);
  const last = deliveries.at(-1);
  return { deliveries, ...(found.length > limit && last !== undefined ? { next: last.id } : {}) };
}

function withoutSecret(hook: StoredHook): HookInfo {
  const { secret: _, ...told } = hook;
  return told;
}

function missing(id: string): AppError {
  return new AppError('NOT_FOUND', `There is no hook ${id}.`, { context: { hook: id } });
}
