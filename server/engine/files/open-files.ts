import { AppError } from '#shared/errors/app-error.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import type { FileFormat } from '../../iceberg/manifest/data-file.ts';
import type { FileIO } from '../../storage/file-io.ts';
import { localOf } from '../../storage/local-of.ts';
import { hasUtcNanoseconds } from './parquet-utc.ts';

/** Brings data files and delete files to where the engine can read them as Parquet. */
export interface FileOpener {
  /** @throws UNSUPPORTED naming the file, for what can't be read; AbortError after the signal */
  open(location: string, format: FileFormat, options?: OpenOptions): Promise<OpenedFile>;
}

export interface OpenOptions {
  /** Types of the columns that are read; where they are not given, none needs a copy of its own. */
  readonly types?: readonly IcebergType[];
  readonly signal?: AbortSignal;
}

export interface OpenedFile {
  /** Local. */
  readonly path: string;
  /** Where what is read is a copy: the file itself, by its local path, or its location in an object store. */
  readonly copyOf?: string;
}

/** What makes copies of files that DuckDB can't read as they are, once a file; each gives a local path. */
export interface ReadableCopies {
  /** Of an Avro file. */
  parquetOf(path: string, signal?: AbortSignal): Promise<string>;
  /** Of a Parquet file that has nanoseconds in UTC. */
  withoutUtc(path: string, signal?: AbortSignal): Promise<string>;
}

/** @param copies where not given, what needs one is refused */
export function fileOpener(io: FileIO, copies?: ReadableCopies): FileOpener {
  return {
    open: async (location, format, { types = [], signal } = {}) => {
      if (format !== 'PARQUET' && (format !== 'AVRO' || copies === undefined))
        throw unsupported(
          location,
          `The file ${location} is ${format}, which can't be read yet. Compact the table as Parquet with the engine that wrote it.`,
        );
      const path = await localOf(io, location, signal);
      // What was fetched is a copy too.
      const source = io.localPath(location) ?? location;
      const copy =
        format === 'AVRO'
          ? await copies?.parquetOf(path, signal)
          : types.some(hasUtcNanoseconds)
            ? await copies?.withoutUtc(path, signal)
            : undefined;
      const read = copy ?? path;
      return read === source ? { path: read } : { path: read, copyOf: source };
    },
  };
}

function unsupported(location: string, message: string): AppError {
  return new AppError('UNSUPPORTED', message, { context: { path: location } });
}
