import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * The built page. Assets have a hash of their content in their name, so they are cached for good; they lie
 * beside their compressed forms, which the build has made. Every other address is the page itself, whose
 * router knows what to show.
 */
export function pageRoutes(directory: string): Hono {
  const app = new Hono();
  const cache = (value: string) => (_path: string, c: { header(name: string, value: string): void }) =>
    c.header('cache-control', value);
  app.use(
    '/assets/*',
    serveStatic({
      root: directory,
      precompressed: true,
      onFound: cache('private, max-age=31536000, immutable'),
    }),
  );
  app.get('/assets/*', (c) => {
    throw new AppError(
      'NOT_FOUND',
      `There is no file ${c.req.path}. Reload the page: the server was updated.`,
    );
  });
  app.use('/*', serveStatic({ root: directory, precompressed: true, onFound: cache('no-cache') }));
  app.get(
    '/*',
    serveStatic({ root: directory, path: 'index.html', precompressed: true, onFound: cache('no-cache') }),
  );
  return app;
}
