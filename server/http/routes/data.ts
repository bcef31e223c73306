import { Hono } from 'hono';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { openDataFile, readDeletedRows, type DeletesContext } from '../../services/data-files/index.ts';
import { arrowAnswer } from '../arrow-answer.ts';
import { invalidInput } from '../invalid-input.ts';

const PREFIX = '/data/';
const YEAR_SECONDS = 365 * 24 * 3600;
const FOR_GOOD = { 'cache-control': `private, max-age=${YEAR_SECONDS}, immutable` };

const deletesRequest = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  at: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  table: z.string().max(10_000).optional(),
  snapshot: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
});

/**
 * Data files for the page's engine, in byte ranges, and which of their rows are deleted. Neither ever changes, so
 * the browser may keep what it has got for good.
 */
export function dataRoutes(ctx: DeletesContext) {
  const routes = new Hono();
  routes.get('/deletes/:key', async (c) => {
    const request = deletesRequest.safeParse({ ...c.req.query(), key: c.req.param('key') });
    if (!request.success) throw invalidInput(request.error, 'query', c.req.query());
    return arrowAnswer(c, await readDeletedRows(ctx, request.data, c.req.raw.signal), FOR_GOOD);
  });
  return routes.get('/data/*', async (c) => {
    const path = decodeURIComponent(c.req.path.slice(c.req.path.indexOf(PREFIX) + PREFIX.length));
    const file = await openDataFile(ctx, path);
    const headers = {
      'accept-ranges': 'bytes',
      ...FOR_GOOD,
      'content-type': 'application/vnd.apache.parquet',
      etag: `"${file.size}"`,
    };
    const range = parseRange(c.req.header('range'), file.size);
    if (range === null) {
      return c.body(await file.body(0, file.size), 200, { ...headers, 'content-length': String(file.size) });
    }
    const { start, end } = range;
    return c.body(await file.body(start, end), 206, {
      ...headers,
      'content-length': String(end - start),
      'content-range': `bytes ${start}-${end - 1}/${file.size}`,
    });
  });
}

/** One range of RFC 9110 as a half-open interval; null where none was asked for. @throws INVALID_INPUT */
export function parseRange(header: string | undefined, size: number): { start: number; end: number } | null {
  if (header === undefined) return null;
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end };
  throw new AppError('INVALID_INPUT', `The range "${header}" lies outside of the file's ${size} bytes.`, {
    context: { range: header, size },
  });
}
