import { afterAll, describe, expect, it } from 'vitest';
import { FaultProxy } from '../testing/fault-proxy.ts';
import { openTinyStore, type TinyStore } from '../testing/tiny-store.ts';
import { s3FaultContract } from './s3-faults.contract.ts';
import { openS3FileIO } from './s3-file-io.ts';
import { keyOf, parseS3Place } from './s3-place.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const stores: TinyStore[] = [];
afterAll(() => Promise.all(stores.map((store) => store.close())));

async function tinyStore(knows?: Parameters<typeof openTinyStore>[0]): Promise<string> {
  const store = await openTinyStore(knows);
  stores.push(store);
  return store.url;
}

s3FaultContract('a store in this process', async () => ({
  endpoint: await tinyStore(),
  bucket: 'bucket',
  credentials,
}));

describe('the S3 FileIO', () => {
  it('refuses a store that overwrites what it is told to leave', async () => {
    const opened = openS3FileIO('s3://bucket/lake', {
      endpoint: await tinyStore({ conditions: false }),
      region: 'us-east-1',
      credentials,
    });
    await expect(opened).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('If-None-Match') as string,
    });
  });

  it('reads what is asked for also from a store that passes ranges over, and never puts it together wrongly', async () => {
    const proxy = await FaultProxy.open(await tinyStore({ ranges: false }));
    const io = await openS3FileIO('s3://bucket/lake', {
      endpoint: proxy.url,
      region: 'us-east-1',
      credentials,
    });
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    await io.putIfAbsent('s3://bucket/lake/a', content);
    const range = await io.read('s3://bucket/lake/a', { start: 5, end: 9 });
    expect(range).toEqual(new Uint8Array(content.subarray(5, 9)));
    proxy.fail('GET', { kind: 'cut-answer', bytes: 70_000 });
    await expect(io.read('s3://bucket/lake/a')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('the rest alone') as string,
    });
    io.close();
    await proxy.close();
  });

  it('understands how other engines write its locations, and has no local files', async () => {
    const io = await openS3FileIO('s3a://bucket/lake/', {
      endpoint: await tinyStore(),
      region: 'us-east-1',
      credentials,
    });
    expect(io.root).toBe('s3://bucket/lake');
    await io.putIfAbsent('s3a://bucket/lake/a%20b/c', Buffer.from('x'));
    expect(await io.stat('s3n://bucket/lake/a%20b/c')).toMatchObject({
      location: 's3://bucket/lake/a%20b/c',
      size: 1,
    });
    expect(io.localPath('s3://bucket/lake/a%20b/c')).toBeNull();
    io.close();
  });
});

describe('a place in an object store', () => {
  it('is a bucket, or a folder in it', () => {
    expect(parseS3Place('s3://bucket')).toEqual({ bucket: 'bucket', prefix: '', root: 's3://bucket' });
    expect(parseS3Place('s3://my.bucket-1/a/b//')).toEqual({
      bucket: 'my.bucket-1',
      prefix: 'a/b',
      root: 's3://my.bucket-1/a/b',
    });
    expect(keyOf(parseS3Place('s3://bucket'), 's3://bucket/t/1')).toBe('t/1');
    expect(keyOf(parseS3Place('s3://bucket/a'), 's3://bucket/a/t/1')).toBe('a/t/1');
  });

  it.each([
    'bucket/a',
    'gs://bucket/a',
    's3://',
    's3:///a',
    's3://Bucket/a',
    's3://b/a',
    's3://bucket/a/../b',
    's3://bucket/a//b',
    's3://bucket/a?b',
    's3://bucket/a\nb',
  ])('is not %j', (text) => {
    expect(() => parseS3Place(text)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });

  it('holds no names longer than stores take', () => {
    const place = parseS3Place('s3://bucket/a');
    expect(keyOf(place, `s3://bucket/a/${'é'.repeat(511)}`)).toHaveLength(513);
    expect(() => keyOf(place, `s3://bucket/a/${'é'.repeat(512)}`)).toThrow(/too long/);
  });
});
