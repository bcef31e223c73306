import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WorkbookReply, WorkbookRequest } from './workbook-protocol.ts';
import { WorkbookWriter } from './workbook-writer.ts';

let asked: WorkbookRequest['kind'][];
let ended: number;
/** Null where the worker breaks down, and is silent from then on. */
let reply: (request: WorkbookRequest) => WorkbookReply | null;

/** Answers each request once, as the worker does. */
class FakeWorker extends EventTarget {
  #broken = false;

  postMessage(request: WorkbookRequest): void {
    asked.push(request.kind);
    if (this.#broken) return;
    const data = reply(request);
    this.#broken = data === null;
    const event =
      data === null ? new ErrorEvent('error', { message: '' }) : new MessageEvent('message', { data });
    queueMicrotask(() => this.dispatchEvent(event));
  }

  terminate(): void {
    ended += 1;
  }
}

beforeEach(() => {
  asked = [];
  ended = 0;
  reply = ({ kind }) =>
    kind === 'end' ? { kind: 'written', rows: 2, bytes: 9, notes: [], file: null } : { kind: 'taken' };
  vi.stubGlobal('Worker', FakeWorker);
});
afterEach(() => void vi.unstubAllGlobals());

const columns = [{ name: 'n', type: 'INTEGER' }];
async function* pieces(failure: Error | null = null): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1);
  if (failure !== null) throw await Promise.resolve(failure);
  yield Uint8Array.of(2);
}

it('gives the worker one piece after the other, and says what came of them', async () => {
  const writer = new WorkbookWriter(null);
  expect(() => writer.written).toThrow('not written yet');
  await writer.take(pieces(), { columns });
  expect(asked).toEqual(['begin', 'piece', 'piece', 'end']);
  expect(writer.written).toMatchObject({ rows: 2, bytes: 9 });
  expect(ended).toBe(1);
});

it('leaves no file where the query breaks off or is cancelled, nor where there is no room', async () => {
  const stopped = new WorkbookWriter(null);
  const cancelled = new DOMException('The query was cancelled.', 'AbortError');
  await expect(stopped.take(pieces(cancelled), { columns })).rejects.toBe(cancelled);
  expect(asked).toEqual(['begin', 'piece', 'abort']);

  asked = [];
  reply = ({ kind }) =>
    kind === 'piece' ? { kind: 'failed', code: 'STORAGE_FULL', message: 'No room.' } : { kind: 'taken' };
  await expect(new WorkbookWriter(null).take(pieces(), { columns })).rejects.toMatchObject({
    code: 'STORAGE_FULL',
  });
  expect(asked).toEqual(['begin', 'piece', 'abort']);
  expect(ended).toBe(2);
});

it('says so, and waits for nothing more, where the worker breaks down', async () => {
  reply = () => null;
  await expect(new WorkbookWriter(null).take(pieces(), { columns })).rejects.toThrow(
    'The workbook could not be written: what writes it broke down.',
  );
  expect(asked).toEqual(['begin']);
  expect(ended).toBe(1);
});
