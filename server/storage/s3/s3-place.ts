import { AppError } from '#shared/errors/app-error.ts';
import { segmentsBelow } from '../location.ts';

/** Where a warehouse lies in an object store. */
export interface S3Place {
  readonly bucket: string;
  /** Folder in the bucket, without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** s3://bucket/prefix, without a final slash. */
  readonly root: string;
}

/** Bytes, of the UTF-8 form; all stores have this limit. */
const LONGEST_KEY = 1024;
/** What Amazon allows, which other stores allow too. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * @param text s3://bucket/folder/of/it; also with Hadoop's names of the scheme
 * @throws INVALID_INPUT
 */
export function parseS3Place(text: string): S3Place {
  const [, bucket = '', path = ''] = /^s3[an]?:\/\/([^/]*)(?:\/(.*))?$/s.exec(text) ?? [];
  if (bucket === '') throw off(text, 'expected s3://bucket or s3://bucket/folder');
  if (!BUCKET.test(bucket)) {
    throw off(
      text,
      `"${bucket}" can't be a bucket: 3 to 63 lower-case letters, digits, dots and hyphens are expected`,
    );
  }
  const prefix = path.replace(/\/+$/, '');
  const root = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
  if (/[?#]/.test(prefix)) throw off(text, 'the folder may not have "?" or "#" in its name');
  try {
    if (prefix !== '') segmentsBelow(`s3://${bucket}`, root);
  } catch (error) {
    throw off(text, error instanceof AppError ? error.message : String(error));
  }
  return { bucket, prefix, root };
}

/** The key of the object at a location. @throws PATH_OUTSIDE_ROOT, INVALID_INPUT where it is too long */
export function keyOf({ prefix, root }: S3Place, location: string): string {
  const path = segmentsBelow(root, location).join('/');
  const key = prefix === '' ? path : `${prefix}/${path}`;
  if (Buffer.byteLength(key) <= LONGEST_KEY) return key;
  throw new AppError(
    'INVALID_INPUT',
    `${location} is too long for an object store, which takes ${LONGEST_KEY} bytes; choose shorter names.`,
    { context: { location } },
  );
}

export function locationOf({ bucket }: S3Place, key: string): string {
  return `s3://${bucket}/${key}`;
}

function off(text: string, why: string): AppError {
  return new AppError('INVALID_INPUT', `${JSON.stringify(text)} is no place in an object store: ${why}.`, {
    context: { location: text },
  });
}
