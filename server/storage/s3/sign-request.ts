import { AppError } from '#shared/errors/app-error.ts';
import type { RequestSigner, StorageRequest } from '../request-signer.ts';
import { readS3Request, type S3Address } from './request-access.ts';
import type { S3Settings } from './s3-client.ts';
import type { S3Store } from './s3-store.ts';

/** The body is the client's own: its length and checksum travel with it. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const BODIES = /^(?:UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|[0-9a-f]{64})$/;
/** What AWS asks to be signed, beside everything of its own. */
const SIGNED = /^(?:x-amz-.*|content-md5)$/;
/** The signature brings these. */
const MADE = new Set(['x-amz-date', 'x-amz-security-token']);

/** Signs with the keys of a store's client, by AWS's signature, version 4. */
export async function createS3RequestSigner(store: S3Store, settings: S3Settings): Promise<RequestSigner> {
  const { client } = store;
  const region = await client.config.region();
  const address = addressOf(store.place.bucket, settings.endpoint, region);
  return {
    accessOf: (request) => readS3Request(address, request).access,
    async sign(request: StorageRequest) {
      const { host, path, query, headers } = readS3Request(address, request);
      const body = headers['x-amz-content-sha256'] ?? UNSIGNED;
      if (!BODIES.test(body))
        throw new AppError(
          'FORBIDDEN',
          `A body that is sent as ${body.slice(0, 80)} can't be signed from here.`,
        );
      const [hostname = '', port] = host.split(':');
      const own = Object.entries(headers).filter(([name]) => SIGNED.test(name) && !MADE.has(name));
      const signer = await client.config.signer({
        name: 'sigv4',
        signingName: 's3',
        signingRegion: region,
        properties: {},
      });
      const signed = await store.ask(store.place.root, () =>
        signer.sign({
          method: request.method,
          protocol: address.protocol,
          hostname,
          ...(port === undefined ? {} : { port: Number(port) }),
          path,
          query: { ...query },
          headers: { ...Object.fromEntries(own), host, 'x-amz-content-sha256': body },
        }),
      );
      const added = Object.entries(signed.headers).filter(
        ([name]) => name !== 'host' && (headers[name] === undefined || MADE.has(name)),
      );
      return {
        uri: request.uri,
        headers: Object.fromEntries(added.map(([name, value]) => [name, [value]])),
      };
    },
  };
}

function addressOf(bucket: string, endpoint: string | undefined, region: string): S3Address {
  if (endpoint === undefined)
    return { protocol: 'https:', bucket, hosts: [`s3.${region}.amazonaws.com`, 's3.amazonaws.com'] };
  const { protocol, host } = new URL(endpoint);
  return { protocol: protocol === 'http:' ? 'http:' : 'https:', bucket, hosts: [host] };
}
