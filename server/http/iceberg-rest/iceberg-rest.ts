import { Hono } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';
import { catalogConfig, type RestContext } from '../../services/iceberg-catalog/index.ts';
import { AccessTokens } from './access-token.ts';
import { clientOf } from './client.ts';
import { RepeatableChanges } from './idempotency.ts';
import { namespaceRoutes } from './namespaces.ts';
import { answerToken, authenticate } from './oauth.ts';
import { renderIcebergError } from './render-error.ts';
import { jsonReply, send, type RestEnv } from './request.ts';
import { scanRoutes } from './scans.ts';
import { tableRoutes } from './tables.ts';
import { viewRoutes } from './views.ts';

const TOKENS = '/oauth/tokens';

/**
 * The Iceberg REST catalog, to be mounted at `/iceberg/v1`. The prefix of its addresses is a place in history: a
 * branch can be written to, a tag, a commit or a time only read.
 *
 * @param token of the server; clients send it, or one that they got for it
 */
export function icebergRest(ctx: RestContext, token: string): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const tokens = new AccessTokens(token);
  const changes = new RepeatableChanges(ctx);
  app.onError((error, c) => renderIcebergError(error, c, ctx.logger));
  app.post(TOKENS, (c) => answerToken(c, tokens));
  app.use(async (c, next) => {
    c.set('client', clientOf(c, authenticate(c, tokens)));
    await next();
  });
  app.get('/config', async (c) => send(c, jsonReply(await catalogConfig(ctx, c.req.query('warehouse')))));
  namespaceRoutes(app, ctx, changes);
  tableRoutes(app, ctx, changes);
  viewRoutes(app, ctx, changes);
  scanRoutes(app, ctx);
  app.all('*', (c) => {
    throw new AppError(
      'NOT_FOUND',
      `There is no ${c.req.method} ${c.req.path} in this catalog; /iceberg/v1/config lists what there is.`,
    );
  });
  return app;
}
