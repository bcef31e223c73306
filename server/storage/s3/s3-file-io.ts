import { HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { resolveRange } from '../byte-range.ts';
import type { ByteRange, FileIO, FileStat } from '../file-io.ts';
import { checkNewLocation, compareLocations, isHidden, segmentsBelow } from '../location.ts';
import { fileNotFound, storageError } from '../storage-error.ts';
import { assertStore } from './assert-store.ts';
import { ObjectDeleter } from './delete-objects.ts';
import { readObject } from './read-object.ts';
import type { RequestSigner } from '../request-signer.ts';
import type { S3Settings } from './s3-client.ts';
import { keyOf, locationOf, parseS3Place } from './s3-place.ts';
import { S3Store, type S3Target } from './s3-store.ts';
import { createS3RequestSigner } from './sign-request.ts';
import { uploadIfAbsent, type UploadSource } from './upload.ts';

/** A FileIO that holds connections. */
export interface S3FileIO extends FileIO {
  /** For clients that have no keys of the store. */
  readonly signer: RequestSigner;
  close(): void;
}

/**
 * Keeps objects below a folder of a bucket. The store has to create objects only where none is there; one that
 * overwrites is refused when it is opened.
 *
 * Beside the errors of the port: STORAGE_REFUSED (no such bucket, no access, wrong region, clocks that differ),
 * TIMEOUT. A large file goes in parts, and that the last of these decides between two writers is the store's
 * promise; writers of one name that is not theirs alone write small objects.
 *
 * @param location s3://bucket/folder
 * @throws INVALID_INPUT, UNSUPPORTED where the store overwrites; as above
 */
export async function openS3FileIO(location: string, settings: S3Settings = {}): Promise<S3FileIO> {
  const store = new S3Store(parseS3Place(location), settings);
  try {
    await assertStore(store);
    return new ObjectStoreFileIO(store, await createS3RequestSigner(store, settings));
  } catch (error) {
    store.client.destroy();
    throw error;
  }
}

class ObjectStoreFileIO implements S3FileIO {
  readonly root: string;
  readonly signer: RequestSigner;
  readonly #store: S3Store;
  readonly #deleter: ObjectDeleter;

  constructor(store: S3Store, signer: RequestSigner) {
    this.root = store.place.root;
    this.signer = signer;
    this.#store = store;
    this.#deleter = new ObjectDeleter(store);
  }

  async read(location: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const target = this.#store.target(location);
    const [start, end] = resolveRange(Number.MAX_SAFE_INTEGER, range, location);
    if (start === end) {
      await this.stat(location);
      return new Uint8Array();
    }
    return this.#store.ask(location, () => readObject(this.#store, target, range, signal));
  }

  async stat(location: string): Promise<FileStat> {
    const { Bucket, Key } = this.#store.target(location);
    return this.#store.ask(location, async () => {
      const found = await this.#store.client.send(new HeadObjectCommand({ Bucket, Key }));
      return describe(locationOf(this.#store.place, Key), found.ContentLength, found.LastModified);
    });
  }

  async exists(location: string): Promise<boolean> {
    try {
      await this.stat(location);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'FILE_NOT_FOUND') return false;
      throw error;
    }
  }

  async putIfAbsent(location: string, bytes: Uint8Array): Promise<void> {
    const target = this.#newTarget(location);
    const source = {
      size: bytes.length,
      read: async (start: number, end: number) => bytes.subarray(start, end),
    };
    await this.#store.ask(location, () => uploadIfAbsent(this.#store, target, source));
  }

  async adopt(localPath: string, location: string): Promise<void> {
    const target = this.#newTarget(location);
    const handle = await open(localPath, 'r').catch((error: unknown) => {
      throw storageError(error, localPath);
    });
    try {
      const source = await fileSource(handle, localPath);
      await this.#store.ask(location, () => uploadIfAbsent(this.#store, target, source));
    } finally {
      await handle.close();
    }
    await unlink(localPath);
  }

  async delete(location: string): Promise<void> {
    const target = this.#store.target(location);
    await this.#store.ask(location, () => this.#deleter.delete(target));
  }

  async *list(prefix: string): AsyncGenerator<FileStat> {
    const { place } = this.#store;
    const trimmed = prefix.replace(/\/$/, '');
    const folder = trimmed === this.root ? place.prefix : keyOf(place, trimmed);
    const found = await this.#store.ask(trimmed, () => this.#listKeys(folder === '' ? '' : `${folder}/`));
    // Not every store lists by the bytes of whole keys, as Amazon's does: some go folder by folder.
    found.sort((a, b) => compareLocations(a.location, b.location));
    yield* found;
  }

  localPath(location: string): null {
    segmentsBelow(this.root, location);
    return null;
  }

  close(): void {
    this.#store.client.destroy();
  }

  async #listKeys(Prefix: string): Promise<FileStat[]> {
    const { client, place } = this.#store;
    const found: FileStat[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: place.bucket, Prefix, ContinuationToken }),
      );
      for (const { Key = '', Size, LastModified } of page.Contents ?? []) {
        // Consoles and some clients make folders as objects of this kind.
        if (Key.endsWith('/')) continue;
        const location = locationOf(place, Key);
        if (isHidden(location.slice(this.root.length + 1))) continue;
        found.push(describe(location, Size, LastModified));
      }
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
    return found;
  }

  #newTarget(location: string): S3Target {
    const target = this.#store.target(location);
    checkNewLocation(location, segmentsBelow(this.root, location));
    return target;
  }
}

async function fileSource(handle: FileHandle, path: string): Promise<UploadSource> {
  const info = await handle.stat();
  if (!info.isFile()) throw fileNotFound(path);
  return {
    size: info.size,
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new AppError('UNAVAILABLE', `${path} became shorter while it was sent.`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}

function describe(location: string, size: number | undefined, modifiedAt: Date | undefined): FileStat {
  return { location, size: size ?? 0, modifiedAt: modifiedAt ?? new Date(0) };
}
