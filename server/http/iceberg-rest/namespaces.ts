import type { Hono } from 'hono';
import {
  createNamespace,
  dropNamespace,
  listNamespaces,
  loadNamespace,
  updateNamespace,
  type RestContext,
} from '../../services/iceberg-catalog/index.ts';
import type { RepeatableChanges } from './idempotency.ts';
import {
  asksOnlyIfThere,
  DONE,
  jsonBody,
  jsonReply,
  names,
  pageOf,
  parentOf,
  send,
  type RestEnv,
} from './request.ts';

export function namespaceRoutes(app: Hono<RestEnv>, ctx: RestContext, changes: RepeatableChanges): void {
  const all = '/:prefix/namespaces';
  const one = `${all}/:namespace`;

  app.get(all, async (c) =>
    send(c, jsonReply(await listNamespaces(ctx, names(c).prefix, parentOf(c), pageOf(c)))),
  );
  app.post(all, async (c) => {
    const { prefix } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => jsonReply(await createNamespace(ctx, c.get('client'), prefix, body)),
      async () => {
        const { namespace } = body as { namespace: string[] };
        return jsonReply(await loadNamespace(ctx, prefix, namespace));
      },
    );
  });
  app.get(one, async (c) => {
    const { prefix, namespace } = names(c);
    const found = await loadNamespace(ctx, prefix, namespace);
    return send(c, asksOnlyIfThere(c) ? DONE : jsonReply(found));
  });
  app.delete(one, async (c) => {
    const { prefix, namespace } = names(c);
    return changes.answer(
      c,
      async () => {
        await dropNamespace(ctx, c.get('client'), prefix, namespace);
        return DONE;
      },
      async () => DONE,
    );
  });
  app.post(`${one}/properties`, async (c) => {
    const { prefix, namespace } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => jsonReply(await updateNamespace(ctx, c.get('client'), prefix, namespace, body)),
      async () => {
        const { updates = {}, removals = [] } = body as {
          updates?: Record<string, string>;
          removals?: string[];
        };
        return jsonReply({ updated: Object.keys(updates), removed: removals, missing: [] });
      },
    );
  });
}
