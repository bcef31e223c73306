import type { Context } from 'hono';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { parseJson, stringifyJson } from '#shared/util/json.ts';
import type { PageRequest, RestAnswer, RestClient } from '../../services/iceberg-catalog/index.ts';

export interface RestEnv {
  Variables: { client: RestClient };
}
export type RestRequest = Context<RestEnv>;

/** Levels of a namespace are separated so in an address. */
const LEVEL_SEPARATOR = '\u001f';
const BASE_SEGMENTS = '/iceberg/v1/'.split('/').length - 1;

/** The names in the address: prefix, namespace, and the name of the table or view, as far as it goes. */
export function names(c: RestRequest): {
  readonly prefix: string;
  readonly namespace: readonly string[];
  readonly key: readonly string[];
  readonly last: string;
} {
  const segments = new URL(c.req.url).pathname.split('/').slice(BASE_SEGMENTS).map(decodeSegment);
  const [prefix = '', , namespaceText = '', , name = ''] = segments;
  const namespace = namespaceText.split(LEVEL_SEPARATOR);
  return { prefix, namespace, key: [...namespace, name], last: segments.at(-1) ?? '' };
}

/** Java clients write addresses as forms are written, with a plus for a space; all of them encode a real plus. */
function decodeSegment(segment: string): string {
  return decodeURIComponent(segment.replaceAll('+', ' '));
}

/** @throws INVALID_INPUT */
export async function jsonBody(c: RestRequest): Promise<unknown> {
  const text = await c.req.text();
  try {
    return parseJson(text);
  } catch (error) {
    throw new AppError(
      'INVALID_INPUT',
      text.trim() === ''
        ? "The request's body is empty."
        : `The request's body is not JSON: ${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** @throws INVALID_INPUT */
export function pageOf(c: RestRequest): PageRequest {
  const size = c.req.query('pageSize');
  if (size !== undefined && !/^[1-9]\d{0,8}$/.test(size))
    throw new AppError(
      'INVALID_INPUT',
      `The query parameter "pageSize" is "${size}"; write a number from 1 up.`,
    );
  return { token: c.req.query('pageToken'), size: size === undefined ? undefined : Number(size) };
}

/** Of the namespace that the query names; empty is the top. */
export function parentOf(c: RestRequest): readonly string[] {
  const parent = c.req.query('parent') ?? '';
  return parent === '' ? [] : parent.split(LEVEL_SEPARATOR);
}

export interface Reply {
  readonly status: 200 | 204;
  readonly body: string | null;
  readonly etag: string | null;
}

export const DONE: Reply = { status: 204, body: null, etag: null };

export function jsonReply(json: unknown, etag: string | null = null): Reply {
  return { status: 200, body: stringifyJson(json), etag };
}

export function entityReply({ json, etag }: RestAnswer): Reply {
  return jsonReply(json, etag);
}

export function send(c: RestRequest, { status, body, etag }: Reply): Response {
  const headers = etag === null ? {} : { etag };
  if (body === null) return c.body(null, status, headers);
  return c.body(body, 200, { ...headers, 'content-type': 'application/json' });
}

/** True for HEAD, which the router answers by the handlers of GET. */
export function asksOnlyIfThere(c: RestRequest): boolean {
  return c.req.raw.method === 'HEAD';
}
