import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { S3Store, S3Target } from './s3-store.ts';

/** What a store takes in one request. */
const MOST = 1000;

interface Waiting {
  readonly target: S3Target;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Deletes objects; those that are asked for at one moment go in one request. */
export class ObjectDeleter {
  readonly #store: S3Store;
  #waiting: Waiting[] = [];

  constructor(store: S3Store) {
    this.#store = store;
  }

  async delete(target: S3Target): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ target, resolve, reject });
    });
  }

  #flush(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < all.length; at += MOST) {
      const batch = all.slice(at, at + MOST);
      this.#send(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { Bucket } = first.target;
    if (batch.length === 1) {
      await this.#store.client.send(new DeleteObjectCommand({ Bucket, Key: first.target.Key }));
      first.resolve();
      return;
    }
    const keys = new Set(batch.map(({ target }) => target.Key));
    const { Errors = [] } = await this.#store.client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: { Objects: [...keys].map((Key) => ({ Key })), Quiet: true },
      }),
    );
    const failed = new Map(Errors.map((error) => [error.Key, error]));
    for (const { target, resolve, reject } of batch) {
      const error = failed.get(target.Key);
      if (error === undefined || error.Code === 'NoSuchKey') resolve();
      else reject(failure(error));
    }
  }
}

function failure({
  Code = 'Unknown',
  Message,
}: {
  Code?: string | undefined;
  Message?: string | undefined;
}): Error {
  return new S3ServiceException({
    name: Code,
    message: Message ?? Code,
    $fault: 'server',
    $metadata: { httpStatusCode: Code === 'AccessDenied' ? 403 : 500 },
  });
}
