import { onWorkerEnd } from '../worker-life.ts';
import type { FetcherReply, FetcherRequest, LineMessage } from './fetch-protocol.ts';

/** What a pool needs of a worker that decodes. */
export type DecodeWorker = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

interface Fetcher {
  readonly worker: Worker;
  started: boolean;
}

/** Starts workers that decode, and the one by which they fetch. */
export class DecodeWorkers {
  readonly #decoders = new Map<number, Worker>();
  #fetcher: Fetcher | null = null;
  #lines = 0;
  #serverAway = false;

  /** Ended, it fetches no more from that moment on, also where it computes and does not hear that it has ended. */
  readonly spawn = (): DecodeWorker => {
    const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    const line = ++this.#lines;
    this.#decoders.set(line, worker);
    if (this.#fetcher) this.#connect(line, worker, this.#fetcher);
    else this.#startFetcher();
    return {
      postMessage: worker.postMessage.bind(worker),
      addEventListener: worker.addEventListener.bind(worker),
      terminate: () => {
        this.#decoders.delete(line);
        this.#fetcher?.worker.postMessage({ kind: 'end', line } satisfies FetcherRequest);
        worker.terminate();
      },
    };
  };

  /** Nothing is fetched more than once from a server that is away. */
  serverIsAway(away: boolean): void {
    if (away === this.#serverAway) return;
    this.#serverAway = away;
    if (this.#fetcher) this.#tellOfServer(this.#fetcher);
  }

  close(): void {
    this.#fetcher?.worker.terminate();
    this.#fetcher = null;
  }

  /** With lines to all who decode. */
  #startFetcher(): void {
    const worker = new Worker(new URL('./fetch.worker.ts', import.meta.url), { type: 'module' });
    const fetcher: Fetcher = { worker, started: false };
    this.#fetcher = fetcher;
    worker.addEventListener('message', ({ data }: MessageEvent<FetcherReply>) => {
      fetcher.started = true;
      onWorkerEnd(data.life, () => this.#onEnd(fetcher));
    });
    worker.addEventListener('error', () => this.#onEnd(fetcher));
    if (this.#serverAway) this.#tellOfServer(fetcher);
    for (const [line, decoder] of this.#decoders) this.#connect(line, decoder, fetcher);
  }

  #tellOfServer({ worker }: Fetcher): void {
    worker.postMessage({ kind: 'server', away: this.#serverAway } satisfies FetcherRequest);
  }

  #connect(line: number, decoder: Worker, { worker }: Fetcher): void {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ kind: 'open', line, port: port1 } satisfies FetcherRequest, [port1]);
    decoder.postMessage({ kind: 'line', port: port2 } satisfies LineMessage, [port2]);
  }

  /** What was under way is asked for anew, by the next one. */
  #onEnd(fetcher: Fetcher): void {
    if (this.#fetcher !== fetcher) return;
    fetcher.worker.terminate();
    this.#fetcher = null;
    if (fetcher.started) this.#startFetcher();
    // One that does not even load would be spawned for ever; the next that decodes tries again.
    else
      for (const decoder of this.#decoders.values())
        decoder.postMessage({ kind: 'line', port: null } satisfies LineMessage);
  }
}
