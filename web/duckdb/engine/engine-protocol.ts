import type { FlatBatch } from '../parquet/flat-batch.ts';
import type { BlockView } from './arrow-rows.ts';

/** What the page and engine.worker.ts say to each other beside DuckDB's own messages. */
export interface BootRequest {
  readonly kind: 'timestream-boot';
  /** DuckDB's own worker script, on this origin. */
  readonly script: string;
  /** True for the threaded build, whose memory is shared and best not grown. */
  readonly sharedMemory: boolean;
}

export interface InterruptRequest {
  readonly kind: 'timestream-interrupt';
  readonly connection: number;
}

/** Rows that are read where they lie in DuckDB's memory; see ArrowRows. Tables are named as SQL writes them. */
export interface RowsRequest {
  readonly kind: 'timestream-rows';
  readonly task: RowsTask;
  /** Where the answer goes, a RowsReply. */
  readonly answer: MessagePort;
}

export type RowsTask =
  | {
      readonly do: 'insert';
      readonly connection: number;
      readonly table: string;
      readonly batches: readonly FlatBatch[];
    }
  | { readonly do: 'keep'; readonly batches: readonly FlatBatch[] }
  | {
      readonly do: 'insert-kept';
      readonly connection: number;
      readonly table: string;
      readonly blocks: readonly number[];
      readonly columns: number;
    }
  | { readonly do: 'expose'; readonly connection: number; readonly views: readonly BlockView[] }
  | { readonly do: 'hide'; readonly connection: number; readonly views: readonly string[] }
  | { readonly do: 'free'; readonly blocks: readonly number[] };

export interface RowsReply {
  /** What DuckDB says went wrong; null where nothing did. */
  readonly failure: string | null;
  /** Of what was to be kept. */
  readonly blocks?: readonly number[];
  /** WebAssembly threw, which leaves the module in an unknown state. */
  readonly broken?: true;
}

export type BootReply =
  | {
      readonly kind: 'timestream-booted';
      /** Bytes of shared memory set aside; null where memory grows on demand. */
      readonly memoryBytes: number | null;
      /** See onWorkerEnd. */
      readonly life: string | null;
    }
  | { readonly kind: 'timestream-failed'; readonly message: string };
