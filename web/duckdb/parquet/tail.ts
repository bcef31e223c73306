import { WholeResponse } from '../whole-response.ts';

/** The parts of the API's error body that a page can act on. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
}

/** The end of a file, kept so that requests for parts of it need not go out. */
export interface Tail {
  readonly url: string;
  /** The whole file's size. */
  readonly size: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A request that was not answered with the bytes asked for. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly status: number;
  readonly said: ServerError | undefined;

  /** @param status as the server gave it; 0 where it gave none */
  constructor(status: number, message: string, said?: ServerError) {
    super(message);
    this.status = status;
    this.said = said;
  }
}

/**
 * Fetches the last bytes of a file. A Parquet reader asks for the length of the footer, then for the footer, then for
 * the length again, and for small columns near it; this is one request in place of these.
 * @throws FetchFailure
 */
export async function fetchTail(url: string, bytes: number, get: typeof fetch): Promise<Tail> {
  let response: Response;
  try {
    response = await get(url, { headers: { range: `bytes=-${bytes}` } });
  } catch (error) {
    throw new FetchFailure(0, String(error));
  }
  // A file that is shorter may come as a whole.
  if (response.status !== 206 && response.status !== 200) {
    await response.body?.cancel();
    throw new FetchFailure(response.status, `status ${response.status}`);
  }
  const content = new Uint8Array(await wholeBody(response));
  const size = response.status === 200 ? content.length : totalOf(response.headers.get('content-range'));
  if (size === null || size < content.length) {
    throw new FetchFailure(response.status, 'the answer does not say how long the file is');
  }
  return { url, size, bytes: content };
}

async function wholeBody(response: Response): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw new FetchFailure(0, String(error));
  }
}

/** The answer to a request that the tail covers; null for any other. */
export function answerFromTail(tail: Tail, url: string, range: string | null): Response | null {
  if (url !== tail.url || range === null) return null;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, tail.size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? tail.size : Math.min(Number(to) + 1, tail.size);
  const offset = tail.size - tail.bytes.length;
  if (start < offset || start >= end) return null;
  const part = tail.bytes.slice(start - offset, end - offset);
  const contentRange = `bytes ${start}-${end - 1}/${tail.size}`;
  return new WholeResponse({ url, status: 206, contentRange, bytes: part.buffer });
}

function totalOf(contentRange: string | null): number | null {
  const total = /\/(\d+)$/.exec(contentRange ?? '')?.[1];
  return total === undefined ? null : Number(total);
}
