import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { OfferedExtension } from '#shared/contract/system.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { QueryContext } from '../../services/query/index.ts';

type Loaded = QueryContext['extensions'];

/** What tabs are told of, with the addresses that extensionRoutes answers. */
export function offeredExtensions(loaded: Loaded): OfferedExtension[] {
  return (loaded?.forTabs ?? []).map(({ name, platform, path }) => ({
    name,
    platform,
    url: `/api/v1/extensions/${platform}/${basename(path)}`,
  }));
}

/** Files that tabs load into their engine, as they were added. */
export function extensionRoutes({ extensions }: Pick<QueryContext, 'extensions'>) {
  return new Hono().get('/extensions/:platform/:file', async (c) => {
    const { platform, file } = c.req.param();
    const found = extensions?.forTabs.find(
      (each) => each.platform === platform && basename(each.path) === file,
    );
    const info = found === undefined ? null : await stat(found.path).catch(() => null);
    if (found === undefined || info === null)
      throw new AppError('NOT_FOUND', `The server has no extension ${file} for ${platform}.`);
    return c.body(Readable.toWeb(createReadStream(found.path)) as ReadableStream, 200, {
      // Another file may come in its place.
      'cache-control': 'private, no-cache',
      'content-length': String(info.size),
      'content-type': 'application/wasm',
    });
  });
}
