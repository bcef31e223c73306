import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from 'pino';
import { AppError } from '#shared/errors/app-error.ts';
import { renderError } from './http/error-renderer.ts';
import { icebergRest } from './http/iceberg-rest/iceberg-rest.ts';
import { renderIcebergError } from './http/iceberg-rest/render-error.ts';
import { authentication } from './http/middleware/authentication.ts';
import { bodySize } from './http/middleware/body-size.ts';
import { sameOriginOnly, securityHeaders } from './http/middleware/security.ts';
import { engineMetrics } from './http/metrics.ts';
import { checkRoutes } from './http/routes/check.ts';
import { dataRoutes } from './http/routes/data.ts';
import { diffRoutes } from './http/routes/diff.ts';
import { exportRoutes } from './http/routes/exports.ts';
import { extensionRoutes } from './http/routes/extensions.ts';
import { fsckRoutes } from './http/routes/fsck.ts';
import { functionRoutes } from './http/routes/functions.ts';
import { gcRoutes } from './http/routes/gc.ts';
import { hookRoutes } from './http/routes/hooks.ts';
import { jobRoutes } from './http/routes/jobs.ts';
import { mergeRequestRoutes } from './http/routes/merge-requests.ts';
import { mergeRoutes } from './http/routes/merges.ts';
import { maintenanceRoutes } from './http/routes/maintenance.ts';
import { notebookHistoryRoutes } from './http/routes/notebook-history.ts';
import { notebookRelationRoutes } from './http/routes/notebook-relations.ts';
import { notebookRoutes } from './http/routes/notebooks.ts';
import { queryRoutes } from './http/routes/query.ts';
import { queryRunRoutes } from './http/routes/query-runs.ts';
import { refRoutes } from './http/routes/refs.ts';
import { resultRoutes } from './http/routes/results.ts';
import { savedQueryRoutes } from './http/routes/saved-queries.ts';
import { statementRoutes } from './http/routes/statements.ts';
import { systemRoutes } from './http/routes/system.ts';
import { tableChangeRoutes } from './http/routes/table-changes.ts';
import { tableRoutes } from './http/routes/tables.ts';
import { uploadRoutes } from './http/routes/uploads.ts';
import { pageRoutes } from './http/page.ts';
import type { StatementContext } from './services/dml/index.ts';
import type { GcContext } from './services/gc/index.ts';
import type { HooksContext } from './services/hooks/index.ts';
import type { MergeRequestContext } from './services/merge-requests/index.ts';
import type { NotebookRunContext } from './services/notebooks/index.ts';
import { RunningQueries } from './services/query/index.ts';
import type { QueryRunContext } from './services/query-runs/index.ts';
import type { SavedQueryContext } from './services/saved-queries/index.ts';

/** Far more than the largest notebook. */
const REQUEST_MIB = 16;
const ICEBERG = '/iceberg';

export interface AppOptions {
  readonly ctx: StatementContext &
    GcContext &
    HooksContext &
    MergeRequestContext &
    NotebookRunContext &
    QueryRunContext &
    SavedQueryContext;
  readonly token: string;
  readonly allowedHosts: readonly string[];
  /** Folder of the built page; null serves the API alone (tests, development). */
  readonly webDirectory: string | null;
  readonly version: string;
  readonly logger: Logger;
}

/** The whole HTTP surface: `/health`, `/metrics`, `/openapi.json`, `/api/v1/…`, `/iceberg/v1/…` and the page. */
export function createApp({
  ctx,
  token,
  allowedHosts,
  webDirectory,
  version,
  logger,
}: AppOptions): OpenAPIHono {
  const app = new OpenAPIHono();
  app.onError((error, c) =>
    c.req.path.startsWith(`${ICEBERG}/`)
      ? renderIcebergError(error, c, logger)
      : renderError(error, c, logger),
  );
  app.use(securityHeaders);
  app.use(sameOriginOnly(allowedHosts));
  app.use(authentication(token, [`${ICEBERG}/v1/`]));
  app.use(bodySize(REQUEST_MIB));

  app.get('/health', (c) => c.json({ status: 'ok', version }));
  app.get('/metrics', (c) =>
    c.body(engineMetrics(ctx.engine.load()), 200, { 'content-type': 'text/plain; version=0.0.4' }),
  );
  const running = new RunningQueries();
  const api = '/api/v1';
  app.route(api, systemRoutes(ctx, version));
  app.route(api, refRoutes(ctx));
  app.route(api, mergeRoutes(ctx));
  app.route(api, mergeRequestRoutes(ctx));
  app.route(api, hookRoutes(ctx));
  app.route(api, diffRoutes(ctx));
  app.route(api, tableRoutes(ctx));
  app.route(api, tableChangeRoutes(ctx));
  app.route(api, maintenanceRoutes(ctx));
  app.route(api, fsckRoutes(ctx));
  app.route(api, gcRoutes(ctx));
  app.route(api, queryRoutes(ctx, running));
  app.route(api, resultRoutes(ctx, running));
  app.route(api, functionRoutes(ctx));
  app.route(api, extensionRoutes(ctx));
  app.route(api, checkRoutes(ctx));
  app.route(api, exportRoutes(ctx));
  app.route(api, uploadRoutes(ctx));
  app.route(api, statementRoutes(ctx, running));
  app.route(api, notebookRelationRoutes(ctx));
  app.route(api, notebookHistoryRoutes(ctx));
  app.route(api, notebookRoutes(ctx));
  app.route(api, queryRunRoutes(ctx));
  app.route(api, savedQueryRoutes(ctx));
  app.route(api, jobRoutes(ctx));
  app.route(api, dataRoutes(ctx));
  app.route(`${ICEBERG}/v1`, icebergRest(ctx, token));
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'TimeStream', version, description: 'Git for a lakehouse: tables, history, queries.' },
  });
  app.all('/api/*', (c) => {
    throw new AppError(
      'NOT_FOUND',
      `There is no ${c.req.method} ${c.req.path} in this API; /openapi.json lists what there is.`,
    );
  });
  if (webDirectory !== null) app.route('/', pageRoutes(webDirectory));
  return app;
}
