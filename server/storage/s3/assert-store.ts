import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import { s3Attempts, s3Status } from './s3-error.ts';
import type { S3Store } from './s3-store.ts';

/**
 * Finds out whether the warehouse can be in a store, before anything is: it is there, lets this process write,
 * and does not overwrite what it is told to leave. A store that knows no conditions passes them over without a
 * word, and then the lakehouse could lose what was written.
 *
 * @throws UNSUPPORTED, and what S3Store.explain makes of failures
 */
export async function assertStore(store: S3Store): Promise<void> {
  const { bucket, prefix, root } = store.place;
  // Hidden: no list has it where it stays behind.
  const name = `.probe-${randomUUID()}`;
  const object = { Bucket: bucket, Key: prefix === '' ? name : `${prefix}/${name}` };
  const put = async () =>
    store.client.send(new PutObjectCommand({ ...object, Body: 'probe', IfNoneMatch: '*' }));
  await store.ask(root, async () => {
    await put().catch((error: unknown) => {
      // The first of several tries may have done it.
      if (s3Status(error) !== 412 || s3Attempts(error) === 1) throw error;
    });
    const overwritten = await put().then(
      () => true,
      (error: unknown) => {
        if (s3Status(error) === 412) return false;
        throw error;
      },
    );
    await store.client.send(new DeleteObjectCommand(object));
    if (!overwritten) return;
    throw new AppError(
      'UNSUPPORTED',
      `The object store of ${root} overwrites objects although it is told to leave them (If-None-Match), so it can't keep a lakehouse. Use a store that knows conditional writes.`,
      { context: { location: root } },
    );
  });
}
