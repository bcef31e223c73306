const OK = new Set([200, 206]);

/** Of what an answer is made. */
export interface WholeAnswer {
  readonly url: string;
  readonly status: number;
  /** The header content-range; null where there is none. */
  readonly contentRange: string | null;
  readonly bytes: ArrayBuffer;
}

/**
 * An answer to a GET of some bytes of a data file, made here, as readers of Parquet take it: they parse its address,
 * which a response made here has not, and ask for its bytes once. Bytes that were asked for are handed out as they are,
 * not copied: who takes them must not change them.
 */
export class WholeResponse extends Response {
  readonly #bytes: ArrayBuffer;
  readonly #url: string;

  constructor({ url, status, contentRange, bytes }: WholeAnswer) {
    const headers = new Headers({ 'content-length': String(bytes.byteLength) });
    if (contentRange !== null) headers.set('content-range', contentRange);
    super(OK.has(status) ? null : bytes, { status, headers });
    this.#bytes = bytes;
    this.#url = url;
  }

  override get url(): string {
    return this.#url;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes;
  }

  override async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }
}
