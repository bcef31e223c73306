import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { z } from 'zod';
import { engineName } from '#shared/contract/plan.ts';
import { NOTEBOOK_ORDERS } from '#web/features/notebook/model/notebook-order.ts';
import { rowLook } from '#web/lib/row-look.ts';
import { AppShell } from './shell/app-shell.tsx';
import { HomePage } from './pages/home-page.tsx';
import { RouteError } from './pages/route-error.tsx';

/** Few addresses are wrong. */
const NotFoundPage = lazy(async () => ({
  default: (await import('./pages/not-found-page.tsx')).NotFoundPage,
}));

const refName = z.string().min(1).max(255).optional().catch(undefined);
const tableName = z.string().max(1000).optional().catch(undefined);
const rows = rowLook.optional().catch(undefined);

const rootRoute = createRootRoute({
  component: AppShell,
  notFoundComponent: () => (
    <Suspense fallback={null}>
      <NotFoundPage />
    </Suspense>
  ),
  validateSearch: z.object({ ref: z.string().min(1).max(1200).optional().catch(undefined) }),
  // Whoever goes on to another page stays where they are in history.
  search: { middlewares: [retainSearchParams(['ref'])] },
});

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const notebooksRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/notebooks',
  validateSearch: z.object({
    q: z.string().max(200).optional().catch(undefined),
    sort: z.enum(NOTEBOOK_ORDERS).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/notebooks-route.tsx'), 'NotebooksRoute'),
});

const notebookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/notebooks/$id',
  validateSearch: z.object({ cell: z.string().max(200).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/notebook-route.tsx'), 'NotebookRoute'),
});

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog',
  validateSearch: z.object({ q: z.string().max(200).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/catalog-route.tsx'), 'CatalogRoute'),
});

const tableRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog/$table',
  validateSearch: z.object({ tab: z.string().max(40).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/table-route.tsx'), 'TableRoute'),
});

const historyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/history',
  validateSearch: z.object({
    commit: z.string().max(64).optional().catch(undefined),
    table: z.string().max(1000).optional().catch(undefined),
    view: z.enum(['commits', 'moves']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/history-route.tsx'), 'HistoryRoute'),
});

const commitRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/history/$commit',
  validateSearch: z.object({
    parent: z.number().int().min(1).max(64).optional().catch(undefined),
    table: tableName,
    rows,
  }),
  component: lazyRouteComponent(() => import('./pages/commit-route.tsx'), 'CommitRoute'),
});

const versioningRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/branches',
  component: lazyRouteComponent(() => import('./pages/versioning-layout.tsx'), 'VersioningLayout'),
});

const branchesRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: '/',
  validateSearch: z.object({ q: z.string().max(200).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/branches-route.tsx'), 'BranchesRoute'),
});

const compareRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'compare',
  validateSearch: z.object({
    source: z.string().min(1).max(1200).optional().catch(undefined),
    target: refName,
    tab: z.enum(['changes', 'commits']).optional().catch(undefined),
    table: tableName,
    rows,
  }),
  component: lazyRouteComponent(() => import('./pages/compare-route.tsx'), 'CompareRoute'),
});

const mergeRequestsRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'merge-requests',
  validateSearch: z.object({
    filter: z.enum(['open', 'merged', 'closed', 'all']).optional().catch(undefined),
    q: z.string().max(200).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/merge-requests-route.tsx'), 'MergeRequestsRoute'),
});

const proposeRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'merge-requests/new',
  validateSearch: z.object({ source: refName, target: refName }),
  component: lazyRouteComponent(() => import('./pages/propose-route.tsx'), 'ProposeRoute'),
});

const mergeRequestRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'merge-requests/$id',
  validateSearch: z.object({
    tab: z.enum(['overview', 'changes', 'commits']).optional().catch(undefined),
    table: tableName,
    rows,
  }),
  component: lazyRouteComponent(() => import('./pages/merge-request-route.tsx'), 'MergeRequestRoute'),
});

const hooksRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'hooks',
  validateSearch: z.object({ hook: z.string().max(100).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/hooks-route.tsx'), 'HooksRoute'),
});

const queriesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/queries',
  component: lazyRouteComponent(() => import('./pages/queries-layout.tsx'), 'QueriesLayout'),
});

const queryHistoryRoute = createRoute({
  getParentRoute: () => queriesRoute,
  path: '/',
  validateSearch: z.object({
    q: z.string().max(200).optional().catch(undefined),
    state: z.enum(['done', 'failed', 'cancelled']).optional().catch(undefined),
    engine: engineName.optional().catch(undefined),
    period: z.enum(['hour', 'day', 'week', 'month']).optional().catch(undefined),
    run: z.string().max(100).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/query-history-route.tsx'), 'QueryHistoryRoute'),
});

const savedQueriesRoute = createRoute({
  getParentRoute: () => queriesRoute,
  path: 'saved',
  validateSearch: z.object({
    q: z.string().max(200).optional().catch(undefined),
    query: z.string().max(100).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/saved-queries-route.tsx'), 'SavedQueriesRoute'),
});

const schedulesRoute = createRoute({
  getParentRoute: () => queriesRoute,
  path: 'schedules',
  validateSearch: z.object({
    outcome: z.enum(['done', 'failed']).optional().catch(undefined),
    run: z.string().max(100).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/schedules-route.tsx'), 'SchedulesRoute'),
});

const retentionRoute = createRoute({
  getParentRoute: () => versioningRoute,
  path: 'retention',
  component: lazyRouteComponent(
    () => import('#web/features/retention/components/retention-page.tsx'),
    'RetentionPage',
  ),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    notebooksRoute,
    notebookRoute,
    catalogRoute,
    tableRoute,
    historyRoute,
    commitRoute,
    queriesRoute.addChildren([queryHistoryRoute, savedQueriesRoute, schedulesRoute]),
    versioningRoute.addChildren([
      branchesRoute,
      compareRoute,
      mergeRequestsRoute,
      proposeRoute,
      mergeRequestRoute,
      hooksRoute,
      retentionRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
});

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The cell that this step was made for: the notebook shows it, wherever it stood. */
    shownCell?: string;
  }
  interface Register {
    router: typeof router;
  }
}
