import { AppError } from '#shared/errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '#shared/errors/codes.ts';
import { onWorkerEnd } from '../worker-life.ts';
import { DecodeWorkers, type DecodeWorker } from './decode-workers.ts';
import type { Chunk, DecodeReply, DecodeRequest, OpenedFile } from './decode-protocol.ts';

/** What a decode gives, in order: `opened` once, then chunks. */
export interface DecodeSink {
  opened(file: OpenedFile): void;
  chunk(content: Chunk, rows: number): void;
}

/** Lower comes first. */
export type DecodePriority = 0 | 1;

interface Job {
  readonly request: DecodeRequest;
  readonly sink: DecodeSink;
  readonly signal: AbortSignal;
  readonly priority: () => DecodePriority;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Slot {
  worker: DecodeWorker;
  job: Job | null;
  /** Its worker broke down, or did not even load, when it had nothing to do. */
  isBroken: boolean;
}

/** Where a pool has its workers from; tests give their own. */
export type DecodeWorkerSource = Pick<DecodeWorkers, 'spawn' | 'serverIsAway' | 'close'>;

/** A fixed number of workers that decode Parquet. Aborting a job ends its worker, and with it its requests. */
export class DecodePool {
  readonly #slots: Slot[] = [];
  readonly #queue: Job[] = [];
  readonly size: number;
  readonly #source: DecodeWorkerSource;
  #closed = false;

  constructor(size: number, source: DecodeWorkerSource = new DecodeWorkers()) {
    this.size = size;
    this.#source = source;
  }

  /** Starts the workers before there is work: compiling their WebAssembly takes a while. */
  warmUp(): void {
    while (this.#slots.length < this.size) this.#slots.push(this.#newSlot());
  }

  /**
   * @param priority asked when a worker gets free, so that a job can become more urgent while it waits
   * @throws AppError CORRUPT_FILE, FILE_NOT_FOUND, UNAUTHENTICATED or UNAVAILABLE; AbortError after `signal`
   */
  decode(
    request: DecodeRequest,
    sink: DecodeSink,
    signal: AbortSignal,
    priority: () => DecodePriority,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortReason(signal));
        return;
      }
      const job: Job = { request, sink, signal, priority, resolve, reject };
      signal.addEventListener('abort', () => this.#abort(job), { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** As DecodeWorkers.serverIsAway. */
  serverIsAway(away: boolean): void {
    this.#source.serverIsAway(away);
  }

  close(): void {
    this.#closed = true;
    for (const slot of this.#slots) slot.worker.terminate();
    this.#source.close();
  }

  #dispatch(): void {
    if (this.#closed) return;
    this.warmUp();
    for (const slot of this.#slots) {
      if (slot.job) continue;
      const job = this.#takeMostUrgent();
      if (!job) return;
      if (slot.isBroken) this.#replace(slot);
      slot.job = job;
      slot.worker.postMessage(job.request);
    }
  }

  #takeMostUrgent(): Job | undefined {
    let best = -1;
    for (const [index, job] of this.#queue.entries()) {
      const before = this.#queue[best];
      if (!before || job.priority() < before.priority()) best = index;
    }
    return best < 0 ? undefined : this.#queue.splice(best, 1)[0];
  }

  #abort(job: Job): void {
    const queued = this.#queue.indexOf(job);
    if (queued >= 0) this.#queue.splice(queued, 1);
    const slot = this.#slots.find((each) => each.job === job);
    if (slot) this.#replace(slot);
    job.reject(abortReason(job.signal));
    this.#dispatch();
  }

  #newSlot(): Slot {
    const slot: Slot = { worker: this.#source.spawn(), job: null, isBroken: false };
    this.#listen(slot);
    return slot;
  }

  #replace(slot: Slot): void {
    slot.worker.terminate();
    slot.job = null;
    slot.isBroken = false;
    slot.worker = this.#source.spawn();
    this.#listen(slot);
  }

  #listen(slot: Slot): void {
    const { worker } = slot;
    worker.addEventListener('message', (event: MessageEvent<DecodeReply>) => {
      // What an ended worker said last may still come in, when the slot works on something else.
      if (slot.worker !== worker) return;
      if (event.data.kind === 'alive') onWorkerEnd(event.data.life, () => this.#onEnd(slot, worker));
      else this.#onReply(slot, event.data);
    });
    worker.addEventListener('error', (event) => {
      const { job } = slot;
      if (slot.worker !== worker) return;
      // A worker that does not even load would be spawned for ever; the next job tries again.
      slot.isBroken = job === null;
      if (!job) return;
      this.#replace(slot);
      job.reject(breakdownError(job.request.url, event.message));
      this.#dispatch();
    });
  }

  /** Of a worker that the pool has not ended. */
  #onEnd(slot: Slot, worker: DecodeWorker): void {
    if (this.#closed || slot.worker !== worker) return;
    const { job } = slot;
    this.#replace(slot);
    job?.reject(
      new AppError('UNAVAILABLE', 'What reads data files in this tab ended. Run the query again.', {
        context: { path: decodeURIComponent(new URL(job.request.url).pathname) },
      }),
    );
    this.#dispatch();
  }

  #onReply(slot: Slot, reply: Exclude<DecodeReply, { kind: 'alive' }>): void {
    const { job } = slot;
    if (!job) return;
    if (reply.kind === 'opened') job.sink.opened(reply);
    else if (reply.kind === 'chunk') job.sink.chunk(reply.content, reply.rows);
    else if (reply.kind === 'done') {
      slot.job = null;
      job.resolve();
      this.#dispatch();
    } else {
      // WebAssembly that threw may be left in any state.
      this.#replace(slot);
      job.reject(decodeError(job.request.url, reply));
      this.#dispatch();
    }
  }
}

function abortReason(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException('The load was cancelled.', 'AbortError');
}

/** The decoder stops where a file breaks its assumptions, and where its memory ends. @param message of the event */
function breakdownError(url: string, message: string | undefined): AppError {
  const path = decodeURIComponent(new URL(url).pathname);
  const options = { context: { path }, cause: message };
  // What a worker throws has words. Where it can't be loaded there are none, and no byte of the file was read.
  if (message === undefined || message === '')
    return new AppError(
      'UNAVAILABLE',
      'The server does not answer: what reads data files in this tab can’t be loaded.',
      options,
    );
  if (/memory|alloc/i.test(message))
    return new AppError(
      'OUT_OF_MEMORY',
      `The tab has no memory left to read ${path}. Run the query on the server.`,
      options,
    );
  return new AppError('CORRUPT_FILE', `The file ${path} can’t be decoded: its content is damaged.`, options);
}

function decodeError(url: string, failed: Extract<DecodeReply, { kind: 'failed' }>): AppError {
  const { message, status, said } = failed;
  const path = decodeURIComponent(new URL(url).pathname);
  const options = { context: { path }, cause: message };
  if (said !== undefined && said.code in ERROR_CODES && status !== 401)
    return new AppError(said.code as ErrorCode, said.message, options);
  // A range that can't be answered: the file has nothing in it.
  if (status === null || status === 416) {
    const said = message.replace(/^Error: /, '').replace(/\.$/, '');
    return new AppError('CORRUPT_FILE', `The file ${path} can’t be read as Parquet: ${said}.`, options);
  }
  if (status === 401 || status === 403)
    return new AppError(
      'UNAUTHENTICATED',
      'The session has ended. Open the address that the server printed.',
      options,
    );
  if (status === 404 || status === 410)
    return new AppError('FILE_NOT_FOUND', `The file ${path} is gone.`, options);
  if (status === 0)
    return new AppError(
      'UNAVAILABLE',
      `The server does not answer: the file ${path} can’t be fetched.`,
      options,
    );
  return new AppError('UNAVAILABLE', `The file ${path} can’t be fetched: ${message}.`, options);
}
