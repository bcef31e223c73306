import type { FileField } from '#shared/iceberg/files/file-shape.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';

/** Columns of one Parquet file to read; the worker does one at a time. */
export interface DecodeRequest {
  /** Absolute, on this page's origin; answers byte ranges. */
  readonly url: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** By their field ids. Their types say how what is nested is found in a file that gives no ids. */
  readonly columns: readonly { readonly id: number; readonly type: IcebergType }[];
  /** See the contract's Scan. */
  readonly nameMapping: string | null;
  /** Numbers of the only row groups to read, ascending; all where not given. */
  readonly rowGroups?: readonly number[];
  /** The answer is no Parquet file but an Arrow IPC stream of one column, which is the only one asked for. */
  readonly positions?: true;
}

/** The parts of the API's error body that a page can act on. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
}

/** A column of the file that is one of those asked for. */
export interface FoundColumn {
  readonly id: number;
  readonly field: FileField;
}

export type DecodeReply =
  /** Once, before all else; see onWorkerEnd. */
  | { readonly kind: 'alive'; readonly life: string | null }
  /** First: the columns in the order in which they come, which is the file's own; those that it lacks are not there. */
  | { readonly kind: 'opened'; readonly columns: readonly FoundColumn[]; readonly rows: number }
  /** A whole Arrow IPC stream of these columns of some of the rows, in the file's order. */
  | { readonly kind: 'chunk'; readonly ipc: Uint8Array<ArrayBuffer>; readonly rows: number }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The HTTP status where fetching failed, 0 where the server did not answer; null where decoding failed. */
      readonly status: number | null;
      /** What the server says is wrong, where it says so. */
      readonly said?: ServerError;
    };
