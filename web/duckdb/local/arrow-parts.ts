/** Rows as a whole Arrow IPC stream. */
export interface ArrowPart {
  readonly ipc: Uint8Array<ArrayBuffer>;
}

const END_OF_STREAM = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/**
 * The pieces of one Arrow IPC stream (its schema first, then its batches) as streams of their own of about so many
 * bytes, each with the schema. There is one at least, also where there are no rows.
 */
export async function* arrowParts(
  pieces: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<ArrowPart> {
  let schema: Uint8Array | null = null;
  let batches: Uint8Array[] = [];
  let size = 0;
  let given = false;
  for await (const piece of pieces) {
    if (schema === null) {
      schema = piece.slice();
      continue;
    }
    batches.push(piece.slice());
    size += piece.length;
    if (size < bytes) continue;
    yield { ipc: joined([schema, ...batches, END_OF_STREAM]) };
    given = true;
    batches = [];
    size = 0;
  }
  if (schema !== null && (!given || batches.length > 0))
    yield { ipc: joined([schema, ...batches, END_OF_STREAM]) };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
