import type { z } from 'zod';
import { errorBody } from '#shared/contract/common.ts';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
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
  { method = 'GET', body, query, signal }: RequestOptions = {},
): Promise<Response> {
  const url = new URL(`/api/v1/${path}`, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      ...(body === undefined
        ? {}
        : { body: stringifyJson(body), headers: { 'content-type': 'application/json' } }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new AppError('UNAVAILABLE', 'The server can’t be reached. Is `npm start` still running?', {
      cause: error,
    });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<AppError> {
  const text = await response.text();
  try {
    const { error } = errorBody.parse(parseJson(text));
    const code = error.code in ERROR_CODES ? (error.code as ErrorCode) : 'INTERNAL';
    return new AppError(code, error.message, { context: { ...error.context, requestId: error.requestId } });
  } catch (cause) {
    return new AppError('INTERNAL', `The server answered with status ${response.status}.`, { cause });
  }
}
