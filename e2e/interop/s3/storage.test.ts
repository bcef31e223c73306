import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileIOContract } from '#server/storage/file-io.contract.ts';
import type { FileIO } from '#server/storage/file-io.ts';
import { s3FaultContract } from '#server/storage/s3/s3-faults.contract.ts';
import type { S3Limits } from '#server/storage/s3/s3-client.ts';
import { openS3FileIO, type S3FileIO } from '#server/storage/s3/s3-file-io.ts';
import { FaultProxy, type SeenRequest } from '#server/storage/testing/fault-proxy.ts';
import { ObjectStore } from './object-store.ts';

const MIB = 1024 * 1024;
let store: ObjectStore;
const opened: S3FileIO[] = [];

beforeAll(async () => {
  store = await ObjectStore.start();
});
afterAll(async () => {
  for (const io of opened) io.close();
  await store.stop();
});

async function open(limits: Partial<S3Limits> = {}, endpoint = store.endpoint): Promise<FileIO> {
  const io = await openS3FileIO(`s3://${store.bucket}/${randomUUID()}/lake house`, {
    endpoint,
    region: 'us-east-1',
    credentials: store.credentials,
    limits,
  });
  opened.push(io);
  return io;
}

fileIOContract('SeaweedFS', open);
s3FaultContract('SeaweedFS', async () => store);

describe('large files in S3', () => {
  const limits = { multipartBytes: 5 * MIB, partBytes: 5 * MIB, attempts: 2 };
  const size = 23 * MIB + 17;
  let folder: string;
  let content: Buffer;
  let proxy: FaultProxy;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-parts-'));
    proxy = await FaultProxy.open(store.endpoint);
    content = Buffer.alloc(size);
    for (let at = 0; at < size; at += 1024) content.writeUInt32LE(at, Math.min(at, size - 4));
  });
  afterAll(async () => {
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  const written = async () => {
    const path = join(folder, randomUUID());
    await writeFile(path, content);
    return path;
  };
  const unfinished = async () => {
    const { Uploads = [] } = await store.client.send(
      new ListMultipartUploadsCommand({ Bucket: store.bucket }),
    );
    return Uploads;
  };
  const isPart = ({ method, url }: SeenRequest) => method === 'PUT' && url.includes('partNumber=');
  const isLast = ({ method, url }: SeenRequest) => method === 'POST' && url.includes('uploadId=');

  it('go in parts, are whole, and are refused where the name is taken', async () => {
    const io = await open(limits, proxy.url);
    const location = `${io.root}/data/large.parquet`;
    await io.adopt(await written(), location);
    expect(proxy.seen.filter(isPart)).toHaveLength(5);
    expect(await io.stat(location)).toMatchObject({ size });
    expect(Buffer.compare(await io.read(location), content)).toBe(0);
    const range = { start: 9 * MIB, end: 11 * MIB };
    expect(Buffer.compare(await io.read(location, range), content.subarray(range.start, range.end))).toBe(0);
    const again = await written();
    await expect(io.adopt(again, location)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    expect((await stat(again)).size).toBe(size);
    await expect(io.putIfAbsent(location, content)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('survive parts that fail, and a last answer that is lost', async () => {
    const io = await open(limits, proxy.url);
    proxy.reset();
    proxy.fail(isPart, { kind: 'error', status: 503, code: 'SlowDown' });
    proxy.fail(isPart, { kind: 'cut-request' });
    proxy.fail(isLast, { kind: 'lose-answer' });
    await io.adopt(await written(), `${io.root}/a`);
    expect(Buffer.compare(await io.read(`${io.root}/a`), content)).toBe(0);
  });

  it('leave nothing where they fail', async () => {
    const io = await open(limits, proxy.url);
    proxy.reset();
    proxy.fail(
      (seen) => isPart(seen) && seen.url.includes('partNumber=4'),
      { kind: 'error', status: 500, code: 'InternalError' },
      100,
    );
    const path = await written();
    await expect(io.adopt(path, `${io.root}/a`)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await io.exists(`${io.root}/a`)).toBe(false);
    expect(await unfinished()).toEqual([]);
    expect(Buffer.compare(await readFile(path), content)).toBe(0);
  });
});

describe('many objects in S3', () => {
  it('are listed page by page, and deleted many at a time', async () => {
    const proxy = await FaultProxy.open(store.endpoint);
    try {
      const io = await open({}, proxy.url);
      const names = Array.from(
        { length: 2_100 },
        (_, at) => `${io.root}/t${at % 3}/${String(at).padStart(5, '0')}`,
      );
      for (let at = 0; at < names.length; at += 100)
        await Promise.all(names.slice(at, at + 100).map((name) => io.putIfAbsent(name, Buffer.from('x'))));
      proxy.reset();
      const listed: string[] = [];
      for await (const { location } of io.list(io.root)) listed.push(location);
      expect(listed).toEqual([...names].sort());
      expect(proxy.seen).toHaveLength(3);
      proxy.reset();
      await Promise.all([...names, `${io.root}/never/was`].map((name) => io.delete(name)));
      expect(proxy.seen).toHaveLength(3);
      for await (const { location } of io.list(io.root)) expect.unreachable(location);
    } finally {
      await proxy.close();
    }
  });
});

describe('what a store refuses', () => {
  const location = () => `s3://${store.bucket}/refused`;
  const settings = () => ({ endpoint: store.endpoint, region: 'us-east-1', credentials: store.credentials });

  it.each([
    ['a bucket that is not there', 'missing-bucket', () => openS3FileIO('s3://no-such-bucket/a', settings())],
    [
      'keys that nobody has',
      'credentials',
      () =>
        openS3FileIO(location(), { ...settings(), credentials: { accessKeyId: 'x', secretAccessKey: 'y' } }),
    ],
    [
      'a secret that is wrong',
      'credentials',
      () =>
        openS3FileIO(location(), {
          ...settings(),
          credentials: { ...store.credentials, secretAccessKey: 'y' },
        }),
    ],
    [
      'somebody who may only read',
      'access-denied',
      () => openS3FileIO(location(), { ...settings(), credentials: store.reader }),
    ],
  ] as const)('is said when it is opened: %s', async (_, reason, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code: 'STORAGE_REFUSED', context: { reason } });
  });

  it('objects that other tools wrote are read like our own', async () => {
    const io = await open();
    const Key = `${io.root.slice(`s3://${store.bucket}/`.length)}/t/other.parquet`;
    await store.client.send(new PutObjectCommand({ Bucket: store.bucket, Key, Body: 'rows' }));
    expect(await io.read(`${io.root}/t/other.parquet`)).toEqual(new Uint8Array(Buffer.from('rows')));
    await expect(io.putIfAbsent(`${io.root}/t/other.parquet`, Buffer.from('x'))).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});
