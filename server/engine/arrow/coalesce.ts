export interface CoalesceOptions {
  /** So many go on at once. */
  readonly bytes: number;
  /** Nor does what is there wait longer than this for more. */
  readonly milliseconds: number;
}

/** What bytes are gathered in: each of `steps` adds some. */
export interface Gathering {
  readonly steps: AsyncGenerator<void>;
  /** How many wait. */
  readonly size: () => number;
  /** What waits, which may be nothing; of `steps` that have ended with what ends the whole. */
  readonly take: (isLast: boolean) => Uint8Array;
  /** Ends `steps` where nobody takes what they add any more. */
  readonly stop: () => void;
}

/** Bytes in few pieces: each costs its way to whoever takes it, whatever its size. Works ahead by one step. */
export async function* coalesce(
  { steps, size, take, stop }: Gathering,
  { bytes, milliseconds }: CoalesceOptions,
): AsyncGenerator<Uint8Array> {
  let next = steps.next();
  let isDone = false;
  try {
    while (!isDone) {
      let step: IteratorResult<void> | null = await next;
      while (step !== null && step.done !== true) {
        next = steps.next();
        // Whoever stops taking pieces leaves it alone; its failure is then nobody's.
        next.catch(() => undefined);
        step = size() >= bytes ? null : await within(next, milliseconds);
      }
      isDone = step?.done === true;
      const piece = take(isDone);
      if (piece.byteLength > 0) yield piece;
    }
  } finally {
    if (!isDone) {
      stop();
      await next.catch(() => undefined);
      await steps.return(undefined);
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
