import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { resolveRange } from '../byte-range.ts';
import type { ByteRange } from '../file-io.ts';
import { s3ErrorName, s3Status } from './s3-error.ts';
import { pauseBefore, type S3Store, type S3Target } from './s3-store.ts';

/**
 * An object or a part of it. Where the answer breaks off, the rest is asked for, and what was received is kept:
 * the answer is whole or an error.
 *
 * @param range not empty
 */
export async function readObject(
  store: S3Store,
  target: S3Target,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const first = await ask(store, target, headerOf(range), undefined, signal).catch((error: unknown) => {
    // Nothing of the object is in the range, so the object is there.
    if (s3ErrorName(error) === 'InvalidRange' || s3Status(error) === 416) return null;
    throw error;
  });
  if (first === null) return new Uint8Array();
  const { start, length, etag } = extentOf(first, target);
  const bytes = new Uint8Array(length);
  let done = 0;
  const take = async (answer: GetObjectCommandOutput) => {
    await eachPiece(answer, store.limits.silenceMs, signal, (piece) => {
      if (done + piece.length > length) throw broken(target, 'it sent more than it had said');
      bytes.set(piece, done);
      done += piece.length;
    });
    if (done < length) throw broken(target, `it sent ${done} of ${length} bytes`);
  };
  for (let attempt = 1, answer = first; ; attempt++) {
    try {
      await take(answer);
      break;
    } catch (error) {
      if (signal?.aborted === true || attempt >= store.limits.attempts) throw error;
    }
    await pauseBefore(attempt, signal);
    const rest = `bytes=${start + done}-${start + length - 1}`;
    // An empty rest is no range: the end itself broke.
    if (done === length) break;
    answer = await ask(store, target, rest, etag, signal);
    if (extentOf(answer, target).start !== start + done)
      throw broken(target, 'it does not send the rest alone');
  }
  return wholeAnswered(first, range) ? bytes.slice(...resolveRange(length, range, target.location)) : bytes;
}

async function ask(
  { client }: S3Store,
  { Bucket, Key }: S3Target,
  Range: string | undefined,
  IfMatch: string | undefined,
  signal: AbortSignal | undefined,
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({ Bucket, Key, Range, IfMatch });
  return client.send(command, signal === undefined ? {} : { abortSignal: signal });
}

function headerOf(range: ByteRange | undefined): string | undefined {
  if (range === undefined) return undefined;
  return 'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.start}-${range.end - 1}`;
}

/** Which bytes of the object an answer has. */
function extentOf(answer: GetObjectCommandOutput, target: S3Target) {
  const { ContentLength: length, ContentRange, ETag: etag } = answer;
  if (length === undefined) throw broken(target, 'it does not say how long its answer is');
  const start = Number(/^bytes (\d+)-/.exec(ContentRange ?? '')?.[1] ?? 0);
  return { start, length, etag };
}

/** Some stores pass a range over. */
function wholeAnswered({ ContentRange }: GetObjectCommandOutput, range: ByteRange | undefined): boolean {
  return range !== undefined && (ContentRange === undefined || ContentRange === '');
}

/** The pieces of an answer as they come. Ends the connection when it stays silent, and when it is not needed any more. */
async function eachPiece(
  { Body }: GetObjectCommandOutput,
  silenceMs: number,
  signal: AbortSignal | undefined,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  if (!(Body instanceof Readable)) return;
  const body = Body;
  let timer: NodeJS.Timeout | undefined;
  const silent = () => {
    const error = new Error(`nothing was sent for ${silenceMs} ms`);
    error.name = 'TimeoutError';
    body.destroy(error);
  };
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(silent, silenceMs);
  };
  const abort = () => body.destroy(abortReason(signal));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    listen();
    for await (const piece of body) {
      take(piece as Uint8Array);
      listen();
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    body.destroy();
  }
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return isAbortError(reason) ? (reason as Error) : new DOMException('The read was given up.', 'AbortError');
}

function broken({ location }: S3Target, why: string): AppError {
  return new AppError(
    'UNAVAILABLE',
    `The object store broke off its answer for ${location}: ${why}. Try again.`,
    {
      context: { location },
    },
  );
}
