import { describe, expect, it } from 'vitest';
import { isAppError } from '#shared/errors/app-error.ts';
import { readS3Request, type S3Address } from './request-access.ts';

const ADDRESS: S3Address = { protocol: 'http:', bucket: 'lake', hosts: ['store:9000'] };
const PATH_STYLE = 'http://store:9000/lake';
const read = (method: string, uri: string, headers: Record<string, string[]> = {}) =>
  readS3Request(ADDRESS, { method, uri, headers }).access;

describe('what is understood', () => {
  it.each([
    ['GET', `${PATH_STYLE}/t/a.parquet?x-id=GetObject`, 'read', 's3://lake/t/a.parquet'],
    ['HEAD', `${PATH_STYLE}/t/a%20b%2520.parquet`, 'read', 's3://lake/t/a b%20.parquet'],
    ['GET', 'http://lake.store:9000/t/%C3%A4', 'read', 's3://lake/t/ä'],
    ['PUT', 'http://LAKE.Store:9000/t/p%3D1/a', 'write', 's3://lake/t/p=1/a'],
    ['PUT', `${PATH_STYLE}/t/a?uploadId=u&partNumber=2`, 'write', 's3://lake/t/a'],
    ['POST', `${PATH_STYLE}/t/a?uploads`, 'write', 's3://lake/t/a'],
    ['POST', `${PATH_STYLE}/t/a?uploadId=u`, 'write', 's3://lake/t/a'],
    ['DELETE', `${PATH_STYLE}/t/a?uploadId=u`, 'write', 's3://lake/t/a'],
    ['GET', `${PATH_STYLE}?list-type=2&prefix=t%2Fdata%2F&delimiter=%2F`, 'list', 's3://lake/t/data'],
    ['GET', `${PATH_STYLE}/?list-type=2&prefix=t/`, 'list', 's3://lake/t'],
  ])('%s %s', (method, uri, kind, location) => {
    expect(read(method, uri)).toEqual({ kind, location });
  });
});

describe('what is refused', () => {
  const OBJECT = `${PATH_STYLE}/t/a`;
  it.each([
    ['another store', 'GET', 'http://other:9000/lake/t/a'],
    ['another port', 'GET', 'http://store:9001/lake/t/a'],
    ['another protocol', 'GET', 'https://store:9000/lake/t/a'],
    ['a host that only ends so', 'GET', 'http://lake.store:9000.evil.example/t/a'],
    ['a user before the host', 'GET', 'http://store:9000@evil.example/lake/t/a'],
    ['another bucket', 'GET', 'http://store:9000/lake2/t/a'],
    ['another bucket as a host', 'GET', 'http://lake2.store:9000/t/a'],
    ['a parent folder', 'GET', `${PATH_STYLE}/t/../u/a`],
    ['an encoded parent folder', 'GET', `${PATH_STYLE}/t/%2e%2E/u/a`],
    ['one encoded twice', 'GET', `${PATH_STYLE}/t/%252e%252e/u/a`],
    ['an encoded slash before it', 'GET', `${PATH_STYLE}/t%2F..%2Fu/a`],
    ['a way out of the bucket', 'GET', `${PATH_STYLE}/../other/t/a`],
    ['an empty folder', 'GET', `${PATH_STYLE}/t//a`],
    ['a backslash', 'GET', `${PATH_STYLE}/t/..%5Cu`],
    ['a control character', 'GET', `${PATH_STYLE}/t/a%00`],
    ['a plus that may be a space', 'GET', `${PATH_STYLE}/t/a+b`],
    ['bytes that are no text', 'GET', `${PATH_STYLE}/t/%ff`],
    ['a fragment', 'GET', `${OBJECT}#x`],
    ['a presigned address', 'GET', `${OBJECT}?X-Amz-Signature=0&X-Amz-Expires=600`],
    ['an access list', 'GET', `${OBJECT}?acl`],
    ['a policy', 'PUT', `${PATH_STYLE}?policy`],
    ['a version', 'GET', `${OBJECT}?versionId=1`],
    ['a parameter twice', 'PUT', `${OBJECT}?uploadId=u&uploadId=v&partNumber=1`],
    ['a deletion', 'DELETE', OBJECT],
    ['many deletions', 'POST', `${PATH_STYLE}?delete`],
    ['the deletion of the bucket', 'DELETE', PATH_STYLE],
    ['a list of everything', 'GET', `${PATH_STYLE}?list-type=2`],
    ['a list of names that begin so', 'GET', `${PATH_STYLE}?list-type=2&prefix=t`],
    ['a list of uploads', 'GET', `${PATH_STYLE}?uploads&prefix=t/`],
    ['what is no address', 'GET', 'file:///etc/passwd'],
    ['another method', 'PATCH', OBJECT],
  ])('%s', (_, method, uri) => {
    expect(codeOf(() => read(method, uri))).toBe('FORBIDDEN');
  });

  it.each([
    ['x-amz-copy-source', '/lake/other/secret'],
    ['X-Amz-Acl', 'public-read'],
    ['x-amz-grant-read', 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'],
    ['x-amz-website-redirect-location', 'http://evil.example'],
    ['x-amz-tagging', 'public=true'],
  ])('the header %s', (name, value) => {
    expect(codeOf(() => read('PUT', OBJECT, { [name]: [value] }))).toBe('FORBIDDEN');
  });

  it('a header in two spellings', () => {
    const headers = { 'content-md5': ['a'], 'Content-MD5': ['b'] };
    expect(codeOf(() => read('PUT', OBJECT, headers))).toBe('FORBIDDEN');
  });
});

function codeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
}
