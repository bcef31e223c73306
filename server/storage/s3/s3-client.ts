import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { present } from '#shared/util/present.ts';

/** What is known of an object store before it is opened. What is not given is found as AWS's own tools find it. */
export interface S3Settings {
  /** URL of a store that is not Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
  /** The bucket's name in the path of URLs, not in the host's name; where not given, at an endpoint of one's own. */
  readonly pathStyle?: boolean;
  /** How the store encrypts what is written; its bucket decides where not given. */
  readonly encryption?: S3Encryption;
  /** Where not given: environment, profile, container or machine, in this order. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly limits?: Partial<S3Limits>;
}

export interface S3Encryption {
  readonly algorithm: 'AES256' | 'aws:kms';
  /** For aws:kms; the bucket's own key where not given. */
  readonly keyId?: string;
}

export interface S3Limits {
  readonly connectMs: number;
  /** Until the store begins to answer, and between the pieces of an answer. */
  readonly silenceMs: number;
  /** How often a request is sent, with growing pauses of random length. */
  readonly attempts: number;
  /** Files from this size on are sent in parts. */
  readonly multipartBytes: number;
  /** Of a part, at the least. */
  readonly partBytes: number;
}

const MIB = 1024 * 1024;
const LIMITS: S3Limits = {
  connectMs: 5_000,
  silenceMs: 30_000,
  attempts: 6,
  multipartBytes: 32 * MIB,
  partBytes: 8 * MIB,
};
/** Requests at once. */
const CONNECTIONS = 64;

export function limitsOf({ limits }: S3Settings): S3Limits {
  return { ...LIMITS, ...limits };
}

export function openS3Client(settings: S3Settings): S3Client {
  const { connectMs, silenceMs, attempts } = limitsOf(settings);
  const agent = { keepAlive: true, maxSockets: CONNECTIONS };
  const config: S3ClientConfig = {
    ...present({ endpoint: settings.endpoint, region: settings.region, credentials: settings.credentials }),
    forcePathStyle: settings.pathStyle ?? settings.endpoint !== undefined,
    retryMode: 'standard',
    maxAttempts: attempts,
    // An answer is checked by its length, and taken up again where it broke off, which no checksum allows.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: silenceMs,
      throwOnRequestTimeout: true,
      socketTimeout: silenceMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
  return new S3Client(config);
}
