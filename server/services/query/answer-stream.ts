/** Pieces of an answer that has begun: whoever asked waited for its first one, so that what is wrong with it is thrown. */
export interface BegunAnswer {
  readonly first: IteratorResult<Uint8Array>;
  readonly pieces: AsyncGenerator<Uint8Array>;
}

/**
 * A stream of them, which takes the others as it is read.
 *
 * @param broke is told why, before the stream breaks
 */
export function answerStream(
  { first, pieces }: BegunAnswer,
  broke?: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let pending: IteratorResult<Uint8Array> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const piece = pending ?? (await pieces.next());
        pending = null;
        if (piece.done === true) controller.close();
        else controller.enqueue(piece.value);
      } catch (error) {
        broke?.(error);
        throw error;
      }
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
