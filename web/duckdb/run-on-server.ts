import { engineName, type EngineName, type Plan } from '#shared/contract/plan.ts';
import {
  ANSWER_HEADER,
  ARROW_STREAM,
  CACHE_HEADER,
  ENGINE_HEADER,
  ENGINE_REASON_HEADER,
  type QueryPlace,
  type QueryRequest,
} from '#shared/contract/query.ts';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { request, type Transport } from '#web/lib/api-client.ts';
import { arrowPieces, brokeOff } from '#web/lib/arrow-pieces.ts';
import { collectArrow, type ArrowResultTable } from '#web/lib/arrow-result-table.ts';
import { whilePlaced } from './server-place.ts';

export interface ServerRun {
  readonly sql: string;
  /** Columns with their types, and the place in history that both engines read. */
  readonly plan: Plan;
  readonly engine: 'server' | 'cluster';
  readonly maxRows: number;
  readonly signal: AbortSignal;
  readonly transport: Transport;
  readonly onPlace: (place: QueryPlace) => void;
  readonly onBytes: (received: number) => void;
}

/** Runs the SQL on the server, and reads its answer as it comes. @throws AppError; AbortError after `signal` */
export async function runOnServer(run: ServerRun): Promise<{
  readonly table: ArrowResultTable;
  readonly truncated: boolean;
  /** The server had the answer of an earlier run. */
  readonly fromCache: boolean;
  /** Which engine it is of, where that is not the one that was asked: and why. */
  readonly instead: { readonly used: EngineName; readonly reason: string } | null;
}> {
  const { sql, plan, maxRows, signal } = run;
  const body: QueryRequest = {
    sql,
    // The commit that was planned, though the branch may have moved on since.
    ref: pinned(plan.ref),
    // One more than is kept says whether there are more.
    limit: maxRows + 1,
    engine: run.engine,
  };
  const { transport } = run;
  const response = await whilePlaced(run, async (headers) =>
    request('query', { method: 'POST', body, accept: ARROW_STREAM, headers, signal, transport }),
  );
  if (!response.body)
    throw new AppError('INTERNAL', 'The server’s answer has no content. Run the query again.');
  try {
    const collected = await collectArrow(plan.columns, arrowPieces(response.body, run.onBytes), { maxRows });
    const fromCache = response.headers.get(CACHE_HEADER) !== null;
    return { ...collected, fromCache, instead: insteadOf(run.engine, response.headers) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw (await whyBroken(response, run)) ?? brokeOff(error);
  }
}

function insteadOf(asked: EngineName, headers: Headers) {
  const used = engineName.safeParse(headers.get(ENGINE_HEADER)).data;
  if (used === undefined || used === asked) return null;
  return { used, reason: decodeURIComponent(headers.get(ENGINE_REASON_HEADER) ?? '') };
}

/** What the server says of an answer that failed after its first rows; null where it does not, as it is gone itself. */
async function whyBroken(response: Response, { signal, transport }: ServerRun): Promise<AppError | null> {
  const answer = response.headers.get(ANSWER_HEADER);
  if (answer === null) return null;
  try {
    await request(`query/broken/${encodeURIComponent(answer)}`, { signal, transport });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return isAppError(error) && !isAppError(error, 'NOT_FOUND') && !isAppError(error, 'UNAVAILABLE')
      ? error
      : null;
  }
}

function pinned({ name, hash }: Plan['ref']): string {
  return name === hash ? hash : `${name}@${hash}`;
}
