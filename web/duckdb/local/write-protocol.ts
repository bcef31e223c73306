export interface WriteRequest {
  /** A whole Arrow IPC stream. */
  readonly ipc: Uint8Array<ArrayBuffer>;
}

export type WriteReply =
  | { readonly kind: 'written'; readonly bytes: Uint8Array<ArrayBuffer>; readonly rows: number }
  | { readonly kind: 'failed'; readonly message: string };
