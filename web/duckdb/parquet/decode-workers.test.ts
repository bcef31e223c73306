// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DecodeWorkers } from './decode-workers.ts';
import type { FetcherRequest, LineMessage } from './fetch-protocol.ts';

/** Stands in for a worker, whichever it is. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  readonly fetches: boolean;
  readonly said: (FetcherRequest | LineMessage)[] = [];
  terminated = false;

  constructor(url: URL) {
    super();
    this.fetches = url.pathname.endsWith('fetch.worker.ts');
    FakeWorker.all.push(this);
  }

  postMessage(message: FetcherRequest | LineMessage): void {
    this.said.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  alive(life: string): void {
    this.dispatchEvent(new MessageEvent('message', { data: { kind: 'alive', life } }));
  }
}

const ends = new Map<string, () => void>();
beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker);
  const request = async (name: string, granted: () => void) => void ends.set(name, granted);
  vi.stubGlobal('navigator', { locks: { request } });
});
afterEach(() => {
  for (const { said } of FakeWorker.all)
    for (const message of said) if ('port' in message) message.port?.close();
  FakeWorker.all = [];
  vi.unstubAllGlobals();
});

const fetchers = () => FakeWorker.all.filter((worker) => worker.fetches && !worker.terminated);
const decoders = () => FakeWorker.all.filter((worker) => !worker.fetches);
const heard = (worker: FakeWorker | undefined) =>
  worker?.said.map((message) => {
    if (message.kind === 'line') return message.port !== null;
    return [message.kind, message.kind === 'server' ? message.away : message.line];
  });

describe('DecodeWorkers', () => {
  it('has one worker fetch for all that decode, and tells it when one of them is ended', () => {
    const workers = new DecodeWorkers();
    const first = workers.spawn();
    workers.spawn();
    const [fetcher] = fetchers();
    expect(fetchers()).toHaveLength(1);
    expect(decoders().map(heard)).toEqual([[true], [true]]);
    first.terminate();
    expect(heard(fetcher)).toEqual([
      ['open', 1],
      ['open', 2],
      ['end', 1],
    ]);
    expect(decoders().map(({ terminated }) => terminated)).toEqual([true, false]);
    workers.close();
    expect(fetchers()).toEqual([]);
  });

  it('puts another in the place of the one that fetches when that ends', () => {
    const workers = new DecodeWorkers();
    workers.spawn();
    workers.spawn().terminate();
    fetchers()[0]?.alive('a');
    ends.get('a')?.();
    expect(fetchers().map(heard)).toEqual([[['open', 1]]]);
    expect(decoders().map(heard)).toEqual([[true, true], [true]]);
    // The one that was replaced is not missed.
    ends.get('a')?.();
    expect(FakeWorker.all.filter(({ fetches }) => fetches)).toHaveLength(2);
  });

  it('tells the one that fetches that the server is away, and the next one, which can’t know', () => {
    const workers = new DecodeWorkers();
    workers.spawn();
    for (const away of [false, true, true]) workers.serverIsAway(away);
    expect(fetchers().map(heard)).toEqual([
      [
        ['open', 1],
        ['server', true],
      ],
    ]);
    fetchers()[0]?.alive('a');
    ends.get('a')?.();
    expect(fetchers().map(heard)).toEqual([
      [
        ['server', true],
        ['open', 1],
      ],
    ]);
    workers.serverIsAway(false);
    expect(fetchers().map((each) => heard(each)?.at(-1))).toEqual([['server', false]]);
  });

  it('says that nothing fetches where the worker does not load, and tries again with the next that decodes', () => {
    const workers = new DecodeWorkers();
    workers.spawn();
    fetchers()[0]?.dispatchEvent(new Event('error'));
    expect([fetchers(), decoders().map(heard)]).toEqual([[], [[true, false]]]);
    workers.spawn();
    expect(fetchers().map(heard)).toEqual([
      [
        ['open', 1],
        ['open', 2],
      ],
    ]);
    expect(decoders().map(heard)).toEqual([[true, false, true], [true]]);
  });
});
