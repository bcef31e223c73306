import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { alreadyExists } from '../storage-error.ts';
import { s3Attempts, s3ErrorName, s3Status } from './s3-error.ts';
import { pauseBefore, type S3Store, type S3Target } from './s3-store.ts';

/** What is sent: bytes in memory, or a file. */
export interface UploadSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

const MIB = 1024 * 1024;
/** A store takes 10,000; some room is left for sizes that are no multiple of a part's. */
const MOST_PARTS = 9_000;
const PARTS_AT_ONCE = 4;
/** Tells an object that this very call wrote from one that somebody else did. */
const WRITER = 'timestream-write';

/**
 * Creates an object, where none is there. A request whose answer was lost may have done its work: the object
 * itself then says whether it is ours.
 *
 * @throws ALREADY_EXISTS; what the store throws
 */
export async function uploadIfAbsent(store: S3Store, target: S3Target, source: UploadSource): Promise<void> {
  const upload = new Upload(store, target, source);
  for (let attempt = 1; ; attempt++) {
    try {
      return await upload.send();
    } catch (error) {
      // Two writers at one moment: the store wants one of them to come again.
      if (s3Status(error) !== 409 || attempt >= store.limits.attempts) throw error;
      await pauseBefore(attempt);
    }
  }
}

interface PartsKey {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

class Upload {
  readonly #store: S3Store;
  readonly #target: S3Target;
  readonly #source: UploadSource;
  readonly #writer = randomUUID();

  constructor(store: S3Store, target: S3Target, source: UploadSource) {
    this.#store = store;
    this.#target = target;
    this.#source = source;
  }

  async send(): Promise<void> {
    if (this.#source.size < this.#store.limits.multipartBytes) return this.#sendWhole();
    // Saves sending what would be thrown away; the last request is what decides.
    if ((await this.#writerThere()) !== null) throw alreadyExists(this.#target.location);
    await this.#sendParts();
  }

  async #sendWhole(): Promise<void> {
    const { size } = this.#source;
    const command = new PutObjectCommand({
      ...this.#object(),
      Body: await this.#source.read(0, size),
      ContentLength: size,
      IfNoneMatch: '*',
    });
    await this.#decide(() => this.#store.client.send(command));
  }

  async #sendParts(): Promise<void> {
    const { client } = this.#store;
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(this.#object()));
    const upload = { ...this.#key(), UploadId };
    try {
      const Parts = await this.#sendEach(upload);
      await this.#decide(() =>
        client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, IfNoneMatch: '*' }),
        ),
      );
    } catch (error) {
      // Parts cost money until somebody says that they are not wanted; the bucket's rules may do it too.
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
      throw error;
    }
  }

  async #sendEach(upload: PartsKey): Promise<CompletedPart[]> {
    const { size } = this.#source;
    const { partBytes } = this.#store.limits;
    const length = Math.max(partBytes, Math.ceil(size / MOST_PARTS / MIB) * MIB);
    const count = Math.ceil(size / length);
    const parts: CompletedPart[] = [];
    const stop = new AbortController();
    let next = 0;
    const lane = async () => {
      for (let at = next++; at < count && !stop.signal.aborted; at = next++) {
        const Body = await this.#source.read(at * length, Math.min(size, (at + 1) * length));
        const PartNumber = at + 1;
        const command = new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length });
        const { ETag } = await this.#store.client.send(command, { abortSignal: stop.signal });
        parts[at] = { ETag, PartNumber };
      }
    };
    const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, count) }, lane);
    try {
      await Promise.all(lanes);
    } catch (error) {
      stop.abort();
      // None may still be sending when the parts are thrown away.
      await Promise.allSettled(lanes);
      throw error;
    }
    return parts;
  }

  /** Sends what makes the object appear, and finds out whether it did where the answer leaves it open. */
  async #decide(send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (error) {
      const status = s3Status(error);
      const taken = s3ErrorName(error) === 'PreconditionFailed' || status === 412;
      if (taken && s3Attempts(error) === 1) throw alreadyExists(this.#target.location, error);
      const unclear = taken || status === undefined || status >= 500 || status === 404;
      if (unclear && (await this.#writerThere().catch(() => null)) === this.#writer) return;
      throw error;
    }
  }

  /** Whose the object is that is there: '' where no lakehouse wrote it; null where none is there. */
  async #writerThere(): Promise<string | null> {
    try {
      const { Metadata } = await this.#store.client.send(new HeadObjectCommand(this.#key()));
      return Metadata?.[WRITER] ?? '';
    } catch (error) {
      if (s3Status(error) === 404) return null;
      throw error;
    }
  }

  #object() {
    const { encryption } = this.#store;
    return {
      ...this.#key(),
      Metadata: { [WRITER]: this.#writer },
      ...(encryption === undefined ? {} : { ServerSideEncryption: encryption.algorithm }),
      ...(encryption?.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
    };
  }

  #key() {
    const { Bucket, Key } = this.#target;
    return { Bucket, Key };
  }
}
