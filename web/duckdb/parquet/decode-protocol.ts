import type { FileField } from '#shared/iceberg/files/file-shape.ts';
import type { IcebergType } from '#shared/iceberg/types.ts';
import type { FlatBatch } from './flat-batch.ts';
import type { ServerError, Tail } from './tail.ts';

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
  /** Where several workers read one file: every how many-th of its row groups, and from which on. */
  readonly share?: RowGroupShare;
  /** The file's end, where another worker has it. */
  readonly tail?: Tail;
  /** The answer is no Parquet file but an Arrow IPC stream of one column, which is the only one asked for. */
  readonly positions?: true;
  /** The file is none of the server's but the one that workers make up; see rehearsalFile. */
  readonly rehearsal?: true;
}

/** What a file turned out to be. */
export interface OpenedFile {
  /** In the order in which they come, which is the file's own; those that it lacks are not there. */
  readonly columns: readonly FoundColumn[];
  /** In the file. */
  readonly rows: number;
  /** Rows of each row group to read, also of those that other workers read. */
  readonly groups: readonly number[];
  /** For the others of those that share the file. */
  readonly tail?: Tail;
}

export interface RowGroupShare {
  readonly of: number;
  readonly from: number;
}

/** Some rows of columns: a whole Arrow IPC stream, or, where none of them has columns in it, what lay in memory. */
export type Chunk = Uint8Array<ArrayBuffer> | readonly FlatBatch[];

/** A column of the file that is one of those asked for. */
export interface FoundColumn {
  readonly id: number;
  readonly field: FileField;
}

export type DecodeReply =
  /** Once, before all else; see onWorkerEnd. */
  | { readonly kind: 'alive'; readonly life: string | null }
  /** First. */
  | ({ readonly kind: 'opened' } & OpenedFile)
  /** These columns of some of the rows, of one row group, in the file's order. */
  | { readonly kind: 'chunk'; readonly content: Chunk; readonly rows: number }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** The HTTP status where fetching failed, 0 where the server did not answer; null where decoding failed. */
      readonly status: number | null;
      /** What the server says is wrong, where it says so. */
      readonly said?: ServerError;
    };
