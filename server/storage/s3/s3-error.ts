import { AppError, errorMessage, isAbortError } from '#shared/errors/app-error.ts';
import { alreadyExists, errno, fileNotFound } from '../storage-error.ts';

/** What a request was about. */
export interface S3Subject {
  readonly bucket: string;
  readonly location: string;
  /** Of a store that is not Amazon's. */
  readonly endpoint: string | null;
}

/** Why a store turns the server away; in the error's context. */
export type StorageRefusal =
  | 'missing-bucket'
  | 'access-denied'
  | 'credentials'
  | 'wrong-region'
  | 'clock-skew';

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
]);
const REGION = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
]);
const FULL = new Set(['InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull']);

/** The name of a failed request's error, as the store or the client gives it. */
export function s3ErrorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function s3Status(error: unknown): number | undefined {
  return metadataOf(error).httpStatusCode;
}

/** How often the request was sent; 1 where that is not known. */
export function s3Attempts(error: unknown): number {
  return metadataOf(error).attempts ?? 1;
}

/** What a failed request means for the object that it was about. Errors that already say so pass unchanged. */
export function s3Error(error: unknown, subject: S3Subject): unknown {
  if (error instanceof AppError || isAbortError(error)) return error;
  const { location, bucket } = subject;
  const name = s3ErrorName(error);
  const status = s3Status(error);
  if (name === 'NoSuchBucket') {
    return refused(
      'missing-bucket',
      `There is no bucket ${bucket} ${at(subject)}. Make it, or name another with WAREHOUSE.`,
      subject,
      error,
    );
  }
  if (name === 'NoSuchKey' || status === 404) return fileNotFound(location, error);
  if (name === 'PreconditionFailed' || status === 412) return alreadyExists(location, error);
  if (name === 'RequestTimeTooSkewed' || name === 'RequestExpired') {
    return refused(
      'clock-skew',
      `The clocks of this machine and of the object store ${at(subject)} differ too much for it to take requests. Set this machine's clock.`,
      subject,
      error,
    );
  }
  if (CREDENTIALS.has(name)) return refused('credentials', credentials(name, subject), subject, error);
  if (REGION.has(name) || status === 301 || errorMessage(error) === 'Region is missing') {
    return refused('wrong-region', wrongRegion(error, subject), subject, error);
  }
  if (status === 401 || status === 403) {
    return refused(
      'access-denied',
      `The object store ${at(subject)} does not allow access to ${location}. The lakehouse needs to list the bucket, and to get, put and delete objects in it.`,
      subject,
      error,
    );
  }
  if (status === 507 || FULL.has(name)) {
    return new AppError(
      'STORAGE_FULL',
      `The object store ${at(subject)} is full: ${location} could not be written. Free some space and try again.`,
      { context: { location }, cause: error },
    );
  }
  if (status === 501) {
    return new AppError(
      'UNSUPPORTED',
      `The object store ${at(subject)} does not know a request that the lakehouse needs: ${errorMessage(error)}`,
      { context: { location }, cause: error },
    );
  }
  return trouble(error, subject, name, status);
}

function trouble(error: unknown, subject: S3Subject, name: string, status: number | undefined): AppError {
  const options = { context: { location: subject.location, status, reason: name }, cause: error };
  if (name === 'TimeoutError' || name === 'RequestTimeout') {
    return new AppError(
      'TIMEOUT',
      `The object store ${at(subject)} did not answer in time about ${subject.location}. Try again.`,
      options,
    );
  }
  if (status === 429 || status === 503) {
    return new AppError(
      'UNAVAILABLE',
      `The object store ${at(subject)} is asked for more than it can do (${name}), and ${subject.location} is not done after several tries. Try again later.`,
      options,
    );
  }
  const code = errno(error);
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new AppError(
      'UNAVAILABLE',
      `No object store answers ${at(subject)} (${code}). Check its address and the network.`,
      options,
    );
  }
  const said = errorMessage(error).replace(/\.$/, '');
  return new AppError(
    'UNAVAILABLE',
    `The object store ${at(subject)} failed at ${subject.location}: ${said}.`,
    options,
  );
}

function credentials(name: string, subject: S3Subject): string {
  if (name === 'CredentialsProviderError')
    return `There are no credentials for the object store ${at(subject)}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`;
  return `The object store ${at(subject)} does not take these credentials (${name}). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile.`;
}

function wrongRegion(error: unknown, { bucket }: S3Subject): string {
  const region = regionOf(error);
  return region === undefined
    ? `The bucket ${bucket} is in another region, or none is set. Name its region with AWS_REGION.`
    : `The bucket ${bucket} is in the region ${region}. Set AWS_REGION=${region}.`;
}

function regionOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { Region, $response } = error as Error & {
    readonly Region?: unknown;
    readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
  };
  const region = Region ?? $response?.headers?.['x-amz-bucket-region'];
  return typeof region === 'string' && region !== '' ? region : undefined;
}

function refused(reason: StorageRefusal, message: string, subject: S3Subject, cause: unknown): AppError {
  const { location, bucket } = subject;
  return new AppError('STORAGE_REFUSED', message, { context: { location, bucket, reason }, cause });
}

function at({ endpoint }: S3Subject): string {
  return endpoint === null ? 'of Amazon' : `at ${endpoint}`;
}

function metadataOf(error: unknown): { readonly httpStatusCode?: number; readonly attempts?: number } {
  if (!(error instanceof Error) || !('$metadata' in error)) return {};
  return error.$metadata as { readonly httpStatusCode?: number; readonly attempts?: number };
}
