import { AppError } from '#shared/errors/app-error.ts';
import type { FileFormat } from '../../iceberg/manifest/data-file.ts';
import type { FileIO } from '../../storage/file-io.ts';

/** Brings data files and delete files to where the engine can read them as Parquet. */
export interface FileOpener {
  /** The local path. @throws UNSUPPORTED naming the file, for what can't be read */
  open(location: string, format: FileFormat): Promise<string>;
}

/** What makes Parquet of other formats, once a file. */
export interface ParquetCopies {
  /** Local path of the copy. @param path local, of the file */
  parquetOf(path: string): Promise<string>;
}

/** @param avro where not given, Avro files are refused */
export function fileOpener(io: FileIO, avro?: ParquetCopies): FileOpener {
  return {
    open: async (location, format) => {
      const path = io.localPath(location);
      if (path === null)
        throw unsupported(location, `The engine can't open ${location}: it reads local files only.`);
      if (format === 'PARQUET') return path;
      if (format === 'AVRO' && avro !== undefined) return avro.parquetOf(path);
      throw unsupported(
        location,
        `The file ${location} is ${format}, which can't be read yet. Compact the table as Parquet with the engine that wrote it.`,
      );
    },
  };
}

function unsupported(location: string, message: string): AppError {
  return new AppError('UNSUPPORTED', message, { context: { path: location } });
}
