import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TinyStore {
  readonly url: string;
  close(): Promise<void>;
}

/** What old or simple stores pass over without a word. */
interface Knows {
  readonly conditions?: boolean;
  readonly ranges?: boolean;
}

/**
 * Speaks just enough of S3 to put, get and delete whole objects, for tests of how the client takes what goes wrong
 * on the way. Whether the client suits a store is tested on a real one.
 */
export async function openTinyStore({ conditions = true, ranges = true }: Knows = {}): Promise<TinyStore> {
  const objects = new Map<string, { readonly body: Buffer; readonly writer: string }>();
  const handle = async (incoming: IncomingMessage, answer: ServerResponse): Promise<unknown> => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const { pathname } = new URL(incoming.url ?? '', 'http://store');
    const object = objects.get(pathname);
    const fail = (status: number, code: string) =>
      answer.writeHead(status).end(incoming.method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`);
    if (incoming.method === 'DELETE') {
      objects.delete(pathname);
      return answer.writeHead(204).end();
    }
    if (incoming.method === 'PUT') {
      if (conditions && object !== undefined && incoming.headers['if-none-match'] === '*')
        return fail(412, 'PreconditionFailed');
      const writer = String(incoming.headers['x-amz-meta-timestream-write'] ?? '');
      objects.set(pathname, { body: Buffer.concat(pieces), writer });
      return answer.writeHead(200, { etag: '"1"' }).end();
    }
    if (object === undefined) return fail(404, 'NoSuchKey');
    const { body, writer } = object;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(ranges ? (incoming.headers.range ?? '') : '') ?? [];
    const start = Number(from ?? 0);
    const end = to === undefined ? body.length : Math.min(body.length, Number(to) + 1);
    answer.writeHead(from === undefined ? 200 : 206, {
      etag: '"1"',
      'content-length': end - start,
      'x-amz-meta-timestream-write': writer,
      ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${body.length}` }),
    });
    return answer.end(incoming.method === 'HEAD' ? undefined : body.subarray(start, end));
  };
  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
