import { WholeResponse } from '../whole-response.ts';

/** Times that a request is sent again. */
const RETRIES = 5;
/** Before the first of them; twice as long before each that follows, so that a server may start anew meanwhile. */
const FIRST_PAUSE_MS = 100;
/** A server, or what stands before it, that is busy or away for a moment. */
const PASSING = new Set([429, 502, 503, 504]);

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Patience {
  /** Whether the server is known to be away: it is asked once then, since who waits has another answer. */
  readonly isAway?: () => boolean;
  readonly pause?: (ms: number) => Promise<void>;
}

/**
 * A fetch of what never changes that outlives a connection that breaks, also in the middle of an answer: its answers
 * are whole when they are given. Aborted by its signal, it ends at once.
 *
 * @throws as fetch, once it has tried often enough
 */
export function persistentFetch(
  network: typeof fetch,
  { isAway = () => false, pause = wait }: Patience = {},
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    for (let retry = 0; ; retry += 1) {
      const isLast = () => retry === RETRIES || isAway();
      try {
        const response = await network(request.clone());
        if (!PASSING.has(response.status) || isLast()) return await whole(response);
        await response.body?.cancel();
      } catch (error) {
        if (isLast() || request.signal.aborted) throw error;
      }
      await pause(FIRST_PAUSE_MS * 2 ** retry);
    }
  };
}

async function whole(response: Response): Promise<Response> {
  const { url, status, headers } = response;
  const contentRange = headers.get('content-range');
  const bytes = await response.arrayBuffer();
  if (status === 206 && bytes.byteLength < lengthOf(contentRange))
    throw new TypeError('the answer broke off before its end');
  return new WholeResponse({ url, status, contentRange, bytes });
}

/** Bytes of the answer, as it says itself; 0 where it does not. */
function lengthOf(contentRange: string | null): number {
  const [, from, to] = /^bytes (\d+)-(\d+)\//.exec(contentRange ?? '') ?? [];
  return from === undefined || to === undefined ? 0 : Number(to) - Number(from) + 1;
}
