import type { Plan } from '#shared/contract/plan.ts';
import { ARROW_STREAM, CACHE_HEADER, type QueryRequest } from '#shared/contract/query.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { request, type Transport } from '#web/lib/api-client.ts';
import { collectArrow, type ArrowResultTable } from '#web/lib/arrow-result-table.ts';

export interface ServerRun {
  readonly sql: string;
  /** Columns with their types, and the place in history that both engines read. */
  readonly plan: Plan;
  readonly maxRows: number;
  readonly signal: AbortSignal;
  readonly transport: Transport;
  readonly onBytes: (received: number) => void;
}

/** Runs the SQL on the server, and reads its answer as it comes. @throws AppError; AbortError after `signal` */
export async function runOnServer(run: ServerRun): Promise<{
  readonly table: ArrowResultTable;
  readonly truncated: boolean;
  /** The server had the answer of an earlier run. */
  readonly fromCache: boolean;
}> {
  const { sql, plan, maxRows, signal } = run;
  const body: QueryRequest = {
    sql,
    // The commit that was planned, though the branch may have moved on since.
    ref: pinned(plan.ref),
    // One more than is kept says whether there are more.
    limit: maxRows + 1,
    engine: 'server',
  };
  const response = await request('query', {
    method: 'POST',
    body,
    accept: ARROW_STREAM,
    signal,
    transport: run.transport,
  });
  if (!response.body)
    throw new AppError('INTERNAL', 'The server’s answer has no content. Run the query again.');
  try {
    const collected = await collectArrow(plan.columns, counted(response.body, run.onBytes), { maxRows });
    return { ...collected, fromCache: response.headers.get(CACHE_HEADER) !== null };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new AppError('UNAVAILABLE', 'The server’s answer broke off. Run the query again.', {
      cause: error,
    });
  }
}

function pinned({ name, hash }: Plan['ref']): string {
  return name === hash ? hash : `${name}@${hash}`;
}

async function* counted(
  body: ReadableStream<Uint8Array>,
  onBytes: (received: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      received += value.length;
      onBytes(received);
      yield value;
    }
  } finally {
    // Who left early (enough rows) ends the transfer; after its end this does nothing.
    await reader.cancel().catch(() => undefined);
  }
}
