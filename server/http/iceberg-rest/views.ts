import type { Hono } from 'hono';
import {
  assertEntity,
  createView,
  dropEntity,
  ICEBERG_VIEW,
  listEntities,
  loadView,
  registerView,
  renameEntity,
  replaceView,
  type RestContext,
} from '../../services/iceberg-catalog/index.ts';
import type { RepeatableChanges } from './idempotency.ts';
import {
  asksOnlyIfThere,
  DONE,
  entityReply,
  jsonBody,
  jsonReply,
  names,
  pageOf,
  send,
  type RestEnv,
} from './request.ts';
import { nameIn } from './tables.ts';

export function viewRoutes(app: Hono<RestEnv>, ctx: RestContext, changes: RepeatableChanges): void {
  const namespace = '/:prefix/namespaces/:namespace';
  const all = `${namespace}/views`;
  const one = `${all}/:view`;
  const load = async (prefix: string, key: readonly string[]) =>
    entityReply(await loadView(ctx, prefix, key));

  app.get(all, async (c) => {
    const at = names(c);
    return send(c, jsonReply(await listEntities(ctx, at.prefix, at.namespace, ICEBERG_VIEW, pageOf(c))));
  });
  for (const [path, make] of [
    [all, createView],
    [`${namespace}/register-view`, registerView],
  ] as const) {
    app.post(path, async (c) => {
      const at = names(c);
      const body = await jsonBody(c);
      return changes.answer(
        c,
        async () => entityReply(await make(ctx, c.get('client'), at.prefix, at.namespace, body)),
        () => load(at.prefix, [...at.namespace, nameIn(body)]),
      );
    });
  }
  app.get(one, async (c) => {
    const { prefix, key } = names(c);
    if (!asksOnlyIfThere(c)) return send(c, await load(prefix, key));
    await assertEntity(ctx, prefix, key, ICEBERG_VIEW);
    return send(c, DONE);
  });
  app.post(one, async (c) => {
    const { prefix, key } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => entityReply(await replaceView(ctx, c.get('client'), prefix, key, body)),
      () => load(prefix, key),
    );
  });
  app.delete(one, async (c) => {
    const { prefix, key } = names(c);
    return changes.answer(
      c,
      async () => {
        await dropEntity(ctx, c.get('client'), prefix, key, ICEBERG_VIEW);
        return DONE;
      },
      async () => DONE,
    );
  });
  app.post('/:prefix/views/rename', async (c) => {
    const { prefix } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => {
        await renameEntity(ctx, c.get('client'), prefix, ICEBERG_VIEW, body);
        return DONE;
      },
      async () => DONE,
    );
  });
}
