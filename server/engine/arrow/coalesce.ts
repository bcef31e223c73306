export interface CoalesceOptions {
  /** A piece of this size goes on at once. */
  readonly bytes: number;
  /** Nor does what is there wait longer than this for more. */
  readonly milliseconds: number;
}

/**
 * The same bytes in fewer pieces: each costs its way to whoever takes it, whatever its size. Reads ahead by one.
 *
 * @param stop ends `pieces` where nobody takes them any more
 */
export async function* coalesce(
  pieces: AsyncGenerator<Uint8Array>,
  { bytes, milliseconds }: CoalesceOptions,
  stop: () => void,
): AsyncGenerator<Uint8Array> {
  let next = pieces.next();
  let isDone = false;
  try {
    while (!isDone) {
      const gathered: Uint8Array[] = [];
      let size = 0;
      let piece: IteratorResult<Uint8Array> | null = await next;
      while (piece !== null && piece.done !== true) {
        gathered.push(piece.value);
        size += piece.value.byteLength;
        next = pieces.next();
        // Whoever stops taking pieces leaves it alone; its failure is then nobody's.
        next.catch(() => undefined);
        piece = size >= bytes ? null : await within(next, milliseconds);
      }
      isDone = piece?.done === true;
      if (size > 0) yield gathered.length === 1 ? (gathered[0] as Uint8Array) : Buffer.concat(gathered, size);
    }
  } finally {
    if (!isDone) {
      stop();
      await next.catch(() => undefined);
      await pieces.return(undefined);
    }
  }
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
