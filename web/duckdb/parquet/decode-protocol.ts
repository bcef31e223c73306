/** Columns of one Parquet file to read; the worker does one at a time. */
export interface DecodeRequest {
  /** Absolute, on this page's origin; answers byte ranges. */
  readonly url: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Top-level names inside the file. */
  readonly columns: readonly string[];
}

export type DecodeReply =
  /** First: the columns in the order in which they come, which is the file's own. */
  | { readonly kind: 'opened'; readonly columns: readonly string[] }
  /** A whole Arrow IPC stream of some of the rows, in the file's order. */
  | { readonly kind: 'chunk'; readonly ipc: Uint8Array<ArrayBuffer>; readonly rows: number }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The HTTP status where fetching failed, 0 where the server did not answer; null where decoding failed. */
      readonly status: number | null;
    };
