/**
 * What the page, the worker that fetches data files and the workers that decode them say to each other. Who decodes is
 * deaf while it computes; who only fetches hears at once that it is to stop.
 */

/** From the page to the worker that fetches. */
export type FetcherRequest =
  /** A line to a worker that decodes; its requests come there. */
  | { readonly kind: 'open'; readonly line: number; readonly port: MessagePort }
  /** Whether the server was away when it was last asked for something else. */
  | { readonly kind: 'server'; readonly away: boolean }
  /** Ends what the line fetches, and the line. */
  | { readonly kind: 'end'; readonly line: number };

/** To the page, once, before all else; see onWorkerEnd. */
export interface FetcherReply {
  readonly kind: 'alive';
  readonly life: string | null;
}

/** From the page to a worker that decodes: where it fetches from now on. Null where nothing fetches. */
export interface LineMessage {
  readonly kind: 'line';
  readonly port: MessagePort | null;
}

/** A GET of what never changes. */
export interface LineRequest {
  readonly id: number;
  readonly url: string;
  readonly range: string | null;
  readonly cache: RequestCache;
}

export type LineReply =
  | {
      readonly id: number;
      readonly status: number;
      readonly contentRange: string | null;
      readonly bytes: ArrayBuffer;
    }
  | { readonly id: number; readonly failure: string };
