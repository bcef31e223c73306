import { readFile } from 'node:fs/promises';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { errorBody } from '#shared/contract/common.ts';
import { parseJson } from '#shared/util/json.ts';
import { createApp } from './app.ts';
import { lakehousePaths, type Config } from './config.ts';
import { openLakehouse } from './lakehouse.ts';

/** The lakehouse's API, of the server that has it open, or else in this process. */
export interface ApiConnection {
  /**
   * @param path below /api/v1
   * @throws the API's own errors, as AppError
   */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  /** The bytes of a file that an answer names, as they come. @param path below /api/v1 */
  download(path: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

/** @throws what openLakehouse throws; UNAVAILABLE where the server that has it open does not answer */
export async function connectApi(config: Config, version: string): Promise<ApiConnection> {
  try {
    const lakehouse = await openLakehouse(config);
    const { ctx, token } = lakehouse;
    const { allowedHosts } = config;
    const app = createApp({ ctx, token, allowedHosts, webDirectory: null, version, logger: ctx.logger });
    // As the server itself is asked, so that both answer alike.
    const base = `http://${config.host}:${config.port}`;
    return connection(
      base,
      token,
      async (url, init) => app.request(url, init),
      () => lakehouse.close(),
    );
  } catch (error) {
    const url = isAppError(error, 'ALREADY_RUNNING') ? error.context['url'] : undefined;
    if (typeof url !== 'string') throw error;
    const kept = async () => (await readFile(lakehousePaths(config.lakehouseDirectory).token, 'utf8')).trim();
    return connection(url, config.token ?? (await kept()), reach(url), async () => {});
  }
}

function reach(server: string) {
  return async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(url, init);
    } catch (error) {
      throw new AppError(
        'UNAVAILABLE',
        `The server that has the lakehouse open does not answer at ${server}. Stop it, or try again.`,
        { context: { url: server }, cause: error },
      );
    }
  };
}

function connection(
  base: string,
  token: string,
  ask: (url: string, init: RequestInit) => Promise<Response>,
  close: () => Promise<void>,
): ApiConnection {
  const own = { authorization: `Bearer ${token}`, host: new URL(base).host };
  return {
    close,
    call: async (method, path, body, headers = {}) => {
      const response = await ask(`${base}/api/v1${path}`, {
        method,
        headers: {
          ...headers,
          ...own,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw await refusal(response);
      return parseJson(await response.text());
    },
    download: async (path) => {
      const response = await ask(`${base}/api/v1${path}`, { method: 'GET', headers: own });
      if (!response.ok) throw await refusal(response);
      // The type of fetch is the browser's, whose streams cannot all be read so.
      return (response.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array> &
        AsyncIterable<Uint8Array>;
    },
  };
}

async function refusal(response: Response): Promise<AppError> {
  const { error } = errorBody.parse(parseJson(await response.text()));
  const code = error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
  return new AppError(code, error.message, { context: error.context });
}
