import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultProxy, type Fault } from '../testing/fault-proxy.ts';
import type { S3Limits, S3Settings } from './s3-client.ts';
import { openS3FileIO, type S3FileIO } from './s3-file-io.ts';

/** A store to test against, with a bucket in it. */
export interface StoreUnderTest {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: NonNullable<S3Settings['credentials']>;
}

const SLOW_DOWN: Fault = { kind: 'error', status: 503, code: 'SlowDown' };
const BROKEN: Fault = { kind: 'error', status: 500, code: 'InternalError' };
const ATTEMPTS = 3;
/** Long for a machine that is busy, short for whoever waits for a test. */
const SILENCE_MS = 1500;

/** What has to come of it when requests to a store go wrong on their way. */
export function s3FaultContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`S3 faults: ${name}`, () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    /** Quicker than to compare element by element. */
    const expectContent = (bytes: Uint8Array, expected: Uint8Array = content) =>
      expect([bytes.length, Buffer.compare(bytes, expected)]).toEqual([expected.length, 0]);
    let proxy: FaultProxy;
    let store: StoreUnderTest;
    let io: S3FileIO;
    /** Does not wait for long. */
    let hasty: S3FileIO;
    let location: string;

    beforeAll(async () => {
      store = await open();
      proxy = await FaultProxy.open(store.endpoint);
      io = await openHere();
      hasty = await openHere(proxy.url, { silenceMs: SILENCE_MS });
    });
    afterAll(async () => {
      io.close();
      hasty.close();
      await proxy.close();
    });
    beforeEach(() => {
      proxy.reset();
      location = `${io.root}/${randomUUID()}`;
    });

    const openHere = async (endpoint = proxy.url, limits: Partial<S3Limits> = {}) =>
      openS3FileIO(`s3://${store.bucket}/faults`, {
        endpoint,
        region: 'us-east-1',
        credentials: store.credentials,
        limits: { attempts: ATTEMPTS, ...limits },
      });
    const sent = (method: string) => proxy.seen.filter((seen) => seen.method === method);

    it.each([
      ['asked to slow down', SLOW_DOWN],
      ['told of an error inside', BROKEN],
      ['cut off while it sends', { kind: 'cut-request' }],
    ] satisfies readonly (readonly [string, Fault])[])('writes again when it is %s', async (_, fault) => {
      proxy.fail('PUT', fault, 2);
      await io.putIfAbsent(location, content);
      expect(sent('PUT')).toHaveLength(3);
      expectContent(await io.read(location));
    });

    it('writes again when it is not answered', async () => {
      proxy.fail('PUT', { kind: 'silence' });
      await hasty.putIfAbsent(location, content);
      expect(sent('PUT')).toHaveLength(2);
      expectContent(await io.read(location));
    });

    it('knows its own object again when the answer was lost', async () => {
      proxy.fail('PUT', { kind: 'lose-answer' });
      await io.putIfAbsent(location, content);
      expect(sent('PUT')).toHaveLength(2);
      expectContent(await io.read(location));
    });

    it('knows its own object also when every answer was lost', async () => {
      proxy.fail('PUT', { kind: 'lose-answer' }, ATTEMPTS);
      await io.putIfAbsent(location, content);
      expectContent(await io.read(location));
    });

    it("takes nobody else's object for its own when it has to try again", async () => {
      await io.putIfAbsent(location, Buffer.from('first'));
      proxy.fail('PUT', SLOW_DOWN);
      await expect(io.putIfAbsent(location, content)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      expectContent(await io.read(location), Buffer.from('first'));
    });

    it('gives up, saying so, and leaves nothing', async () => {
      proxy.fail('PUT', BROKEN, 100);
      const put = io.putIfAbsent(location, content);
      await expect(put).rejects.toMatchObject({ code: 'UNAVAILABLE', context: { location, status: 500 } });
      proxy.reset();
      proxy.fail('GET', SLOW_DOWN, 100);
      await expect(io.read(location)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('more than it can do') as string,
      });
      expect(sent('GET')).toHaveLength(ATTEMPTS);
      proxy.reset();
      expect(await io.exists(location)).toBe(false);
    });

    it.each(['cut-answer', 'stall-answer'] as const)(
      'goes on reading where an answer broke off: %s',
      async (kind) => {
        await io.putIfAbsent(location, content);
        proxy.reset();
        proxy.fail('GET', { kind, bytes: 100_000 });
        expectContent(await hasty.read(location));
        expect(sent('GET').map(({ headers }) => headers.range)).toEqual([
          undefined,
          expect.stringMatching(/^bytes=\d+-299999$/) as string,
        ]);
        proxy.fail('GET', { kind, bytes: 7 }, 2);
        expectContent(await hasty.read(location, { start: 1000, end: 1200 }), content.subarray(1000, 1200));
      },
    );

    it('never gives a part for the whole', async () => {
      await io.putIfAbsent(location, content);
      proxy.fail('GET', { kind: 'cut-answer', bytes: 10 }, 100);
      await expect(io.read(location)).rejects.toMatchObject({ code: 'UNAVAILABLE', context: { location } });
    });

    it('says that the store does not answer', async () => {
      await io.putIfAbsent(location, content);
      proxy.fail('GET', { kind: 'silence' }, 100);
      await expect(hasty.read(location)).rejects.toMatchObject({ code: 'TIMEOUT', context: { location } });
    });

    it.each([
      ['before the answer', { kind: 'silence' }],
      ['in the middle of it', { kind: 'stall-answer', bytes: 1000 }],
    ] satisfies readonly (readonly [string, Fault])[])('stops when it is told to, %s', async (_, fault) => {
      await io.putIfAbsent(location, content);
      proxy.fail('GET', fault, 100);
      const stop = new AbortController();
      const read = io.read(location, undefined, stop.signal);
      setTimeout(() => stop.abort(), 50);
      await expect(read).rejects.toMatchObject({ name: 'AbortError' });
    });

    it.each([
      [404, 'NoSuchBucket', 'missing-bucket', /no bucket .* Make it/],
      [403, 'AccessDenied', 'access-denied', /does not allow access .*list the bucket/],
      [403, 'InvalidAccessKeyId', 'credentials', /AWS_ACCESS_KEY_ID/],
      [403, 'RequestTimeTooSkewed', 'clock-skew', /clock/],
      [400, 'AuthorizationHeaderMalformed', 'wrong-region', /AWS_REGION=eu-north-1/],
      [301, 'PermanentRedirect', 'wrong-region', /AWS_REGION=eu-north-1/],
    ])('says what turns it away: %i %s', async (status, code, reason, message) => {
      const fault: Fault = {
        kind: 'error',
        status,
        code,
        xml: '<Region>eu-north-1</Region>',
        headers: { 'x-amz-bucket-region': 'eu-north-1' },
      };
      for (const method of ['GET', 'PUT']) proxy.fail(method, fault, 100);
      const refused = {
        code: 'STORAGE_REFUSED',
        message: expect.stringMatching(message) as string,
        context: { reason, bucket: store.bucket },
      };
      await expect(io.read(location)).rejects.toMatchObject(refused);
      await expect(io.putIfAbsent(location, content)).rejects.toMatchObject(refused);
      await expect(openHere()).rejects.toMatchObject(refused);
    });

    it('says that nothing answers at the address', async () => {
      const closed = await FaultProxy.open(store.endpoint);
      await closed.close();
      await expect(openHere(closed.url)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED') as string,
      });
    });
  });
}
