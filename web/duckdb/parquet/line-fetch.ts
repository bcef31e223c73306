import { WholeResponse } from '../whole-response.ts';
import type { LineReply, LineRequest } from './fetch-protocol.ts';

interface Waiting {
  readonly request: LineRequest;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: TypeError) => void;
}

/** A fetch that another worker does. What is asked for before there is a line, or when one breaks, waits for the next. */
export class LineFetch {
  readonly #waiting = new Map<number, Waiting>();
  /** Undefined until it is known whether there is one. */
  #port: MessagePort | null | undefined;
  #requests = 0;

  /** @param port null where nothing fetches: all that waits fails, and what comes until there is a line */
  connect(port: MessagePort | null): void {
    this.#port?.close();
    this.#port = port;
    port?.addEventListener('message', ({ data }: MessageEvent<LineReply>) => this.#onReply(data));
    port?.start();
    for (const waiting of this.#waiting.values()) this.#send(waiting);
  }

  /** As fetch, for a GET of a range. An answer is whole when it is given. */
  readonly fetch: typeof fetch = async (input, init) => {
    const { url, headers, cache } = new Request(input, init);
    const request = { id: ++this.#requests, url, range: headers.get('range'), cache };
    return new Promise<Response>((resolve, reject) => {
      const waiting = { request, resolve, reject };
      this.#waiting.set(request.id, waiting);
      this.#send(waiting);
    });
  };

  #send({ request, reject }: Waiting): void {
    if (this.#port) this.#port.postMessage(request);
    else if (this.#port === null) {
      this.#waiting.delete(request.id);
      reject(new TypeError('what fetches data files in this tab does not start'));
    }
  }

  #onReply(reply: LineReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    if ('failure' in reply) waiting.reject(new TypeError(reply.failure));
    else waiting.resolve(new WholeResponse({ ...reply, url: waiting.request.url }));
  }
}
