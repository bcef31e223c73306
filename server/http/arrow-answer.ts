import type { Context } from 'hono';
import { ARROW_STREAM } from '#shared/contract/query.ts';
import { breaking } from './breaking.ts';

/** Whether rows are asked for in Arrow. */
export function wantsArrow(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes(ARROW_STREAM);
}

/** An Arrow IPC stream as it comes. Where it fails its connection breaks; see breaking. */
export function arrowAnswer(
  c: Context,
  stream: ReadableStream<Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return c.body(breaking(c, stream), 200, {
    ...headers,
    'content-type': ARROW_STREAM,
    // Until its length is known it would wait for more, and a failure there would lose its status and its words.
    'transfer-encoding': 'chunked',
  });
}
