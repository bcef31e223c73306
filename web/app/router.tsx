import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { z } from 'zod';
import { AppShell } from './shell/app-shell.tsx';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { HomePage } from './pages/home-page.tsx';
import { RouteError } from './pages/route-error.tsx';

const rootRoute = createRootRoute({
  component: AppShell,
  notFoundComponent: NotFoundPage,
  validateSearch: z.object({ ref: z.string().min(1).max(1200).optional().catch(undefined) }),
  // Whoever goes on to another page stays where they are in history.
  search: { middlewares: [retainSearchParams(['ref'])] },
});

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: HomePage });

const notebookRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/notebooks/$id',
  validateSearch: z.object({ cell: z.string().max(200).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/notebook-route.tsx'), 'NotebookRoute'),
});

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog',
  component: lazyRouteComponent(
    () => import('#web/features/catalog/components/catalog-page.tsx'),
    'CatalogPage',
  ),
});

const tableRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog/$table',
  component: lazyRouteComponent(() => import('#web/features/catalog/components/table-page.tsx'), 'TablePage'),
});

const historyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/history',
  component: lazyRouteComponent(
    () => import('#web/features/history/components/history-page.tsx'),
    'HistoryPage',
  ),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute, notebookRoute, catalogRoute, tableRoute, historyRoute]),
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
