import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request instead of being passed on and answered. */
export type Fault =
  /** An S3 error; the store does not see the request. */
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly xml?: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection ends while the request is being sent. */
  | { readonly kind: 'cut-request' }
  /** The store does what it is asked, and the answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** The answer breaks off after so many bytes of its body: the connection ends, or nothing more comes. */
  | { readonly kind: 'cut-answer' | 'stall-answer'; readonly bytes: number }
  /** No answer at all. */
  | { readonly kind: 'silence' };

/** What a test can tell of a request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

interface Plan {
  readonly matches: (request: SeenRequest) => boolean;
  readonly fault: Fault;
  left: number;
}

/** Stands between a client and an object store, and lets chosen requests go wrong. */
export class FaultProxy {
  readonly url: string;
  readonly #stop: () => Promise<void>;
  #seen: SeenRequest[] = [];
  #plans: Plan[] = [];

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = url;
    this.#stop = stop;
  }

  /** @param target URL of the store */
  static async open(target: string): Promise<FaultProxy> {
    const server = createServer((incoming, answer) => {
      proxy.#handle(target, incoming, answer).catch(() => answer.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy: FaultProxy = new FaultProxy(url, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return proxy;
  }

  /** Requests since the last `reset`. */
  get seen(): readonly SeenRequest[] {
    return this.#seen;
  }

  reset(): void {
    this.#seen = [];
    this.#plans = [];
  }

  /** The next `times` requests of a method, or of which a condition holds, go wrong. */
  fail(which: string | ((seen: SeenRequest) => boolean), fault: Fault, times = 1): void {
    const matches = typeof which === 'string' ? (seen: SeenRequest) => seen.method === which : which;
    this.#plans.push({ matches, fault, left: times });
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #handle(target: string, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const seen = { method, url, headers };
    this.#seen.push(seen);
    const plan = this.#plans.find(({ left, matches }) => left > 0 && matches(seen));
    if (plan !== undefined) plan.left -= 1;
    const fault = plan?.fault;
    if (fault?.kind === 'cut-request') return void incoming.socket.destroy();
    const body = await collect(incoming);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'error') return sendError(answer, fault);
    const found = await forward(target, seen, body);
    if (fault?.kind === 'lose-answer') return void answer.destroy();
    answer.writeHead(found.status, found.headers);
    if (fault === undefined) return void answer.end(found.body);
    answer.write(found.body.subarray(0, fault.bytes), () => {
      if (fault.kind === 'cut-answer') answer.destroy();
    });
  }
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function forward(target: string, { method, url, headers }: SeenRequest, body: Buffer) {
  // The host's name is signed with the rest, so it stays the proxy's.
  const outgoing = request(new URL(url, target), { method, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 500, headers: response.headers, body: await collect(response) };
}

function sendError(
  answer: ServerResponse,
  { status, code, xml = '', headers = {} }: Fault & { kind: 'error' },
): void {
  const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message>${xml}</Error>`;
  answer.writeHead(status, { 'content-type': 'application/xml', ...headers });
  answer.end(text);
}
