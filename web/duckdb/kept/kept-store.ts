/** Bytes of a data file from `start` on, as the server sent them. */
export interface KeptPiece {
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 in hex; null where the browser computes none, on a page that is not secure. */
  readonly sum: string | null;
}

/** What is kept of one file, without its bytes. */
export interface KeptOutline {
  /** Of the whole file. */
  readonly size: number;
  /** From (included) and to (not included). */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Where fetched bytes outlive the page. All of it may fail, or be gone, at any time: it only ever spares a request.
 * A data file never changes under its address, so nothing in here gets stale.
 */
export interface KeptStore {
  /** Null where nothing is kept of the file. */
  outline(url: string): Promise<KeptOutline | null>;
  /** Null where it is not there any more. Counts as a use of the file. */
  read(url: string, start: number): Promise<KeptPiece | null>;
  /** All of them, or none. @param file `size` is that of the whole file */
  keep(file: { readonly url: string; readonly size: number }, pieces: readonly KeptPiece[]): Promise<void>;
  /** Drops all that is kept of a file. */
  forget(url: string): Promise<void>;
  /** Bytes kept, of all files. */
  bytes(): Promise<number>;
  clear(): Promise<void>;
}
