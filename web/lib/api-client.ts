import type { z } from 'zod';
import { errorBody } from '#shared/contract/common.ts';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import { authorName } from './author.ts';

/** Where calls go: this page's origin by `fetch`, unless a test or another host says otherwise. */
export interface Transport {
  readonly fetch?: typeof fetch | undefined;
  readonly baseUrl?: string | undefined;
}

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** Sent as it is, in place of a body that is JSON. */
  readonly content?: Blob;
  /** The media type wanted, where it is not JSON. */
  readonly accept?: string;
  readonly transport?: Transport | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls the API of this origin and checks the answer against its contract.
 *
 * @param path below `/api/v1`, each part encoded by the caller, e.g. `refs/${encodeURIComponent(name)}/log`
 * @throws AppError: the server's own, UNAVAILABLE where it can't be reached; AbortError after `signal`
 */
export async function requestJson<T>(
  schema: z.ZodType<T>,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await request(path, options);
  const parsed = schema.safeParse(parseJson(await response.text()));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'INTERNAL',
    `The server's answer to ${path} is not what this page expects. Reload the page.`,
    {
      cause: parsed.error,
    },
  );
}

/** As requestJson, for answers whose body says nothing (DELETE). */
export async function requestNothing(path: string, options: RequestOptions): Promise<void> {
  await request(path, options);
}

/** The answer as it is, once its status says that it is one: for streams. Same errors as requestJson. */
export async function request(
  path: string,
  { method = 'GET', body, content, query, signal, accept, headers, transport = {} }: RequestOptions = {},
): Promise<Response> {
  const url = new URL(`/api/v1/${path}`, transport.baseUrl ?? location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  // What is read is nobody's.
  const author = method === 'GET' ? '' : authorName();
  let response: Response;
  try {
    response = await (transport.fetch ?? fetch)(url, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accept === undefined ? {} : { accept }),
        ...(author === '' ? {} : { 'timestream-author': encodeURIComponent(author) }),
      },
      ...(content === undefined ? {} : { body: content }),
      ...(body === undefined ? {} : { body: stringifyJson(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new AppError('UNAVAILABLE', 'The server can’t be reached. Is it still running?', { cause: error });
  }
  if (response.status === 401) for (const listener of signedOutListeners) listener();
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** What a proxy says of a server that does not answer it. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

const signedOutListeners = new Set<() => void>();

/** Calls back whenever the server refuses this browser's token; the returned function ends it. */
export function subscribeSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

async function errorOf(response: Response): Promise<AppError> {
  const text = await response.text();
  try {
    const { error } = errorBody.parse(parseJson(text));
    const code = error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
    return new AppError(code, error.message, { context: { ...error.context, requestId: error.requestId } });
  } catch (cause) {
    if (response.status === 401)
      return new AppError(
        'UNAUTHENTICATED',
        'The session has ended. Open the address that the server printed.',
        {
          cause,
        },
      );
    if (AWAY.has(response.status))
      return new AppError('UNAVAILABLE', 'The server behind this address is away.', { cause });
    return new AppError('INTERNAL', `The server answered with status ${response.status}.`, { cause });
  }
}
