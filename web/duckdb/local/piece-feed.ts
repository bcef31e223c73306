/**
 * Hands pieces to whoever reads them, each once the one before is read. What the reader came to says whether all went well,
 * not the stream between: who has seen the end of what the pieces say reads no further, and the stream is broken by then.
 */
export class PieceFeed<T> {
  readonly #pieces: WritableStreamDefaultWriter<Uint8Array>;
  readonly #read: Promise<T>;

  constructor(read: (pieces: ReadableStream<Uint8Array>) => Promise<T>) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.#pieces = writable.getWriter();
    this.#read = read(readable);
    // It is heard of with the next piece, or at the end.
    for (const each of [this.#read, this.#pieces.closed]) each.catch(() => undefined);
  }

  /** Resolves when there is room for it. @throws what reading failed with */
  async put(piece: Uint8Array): Promise<void> {
    await Promise.race([this.#pieces.ready.catch(() => this.#read), this.#read]);
    this.#pieces.write(piece).catch(() => undefined);
  }

  /** What reading came to. @throws what it failed with */
  async end(): Promise<T> {
    this.#pieces.close().catch(() => undefined);
    return this.#read;
  }

  /** Resolves when nothing is read any more. */
  async abort(): Promise<void> {
    await this.#pieces.abort().catch(() => undefined);
    await this.#read.catch(() => undefined);
  }
}
