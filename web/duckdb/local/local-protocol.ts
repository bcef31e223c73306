import type { ResultColumn } from '#shared/contract/plan.ts';

/** What local-file.worker.ts is asked: one thing, after which it ends. */
export type LocalRequest =
  | {
      readonly kind: 'rows';
      readonly file: File;
      readonly format: 'json' | 'arrow';
      readonly gzipped: boolean;
    }
  | { readonly kind: 'parquet-schema'; readonly file: File }
  /** Rows of the columns at these places of a Parquet file, in this order. */
  | { readonly kind: 'parquet-columns'; readonly file: File; readonly columns: readonly number[] };

export type LocalReply =
  /** First: the columns, either with their DuckDB types or as an Arrow IPC stream without rows, which has them as c0, c1… */
  | {
      readonly kind: 'columns';
      readonly names: readonly string[];
      readonly types: readonly ResultColumn['type'][] | null;
      readonly schema: Uint8Array<ArrayBuffer> | null;
      /** Where the file says so. */
      readonly rows: number | null;
    }
  /** A whole Arrow IPC stream of some of the rows. */
  | { readonly kind: 'chunk'; readonly ipc: Uint8Array<ArrayBuffer>; readonly rows: number }
  /** Bytes of the file that are done with. */
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done' }
  /** `message` is a sentence but for the file's name, which stands before it. */
  | { readonly kind: 'failed'; readonly message: string; readonly line: number | null };
