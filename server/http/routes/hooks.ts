import { createRoute, z } from '@hono/zod-openapi';
import {
  createdHook,
  createHookRequest,
  hookDeliveries,
  hookDelivery,
  hookInfo,
  hookList,
  updateHookRequest,
} from '#shared/contract/hooks.ts';
import {
  createHook,
  deleteHook,
  listDeliveries,
  listHooks,
  testHook,
  updateHook,
  type HooksContext,
} from '../../services/hooks/index.ts';
import { answers, apiRouter, body } from './api.ts';

const tags = ['hooks'];
const params = z.object({ id: z.string() });

const list = createRoute({
  method: 'get',
  path: '/hooks',
  tags,
  responses: answers(hookList, 'Webhooks, without their secrets'),
});
const create = createRoute({
  method: 'post',
  path: '/hooks',
  tags,
  request: { body: body(createHookRequest) },
  responses: answers(
    createdHook,
    'The webhook, with the secret that signs what is sent; it is not told again',
  ),
});
const update = createRoute({
  method: 'patch',
  path: '/hooks/{id}',
  tags,
  request: { params, body: body(updateHookRequest) },
  responses: answers(hookInfo, 'The webhook as it is now'),
});
const remove = createRoute({
  method: 'delete',
  path: '/hooks/{id}',
  tags,
  request: { params },
  responses: answers(z.object({ deleted: z.string() }), 'The webhook and its log are gone'),
});
const deliveries = createRoute({
  method: 'get',
  path: '/hooks/{id}/deliveries',
  tags,
  request: {
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(500).default(50),
      before: z
        .string()
        .regex(/^\d{1,18}$/)
        .optional()
        .describe('`next` of the page before'),
    }),
  },
  responses: answers(hookDeliveries, 'What was sent and what came back, newest first'),
});

const test = createRoute({
  method: 'post',
  path: '/hooks/{id}/test',
  tags,
  description: 'Sends something made up whose `action` is `test`, also to a hook that is switched off.',
  request: { params },
  responses: answers(hookDelivery, 'What was sent and what came back'),
});

export function hookRoutes(ctx: HooksContext) {
  return apiRouter()
    .openapi(list, async (c) => c.json({ hooks: [...(await listHooks(ctx))] }, 200))
    .openapi(create, async (c) => c.json(await createHook(ctx, c.req.valid('json')), 200))
    .openapi(update, async (c) =>
      c.json(await updateHook(ctx, c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      await deleteHook(ctx, id);
      return c.json({ deleted: id }, 200);
    })
    .openapi(test, async (c) => c.json(await testHook(ctx, c.req.valid('param').id), 200))
    .openapi(deliveries, async (c) =>
      c.json(await listDeliveries(ctx, c.req.valid('param').id, c.req.valid('query')), 200),
    );
}
