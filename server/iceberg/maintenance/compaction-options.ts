import { AppError } from '#shared/errors/app-error.ts';
import type { TableMetadata } from '#shared/iceberg/table-metadata.ts';
import { integerProperty } from '../transaction/write-properties.ts';

/** When a file is worth writing anew, and how large what is written is to be. Sizes in bytes. */
export interface CompactionOptions {
  readonly targetFileBytes: number;
  /** Smaller files are put together. */
  readonly minFileBytes: number;
  /** Larger files are cut. */
  readonly maxFileBytes: number;
  /** Fewer small files than that are left as they are, unless they make a whole new file. */
  readonly minInputFiles: number;
  /** A file with this many delete files, or more, is written without its deleted rows. */
  readonly deleteFileThreshold: number;
  /** What is rewritten and committed at once at most. */
  readonly maxGroupBytes: number;
  /** All files, whatever they are like. */
  readonly rewriteAll: boolean;
}

const TARGET_BYTES = 512 * 1024 * 1024;
const MAX_GROUP_BYTES = 100 * 1024 ** 3;
const MIN_INPUT_FILES = 5;

/**
 * The options of one run: what is given, else what the table's `write.target-file-size-bytes` makes of them, as the
 * Java library has it: files below 0.75 or above 1.8 times the target are of the wrong size.
 *
 * @throws INVALID_INPUT where sizes contradict each other
 */
export function compactionOptions(
  { properties }: TableMetadata,
  given: { readonly [K in keyof CompactionOptions]?: CompactionOptions[K] | undefined },
): CompactionOptions {
  const targetFileBytes =
    given.targetFileBytes ?? integerProperty(properties, 'write.target-file-size-bytes', TARGET_BYTES, 1);
  const options: CompactionOptions = {
    targetFileBytes,
    minFileBytes: given.minFileBytes ?? Math.floor(targetFileBytes * 0.75),
    maxFileBytes: given.maxFileBytes ?? Math.ceil(targetFileBytes * 1.8),
    minInputFiles: given.minInputFiles ?? MIN_INPUT_FILES,
    deleteFileThreshold: given.deleteFileThreshold ?? Number.MAX_SAFE_INTEGER,
    maxGroupBytes: Math.max(given.maxGroupBytes ?? MAX_GROUP_BYTES, targetFileBytes),
    rewriteAll: given.rewriteAll ?? false,
  };
  if (options.minFileBytes <= options.targetFileBytes && options.targetFileBytes <= options.maxFileBytes)
    return options;
  throw new AppError(
    'INVALID_INPUT',
    `Sizes of files contradict each other: at least ${options.minFileBytes}, about ${options.targetFileBytes}, at most ${options.maxFileBytes} bytes. Give a least size below the target, and a greatest above it.`,
    { context: { ...options } },
  );
}
