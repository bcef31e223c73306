/**
 * A file from its start, unpacked where it is gzipped.
 *
 * @param onDone told how many bytes of the file itself are read
 */
export async function* fileBytes(
  file: Blob,
  gzipped: boolean,
  onDone: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        done += piece.length;
        onDone(done);
        controller.enqueue(piece);
      },
    }),
  );
  const reader = (gzipped ? counted.pipeThrough(new DecompressionStream('gzip')) : counted).getReader();
  try {
    for (;;) {
      const { done: ended, value } = await reader.read();
      if (ended) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
