import type { LineReply, LineRequest } from './fetch-protocol.ts';

/**
 * Fetches what is asked for on a line.
 *
 * @returns ends the line and what is under way on it
 */
export function answerLine(port: MessagePort, network: typeof fetch): () => void {
  const stop = new AbortController();
  const answer = async ({ id, url, range, cache }: LineRequest) => {
    const headers = range === null ? {} : { range };
    const response = await network(url, { headers, cache, signal: stop.signal });
    const bytes = await response.arrayBuffer();
    const contentRange = response.headers.get('content-range');
    send({ id, status: response.status, contentRange, bytes }, [bytes]);
  };
  const send = (reply: LineReply, transfer: Transferable[] = []) => {
    if (!stop.signal.aborted) port.postMessage(reply, transfer);
  };
  port.addEventListener('message', ({ data }: MessageEvent<LineRequest>) => {
    answer(data).catch((error: unknown) => send({ id: data.id, failure: String(error) }));
  });
  port.start();
  return () => {
    stop.abort();
    port.close();
  };
}
