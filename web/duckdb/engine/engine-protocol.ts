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

export type BootReply =
  | {
      readonly kind: 'timestream-booted';
      /** Bytes of shared memory set aside; null where memory grows on demand. */
      readonly memoryBytes: number | null;
      /** See onWorkerEnd. */
      readonly life: string | null;
    }
  | { readonly kind: 'timestream-failed'; readonly message: string };
