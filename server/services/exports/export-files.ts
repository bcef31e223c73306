import { createReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { ExportFormat, ExportRequest, ExportResult } from '#shared/contract/exports.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { planExecution, type QueryContext } from '../query/index.ts';
import { writeExport } from './write-export.ts';

/** What exporting needs beside queries. */
export interface ExportContext extends QueryContext {
  /** Local folder that the engine may write to; it is emptied when the server starts. */
  readonly stagingDirectory: string;
}

export interface ExportFile {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: number;
  /** The bytes of [start, end), read as they are taken. */
  stream(start: number, end: number): ReadableStream<Uint8Array>;
}

const KEPT_MS = 60 * 60 * 1000;
/** Files wait to be fetched at once; the oldest goes when there are more. */
const MAX_FILES = 16;

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * Answers of queries as files. An export is written whole before it is offered: what fails says so as an error and not
 * as a file that ends early, the engine is free while a slow line takes the file, and its size is known.
 */
export class ExportFiles {
  readonly #ctx: ExportContext;
  readonly #files = new LRUCache<string, Omit<ExportFile, 'stream'>>({
    max: MAX_FILES,
    ttl: KEPT_MS,
    ttlAutopurge: true,
    dispose: ({ path }) => void rm(path, { force: true }).catch(() => undefined),
  });

  constructor(ctx: ExportContext) {
    this.#ctx = ctx;
  }

  /** @throws as planQuery and writeExport; AbortError after `signal` */
  async create(request: ExportRequest, signal?: AbortSignal): Promise<ExportResult> {
    const started = performance.now();
    const { engine, stagingDirectory } = this.#ctx;
    const { plan, input, repeatable } = await planExecution(this.#ctx, request, signal);
    const id = randomUUID();
    const path = join(stagingDirectory, `export-${id}.${request.format}`);
    await mkdir(stagingDirectory, { recursive: true });
    try {
      const { rows, notes } = await writeExport(engine, input, request.format, path);
      signal?.throwIfAborted();
      const { size: bytes } = await stat(path);
      const fileName = `${safeName(request.name ?? 'result')}.${request.format}`;
      const contentType = CONTENT_TYPES[request.format];
      this.#files.set(id, { path, fileName, contentType, bytes });
      return {
        url: `/api/v1/exports/${id}`,
        fileName,
        contentType,
        bytes,
        rows,
        ref: plan.ref,
        snapshots: snapshotsOf(plan),
        notes: repeatable ? [...notes] : [...notes, RUN_AGAIN],
        elapsedMs: Math.round(performance.now() - started),
      };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** @throws NOT_FOUND */
  open(id: string): ExportFile {
    const file = this.#files.get(id);
    if (file === undefined)
      throw new AppError('NOT_FOUND', 'This export is gone; exports are kept for an hour. Export again.', {
        context: { export: id },
      });
    return {
      ...file,
      stream: (start, end) =>
        Readable.toWeb(createReadStream(file.path, { start, end: end - 1 })) as ReadableStream<Uint8Array>,
    };
  }
}

const RUN_AGAIN =
  'The query ran once more for the file, and gives other rows each time (it has random() or the like).';

/** Without what file systems do not have in names. */
function safeName(name: string): string {
  const safe = name
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return safe.replace(/^\.+/, '').slice(0, 120) || 'result';
}
