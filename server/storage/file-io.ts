/** What a FileIO knows of one object. Paths are locations: absolute, as Iceberg metadata holds them. */
export interface FileStat {
  readonly location: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A half-open byte range; or the last `suffix` bytes. */
export type ByteRange = { readonly start: number; readonly end: number } | { readonly suffix: number };

/**
 * The storage port. Objects are immutable once written: there is no overwrite, only put-if-absent, which is
 * what makes every cache above it exact.
 *
 * Errors: FILE_NOT_FOUND, ALREADY_EXISTS (put), PATH_OUTSIDE_ROOT, STORAGE_FULL, UNAVAILABLE; each names the
 * location in its context.
 */
export interface FileIO {
  /** Prefix of every location this FileIO may touch, e.g. file:///data/lakehouse/warehouse, without a final slash. */
  readonly root: string;

  /** Whole object, or a part of it. A range that reaches past the end gives what there is. */
  read(location: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array>;

  stat(location: string): Promise<FileStat>;

  exists(location: string): Promise<boolean>;

  /** Creates the object whole or not at all; exactly one of many concurrent writers wins. */
  putIfAbsent(location: string, bytes: Uint8Array): Promise<void>;

  /**
   * Takes over a file that a local process (DuckDB) has written, as `putIfAbsent` would its bytes. The local
   * file is gone afterwards.
   */
  adopt(localPath: string, location: string): Promise<void>;

  /** No error where it is absent. */
  delete(location: string): Promise<void>;

  /** Every object under a prefix, in order of location. A prefix ends at a path segment. */
  list(prefix: string): AsyncIterable<FileStat>;

  /** Where the engine can open the object as a local file; null where it has to be fetched first. */
  localPath(location: string): string | null;

  /**
   * Brings the object to where the engine can open it, and gives its local path, good for a query's time; for
   * locations that have none of their own. Absent where nothing can be fetched.
   */
  fetch?(location: string, signal?: AbortSignal): Promise<string>;
}

/** The part of the port that reads. */
export type FileReader = Pick<FileIO, 'root' | 'read' | 'stat' | 'exists' | 'list' | 'localPath' | 'fetch'>;
