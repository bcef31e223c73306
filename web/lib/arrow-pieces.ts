import { AppError } from '#shared/errors/app-error.ts';

/** What an Arrow stream ends with: a mark that something follows, and that it is nothing. */
const END = '255,255,255,255,0,0,0,0';

/**
 * The pieces of an Arrow stream that the server sends, as they come.
 *
 * @param onBytes told how many have come
 * @throws UNAVAILABLE where it ended before its end
 */
export async function* arrowPieces(
  body: ReadableStream<Uint8Array>,
  onBytes: (received: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  let received = 0;
  let tail: number[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        // Something between may have ended it without a word, and what came looks whole.
        if (tail.join() !== END) throw brokeOff(null);
        return;
      }
      tail = [...tail, ...value.subarray(-8)].slice(-8);
      received += value.length;
      onBytes(received);
      yield value;
    }
  } finally {
    // Who left early (enough rows) ends the transfer; after its end this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

export function brokeOff(cause: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The server’s answer broke off. Run the query again.', { cause });
}
