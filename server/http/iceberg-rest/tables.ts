import type { Hono } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';
import {
  assertEntity,
  commitTable,
  commitTransaction,
  createTable,
  delegateAccess,
  dropEntity,
  ICEBERG_TABLE,
  listEntities,
  loadTable,
  registerTable,
  renameEntity,
  unregisterTable,
  signRequest,
  type RestAnswer,
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
  type Reply,
  type RestEnv,
  type RestRequest,
} from './request.ts';

export function tableRoutes(app: Hono<RestEnv>, ctx: RestContext, changes: RepeatableChanges): void {
  const namespace = '/:prefix/namespaces/:namespace';
  const all = `${namespace}/tables`;
  const one = `${all}/:table`;

  const load = async (prefix: string, key: readonly string[]): Promise<Reply> => {
    const table = await loadTable(ctx, prefix, key, { shown: 'all' });
    return table === null ? DONE : entityReply(table);
  };
  const reachable = (c: RestRequest, answer: RestAnswer, key: readonly string[], choseLocation = false) =>
    entityReply(
      delegateAccess(ctx, answer, {
        prefix: names(c).prefix,
        key,
        asked: c.req.header('x-iceberg-access-delegation'),
        choseLocation,
      }),
    );

  app.get(all, async (c) => {
    const at = names(c);
    return send(c, jsonReply(await listEntities(ctx, at.prefix, at.namespace, ICEBERG_TABLE, pageOf(c))));
  });
  app.post(all, async (c) => {
    const at = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => {
        const created = await createTable(ctx, c.get('client'), at.prefix, at.namespace, body);
        // Java clients write out what they do not say, as null.
        const choseLocation = ((body as { location?: unknown }).location ?? null) !== null;
        return reachable(c, created, [...at.namespace, nameIn(body)], choseLocation);
      },
      () => load(at.prefix, [...at.namespace, nameIn(body)]),
    );
  });
  app.post(`${namespace}/register`, async (c) => {
    const at = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => {
        const registered = await registerTable(ctx, c.get('client'), at.prefix, at.namespace, body);
        return reachable(c, registered, [...at.namespace, nameIn(body)]);
      },
      () => load(at.prefix, [...at.namespace, nameIn(body)]),
    );
  });

  app.get(one, async (c) => {
    const { prefix, key } = names(c);
    if (asksOnlyIfThere(c)) {
      await assertEntity(ctx, prefix, key, ICEBERG_TABLE);
      return send(c, DONE);
    }
    const known = c.req.header('if-none-match')?.replace(/^W\//, '');
    const table = await loadTable(ctx, prefix, key, { shown: shownOf(c), known });
    if (table === null) return c.body(null, 304, known === undefined ? {} : { etag: known });
    return send(c, reachable(c, table, key));
  });
  app.post(one, async (c) => {
    const { prefix, key } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => entityReply(withoutConfig(await commitTable(ctx, c.get('client'), prefix, key, body))),
      () => load(prefix, key),
    );
  });
  app.delete(one, async (c) => {
    const { prefix, key } = names(c);
    return changes.answer(
      c,
      async () => {
        await dropEntity(ctx, c.get('client'), prefix, key, ICEBERG_TABLE);
        return DONE;
      },
      async () => DONE,
    );
  });
  app.post(`${one}/unregister`, async (c) => {
    const { prefix, key } = names(c);
    const unregister = async () => entityReply(await unregisterTable(ctx, c.get('client'), prefix, key));
    return changes.answer(c, unregister, unregister);
  });

  app.post(`${one}/sign`, async (c) => {
    const { prefix, key } = names(c);
    const signed = await signRequest(ctx, prefix, key, await jsonBody(c), c.req.query('grant'));
    // A signature is good for minutes, and clients ask for the same pieces of a file again and again.
    c.header('cache-control', 'private');
    return send(c, jsonReply(signed));
  });
  app.post('/:prefix/tables/rename', async (c) => {
    const { prefix } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => {
        await renameEntity(ctx, c.get('client'), prefix, ICEBERG_TABLE, body);
        return DONE;
      },
      async () => DONE,
    );
  });
  app.post('/:prefix/transactions/commit', async (c) => {
    const { prefix } = names(c);
    const body = await jsonBody(c);
    return changes.answer(
      c,
      async () => {
        await commitTransaction(ctx, c.get('client'), prefix, body);
        return DONE;
      },
      async () => DONE,
    );
  });
}

function shownOf(c: RestRequest): 'all' | 'refs' {
  const shown = c.req.query('snapshots') ?? 'all';
  if (shown === 'all' || shown === 'refs') return shown;
  throw new AppError('INVALID_INPUT', `The query parameter "snapshots" is "${shown}"; write all or refs.`);
}

/** Of a body that made a commit, and so was a valid one. */
export function nameIn(body: unknown): string {
  return (body as { name: string }).name;
}

function withoutConfig({ json, etag }: Awaited<ReturnType<typeof commitTable>>) {
  const { config: _, ...rest } = json;
  return { json: rest, etag };
}
