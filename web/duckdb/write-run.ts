import type { QueryPlace } from '#shared/contract/query.ts';
import { statementResult } from '#shared/contract/statements.ts';
import { requestJson, type Transport } from '#web/lib/api-client.ts';
import { forServer } from '#web/lib/local-relations.ts';
import { whilePlaced } from './server-place.ts';
import type { QueryHandle, RunProgress, RunRequest, WriteOutcome } from './types.ts';

const NOTHING = { done: 0, total: 0 };
const RUNNING: RunProgress = { phase: 'running', engine: 'server', files: NOTHING, bytes: NOTHING };

/** Sends a statement that changes a table to the server. Stopped before its commit, it leaves nothing. */
export function writeRun(
  { sql, ref }: Pick<RunRequest, 'sql' | 'ref'>,
  transport: Transport,
): QueryHandle<WriteOutcome> {
  const stop = new AbortController();
  const { signal } = stop;
  const listeners = new Set<() => void>();
  let progress = RUNNING;
  const onPlace = (place: QueryPlace) => {
    progress = place.state === 'waiting' ? { ...RUNNING, phase: 'waiting', ahead: place.ahead } : RUNNING;
    for (const listener of listeners) listener();
  };
  const run = async (): Promise<WriteOutcome> => {
    const start = performance.now();
    const body = { sql, ref };
    const sent = whilePlaced({ transport, signal, onPlace }, async (headers) =>
      requestJson(statementResult, 'statements', { method: 'POST', body, headers, signal, transport }),
    );
    const written = await sent.catch((error: unknown) => {
      throw forServer(error, 'Tables are written by the server');
    });
    return { written, timings: { total: performance.now() - start } };
  };
  return {
    result: run(),
    cancel: () => stop.abort(new DOMException('The statement was cancelled.', 'AbortError')),
    progress: () => progress,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
