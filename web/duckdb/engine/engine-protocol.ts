import type { FlatBatch } from '../parquet/flat-batch.ts';

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

export interface InsertRequest {
  readonly kind: 'timestream-insert';
  readonly connection: number;
  /** As SQL writes it. */
  readonly table: string;
  readonly batches: readonly FlatBatch[];
  /** Where the answer goes, an InsertReply. */
  readonly answer: MessagePort;
}

/** What DuckDB says went wrong; null where nothing did. */
export interface InsertReply {
  readonly failure: string | null;
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
