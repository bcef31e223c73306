import { queryPlace, RUN_HEADER, type QueryPlace } from '#shared/contract/query.ts';
import { requestJson, type Transport } from '#web/lib/api-client.ts';

/** Most answers come sooner, and nothing is asked about those. */
const FIRST_MS = 500;
const AGAIN_MS = 1000;

interface Watching {
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly onPlace: (place: QueryPlace) => void;
}

/**
 * Sends a request that something runs for, and asks where that stands until the answer comes. Who can't be told so is
 * told nothing.
 *
 * @param send sends it with these headers
 */
export async function whilePlaced<T>(
  { transport, signal, onPlace }: Watching,
  send: (headers: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const run = crypto.randomUUID();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let timer: ReturnType<typeof setTimeout>;
  const ask = async () => {
    try {
      const place = await requestJson(queryPlace, `query/running/${run}`, { signal: either, transport });
      if (!either.aborted) onPlace(place);
    } catch {
      // What becomes of the request itself says what is wrong.
    }
    if (!either.aborted) timer = setTimeout(() => void ask(), AGAIN_MS);
  };
  timer = setTimeout(() => void ask(), FIRST_MS);
  try {
    return await send({ [RUN_HEADER]: run });
  } finally {
    stop.abort();
    clearTimeout(timer);
  }
}
