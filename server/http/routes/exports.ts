import { createRoute } from '@hono/zod-openapi';
import { exportRequest, exportResult } from '#shared/contract/exports.ts';
import { ExportFiles, type ExportContext } from '../../services/exports/index.ts';
import { answers, apiRouter, body } from './api.ts';
import { parseRange } from './data.ts';

const create = createRoute({
  method: 'post',
  path: '/exports',
  tags: ['query'],
  description:
    'Writes every row of one SELECT to a file: CSV, Parquet, JSON (an array, or a value a line), Arrow or Excel. Its url answers the file for an hour.',
  request: { body: body(exportRequest) },
  responses: answers(exportResult, 'Where the file is, and what is in it'),
});

export function exportRoutes(ctx: ExportContext) {
  const files = new ExportFiles(ctx);
  const api = apiRouter();
  api.openapi(create, async (c) => c.json(await files.create(c.req.valid('json'), c.req.raw.signal), 200));
  api.get('/exports/:id', (c) => {
    const file = files.open(c.req.param('id'));
    const headers = {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-type': file.contentType,
      // The plain name is for old programs; RFC 6266 has the other for everything beyond ASCII.
      'content-disposition': `attachment; filename="${file.fileName.replace(/[^\x20-\x7e]|["\\]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    };
    if (file.bytes === 0) return c.body(null, 200, { ...headers, 'content-length': '0' });
    const range = parseRange(c.req.header('range'), file.bytes);
    if (range === null)
      return c.body(file.stream(0, file.bytes), 200, { ...headers, 'content-length': String(file.bytes) });
    return c.body(file.stream(range.start, range.end), 206, {
      ...headers,
      'content-length': String(range.end - range.start),
      'content-range': `bytes ${range.start}-${range.end - 1}/${file.bytes}`,
    });
  });
  return api;
}
