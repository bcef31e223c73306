import pino from 'pino';
import { expect, it } from 'vitest';
import { createApp } from '../app.ts';
import type { MaintenanceContext } from '../services/maintenance/index.ts';

const TOKEN = 'a-token-that-is-long-enough';

it('describes every route and every contract', async () => {
  const app = createApp({
    // Describing asks nothing of what the routes work with.
    ctx: {} as Parameters<typeof createApp>[0]['ctx'] & MaintenanceContext,
    token: TOKEN,
    allowedHosts: [],
    webDirectory: null,
    version: '1.2.3',
    logger: pino({ level: 'silent' }),
  });
  const answer = await app.request('http://localhost/openapi.json', {
    headers: { host: 'localhost', authorization: `Bearer ${TOKEN}` },
  });
  expect(answer.status).toBe(200);
  const document = (await answer.json()) as { openapi: string; info: object; paths: Record<string, object> };
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  for (const path of [
    'plan',
    'query',
    'query/broken/{answer}',
    'query/running/{run}',
    'results',
    'results/{result}',
    'statements',
    'refs',
    'refs/{ref}/log',
    'refs/{ref}/merge',
    'diff',
    'tables/{table}/diff',
    'merge-requests/{id}/merge',
    'hooks/{id}/deliveries',
    'refs/{ref}/cherry-pick',
    'refs/{ref}/revert',
    'refs/{ref}/rebase',
    'reflog',
    'compare',
    'tables',
    'tables/{table}',
    'notebooks',
    'jobs',
    'maintenance/fsck',
    'maintenance/gc',
    'system',
  ])
    expect(Object.keys(document.paths)).toContain(`/api/v1/${path}`);
  expect(JSON.stringify(document.paths['/api/v1/plan'])).toContain('"anchors"');
});
