import { statementResult } from '#shared/contract/statements.ts';
import { requestJson, type Transport } from '#web/lib/api-client.ts';
import { forServer } from '#web/lib/local-relations.ts';
import type { QueryHandle, RunProgress, RunRequest, WriteOutcome } from './types.ts';

const NOTHING = { done: 0, total: 0 };
const RUNNING: RunProgress = { phase: 'running', files: NOTHING, bytes: NOTHING };

/** Sends a statement that changes a table to the server. Stopped before its commit, it leaves nothing. */
export function writeRun(
  { sql, ref }: Pick<RunRequest, 'sql' | 'ref'>,
  transport: Transport,
): QueryHandle<WriteOutcome> {
  const stop = new AbortController();
  const run = async (): Promise<WriteOutcome> => {
    const start = performance.now();
    const sent = requestJson(statementResult, 'statements', {
      method: 'POST',
      body: { sql, ref },
      signal: stop.signal,
      transport,
    });
    const written = await sent.catch((error: unknown) => {
      throw forServer(error, 'Tables are written by the server');
    });
    return { written, timings: { total: performance.now() - start } };
  };
  return {
    result: run(),
    cancel: () => stop.abort(new DOMException('The statement was cancelled.', 'AbortError')),
    progress: () => RUNNING,
    subscribe: () => () => undefined,
  };
}
