import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { MOST_PART_BYTES, type SaveUploadRequest, type SaveUploadResult } from '#shared/contract/uploads.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { saveRows, type UploadContext } from './save-rows.ts';

const KEPT_MS = 60 * 60 * 1000;
/** Uploads under way at once; the one that was used least lately goes when there are more. */
const MAX_UPLOADS = 16;

/** Rows on their way into tables, in files of the server's until they are there, for an hour from the last part. */
export class Uploads {
  readonly #folder: string;
  readonly #uploads = new LRUCache<string, string>({
    max: MAX_UPLOADS,
    ttl: KEPT_MS,
    ttlAutopurge: true,
    dispose: (folder, _, reason) => {
      if (reason !== 'set') rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  });

  /** @param folder emptied when the server starts */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(): Promise<string> {
    const id = randomUUID();
    const folder = join(this.#folder, `upload-${id}`);
    await mkdir(folder, { recursive: true });
    this.#uploads.set(id, folder);
    return id;
  }

  /** A part that is sent again takes the place of the first. @throws NOT_FOUND, INVALID_INPUT, PAYLOAD_TOO_LARGE */
  async put(id: string, number: number, bytes: Uint8Array): Promise<void> {
    const folder = this.#open(id);
    if (bytes.length > MOST_PART_BYTES)
      throw new AppError(
        'PAYLOAD_TOO_LARGE',
        `Part ${number} is larger than ${MOST_PART_BYTES} bytes; send it in two.`,
        {
          context: { number, maxBytes: MOST_PART_BYTES },
        },
      );
    if (bytes.length === 0)
      throw new AppError('INVALID_INPUT', `Part ${number} is empty; send a Parquet file.`, {
        context: { number },
      });
    await writeFile(join(folder, partName(number)), bytes);
    this.#uploads.set(id, folder);
  }

  /** @throws NOT_FOUND; INVALID_INPUT where parts are missing; as saveRows. What fails can be tried again. */
  async save(ctx: UploadContext, id: string, request: SaveUploadRequest): Promise<SaveUploadResult> {
    const folder = this.#open(id);
    const there = new Set(await readdir(folder));
    const names = Array.from({ length: request.parts }, (_, number) => partName(number));
    const missing = names.findIndex((name) => !there.has(name));
    if (missing >= 0)
      throw new AppError(
        'INVALID_INPUT',
        `Part ${missing} of ${request.parts} was not sent. Send it, and try again.`,
        {
          context: { number: missing },
        },
      );
    const saved = await saveRows(
      ctx,
      request,
      names.map((name) => join(folder, name)),
    );
    this.#uploads.delete(id);
    return saved;
  }

  drop(id: string): void {
    this.#uploads.delete(id);
  }

  #open(id: string): string {
    const folder = this.#uploads.get(id);
    if (folder !== undefined) return folder;
    throw new AppError('NOT_FOUND', 'This upload is gone; one is kept for an hour. Begin again.', {
      context: { upload: id },
    });
  }
}

function partName(number: number): string {
  return `${number}.parquet`;
}
