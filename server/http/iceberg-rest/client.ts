import { AppError } from '#shared/errors/app-error.ts';
import type { RestClient } from '../../services/iceberg-catalog/index.ts';
import type { RestRequest } from './request.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** How programs that people know call themselves in headers. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/^pyiceberg/i, 'PyIceberg'],
  [/^apache iceberg/i, 'Iceberg Java'],
  [/duckdb/i, 'DuckDB'],
  [/trino/i, 'Trino'],
  [/iceberg-rust|^icebergrust/i, 'Iceberg Rust'],
  [/iceberg-go/i, 'Iceberg Go'],
];
const MAX_NAME = 80;

/** @throws INVALID_INPUT for an idempotency key that is no UUID */
export function clientOf(c: RestRequest, subject: { readonly client: string | null }): RestClient {
  const key = c.req.header('idempotency-key') ?? null;
  if (key !== null && !UUID.test(key))
    throw new AppError('INVALID_INPUT', `The Idempotency-Key "${key.slice(0, MAX_NAME)}" is no UUID.`);
  return {
    author: subject.client?.slice(0, MAX_NAME) ?? null,
    program: programOf(c.req.header('x-client-version')) ?? programOf(c.req.header('user-agent')),
    idempotencyKey: key?.toLowerCase() ?? null,
  };
}

/** Name and version of a program that is known; of any other, the product that its header begins with. */
function programOf(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '') return null;
  const known = KNOWN.find(([pattern]) => pattern.test(header))?.[1];
  const [product = '', version = ''] = header.trim().split(/[/\s]+/);
  const number = /\d+(?:\.\d+)+/.exec(header)?.[0] ?? version;
  return `${known ?? product} ${number}`.trim().slice(0, MAX_NAME);
}
