import { AppError } from '#shared/errors/app-error.ts';
import { isQueryFailure, readDuckDbFailure, type DuckDbFailure } from '#shared/sql/duckdb-failure.ts';
import { failureSentence } from '#shared/sql/failure-sentence.ts';

/** Fields that DuckDB's own bugs and broken files give; no query does. */
const BROKEN_FILE =
  /No magic bytes|too small to be a Parquet|Error while reading file|Out of buffer|Variable-length int|TProtocol|Invalid Parquet|footer length|Corrupt|ZSTD|[Ss]nappy|decompress/;

/**
 * What a failed statement means to whoever asked for it: CORRUPT_FILE, FILE_NOT_FOUND, OUT_OF_MEMORY,
 * STORAGE_FULL, SQL_RUNTIME, SQL_BINDING, UNSUPPORTED or INTERNAL. An interrupt is left to the caller, who knows why.
 *
 * @param ran the SQL that failed, where a person wrote of it
 */
export function runtimeError(error: unknown, ran?: string): AppError {
  if (error instanceof AppError) return error;
  const failure = readDuckDbFailure(error);
  const message = firstLines(failure.message);
  const file = quotedPath(failure.message);
  const context = file === undefined ? {} : { path: file };

  if (/No space left|disk is full|max_temp_directory_size/i.test(failure.message))
    return new AppError('STORAGE_FULL', `The disk is full: ${message}. Free some space and run again.`, {
      cause: error,
    });
  if (failure.type === 'Out of Memory')
    return new AppError(
      'OUT_OF_MEMORY',
      "The query needs more memory than the server's engine may take. Read fewer columns or rows, or give the engine more by the server's setting ENGINE_MEMORY.",
      { cause: error },
    );
  if (/No files found|No such file or directory/.test(failure.message))
    return new AppError('FILE_NOT_FOUND', `The file ${file ?? ''} is gone.`, { context, cause: error });
  const codec = /Unsupported compression codec "?(\w+)/.exec(failure.message)?.[1];
  if (codec !== undefined)
    return new AppError(
      'UNSUPPORTED',
      `${file === undefined ? 'A Parquet file' : `The file ${file}`} is compressed with ${codec}${codec === 'LZ4' ? " in Hadoop's framing, which Parquet has given up," : ''} and can't be read. Rewrite it with zstd.`,
      { context: { ...context, codec }, cause: error },
    );
  if (isBrokenFile(failure))
    return new AppError(
      'CORRUPT_FILE',
      `${file === undefined ? 'A Parquet file' : `The file ${file}`} can't be read: ${whyBroken(failure.message)}. Restore it from a copy.`,
      { context, cause: error },
    );
  const code = isQueryFailure(failure)
    ? 'SQL_RUNTIME'
    : failure.type === 'Not implemented'
      ? 'UNSUPPORTED'
      : ['Binder', 'Catalog', 'Parser'].includes(failure.type)
        ? 'SQL_BINDING'
        : null;
  if (code !== null) return new AppError(code, failureSentence(failure, ran), { cause: error });
  return new AppError('INTERNAL', `The engine failed: ${failure.type}: ${message}`, { cause: error });
}

export function isInterrupt(error: unknown): boolean {
  return /^interrupt$/i.test(readDuckDbFailure(error).type);
}

function isBrokenFile(failure: DuckDbFailure): boolean {
  return (
    failure.type === 'Invalid' || (failure.type !== 'Out of Memory' && BROKEN_FILE.test(failure.message))
  );
}

function whyBroken(message: string): string {
  if (/No magic bytes/.test(message)) return 'it was cut off, or is not Parquet at all';
  if (/too small/.test(message)) return 'it is too short to be Parquet';
  if (/footer length/i.test(message)) return 'its footer is damaged';
  return 'what is in it is damaged';
}

/** DuckDB adds paragraphs of advice about its own options; people here can't set those. */
function firstLines(message: string): string {
  const first = message.split(/\n\s*\n/)[0] ?? message;
  return first.trim().replace(/[.!]$/, '');
}

function quotedPath(message: string): string | undefined {
  return /["']([^"'\n]*\/[^"'\n]*)["']/.exec(message)?.[1];
}
