import { AppError } from '#shared/errors/app-error.ts';
import type { StorageAccess, StorageRequest } from '../request-signer.ts';
import { segmentsBelow } from '../location.ts';

/** Where a store answers for a bucket. */
export interface S3Address {
  readonly protocol: 'http:' | 'https:';
  readonly bucket: string;
  /** Lower-case, with a port where it is not the protocol's own; the bucket is the first segment of the path. */
  readonly hosts: readonly string[];
}

/** A request taken apart, with nothing in it that two readers could understand in two ways. */
export interface S3Request {
  readonly access: StorageAccess;
  readonly host: string;
  /** As it was given. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

const URI = /^(https?:)\/\/([^/?#@\s]+)(\/[^?#\s]*)(?:\?([^#\s]*))?$/;
/** By method and what goes with it in the address, for one object; `x-id` is how AWS's clients call an operation. */
const OF_OBJECTS: Readonly<Record<string, StorageAccess['kind']>> = {
  'GET ': 'read',
  'HEAD ': 'read',
  'PUT ': 'write',
  'PUT partNumber uploadId': 'write',
  'POST uploads': 'write',
  'POST uploadId': 'write',
  // Gives up an upload; what is uploaded stays.
  'DELETE uploadId': 'write',
};
const OF_LISTS = new Set([
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'list-type',
  'max-keys',
  'prefix',
  'start-after',
]);
/** Those that change neither what is written to nor who may read it: copies, grants and redirections are none of these. */
const HEADERS =
  /^x-amz-(?:content-sha256|date|checksum-[a-z0-9-]+|sdk-checksum-algorithm|decoded-content-length|trailer|te|user-agent|storage-class|server-side-encryption(?:-aws-kms-key-id)?|expected-bucket-owner|request-payer|security-token|api-version)$/;

/**
 * What a request would do to which object. Only what writing and reading Iceberg tables takes is understood; everything
 * else is refused, such as deletion: a file that one branch has done with may be another's.
 *
 * @throws FORBIDDEN that says why
 */
export function readS3Request(address: S3Address, request: StorageRequest): S3Request {
  const refuse = (why: string) =>
    new AppError('FORBIDDEN', `${request.method} ${request.uri.slice(0, 500)} is not signed: ${why}.`);
  const [, protocol, rawHost = '', path = '', search = ''] = URI.exec(request.uri) ?? [];
  const host = rawHost.toLowerCase();
  if (protocol !== address.protocol) throw refuse('it is not for the object store of this lakehouse');
  const key = keyIn(address, host, path, refuse);
  const query = readQuery(search, refuse);
  const headers = readHeaders(request.headers, refuse);
  return { access: readAccess(address, request.method, key, query, refuse), host, path, query, headers };
}

type Refuse = (why: string) => AppError;

/** The key of the object, empty for the bucket. */
function keyIn({ bucket, hosts }: S3Address, host: string, path: string, refuse: Refuse): string {
  if (path.includes('+')) throw refuse('write a plus in its path as %2B');
  const decoded = decode(path, refuse).slice(1);
  if (hosts.some((one) => host === `${bucket}.${one}`)) return decoded;
  if (!hosts.includes(host)) throw refuse('it is not for the object store of this lakehouse');
  if (decoded === bucket) return '';
  if (!decoded.startsWith(`${bucket}/`)) throw refuse(`it is for another bucket than ${bucket}`);
  return decoded.slice(bucket.length + 1);
}

function readQuery(search: string, refuse: Refuse): Record<string, string> {
  const query: Record<string, string> = {};
  for (const pair of search.split('&').filter((one) => one !== '')) {
    const [name = '', ...value] = pair.split('=');
    const decoded = decode(name.replaceAll('+', ' '), refuse);
    if (Object.hasOwn(query, decoded)) throw refuse(`it has "${decoded}" twice`);
    query[decoded] = decode(value.join('=').replaceAll('+', ' '), refuse);
  }
  return query;
}

function readHeaders(given: StorageRequest['headers'], refuse: Refuse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-') && !HEADERS.test(lower)) throw refuse(`it has the header ${lower}`);
    if (Object.hasOwn(headers, lower)) throw refuse(`it has the header ${lower} twice`);
    headers[lower] = values.join(',');
  }
  return headers;
}

function readAccess(
  { bucket }: S3Address,
  method: string,
  key: string,
  query: Readonly<Record<string, string>>,
  refuse: Refuse,
): StorageAccess {
  const names = Object.keys(query).filter((name) => name !== 'x-id');
  const root = `s3://${bucket}`;
  if (key === '') {
    const isList =
      method === 'GET' && query['list-type'] === '2' && names.every((name) => OF_LISTS.has(name));
    const { prefix = '' } = query;
    if (!isList || !prefix.endsWith('/')) throw refuse('of a bucket, only folders can be listed');
    return { kind: 'list', location: checked(root, `${root}/${prefix.slice(0, -1)}`, refuse) };
  }
  const kind = OF_OBJECTS[`${method} ${names.sort().join(' ')}`];
  if (kind === undefined)
    throw refuse(
      method === 'DELETE'
        ? 'files are removed by the maintenance of the lakehouse, since another branch may have them'
        : 'it is none of the requests that reading and writing objects takes',
    );
  return { kind, location: checked(root, `${root}/${key}`, refuse) };
}

function checked(root: string, location: string, refuse: Refuse): string {
  try {
    segmentsBelow(root, location);
    return location;
  } catch (error) {
    throw refuse(error instanceof AppError ? error.message : String(error));
  }
}

function decode(text: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('its address is not well encoded');
  }
}
