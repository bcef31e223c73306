import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ResultColumn } from '#shared/contract/plan.ts';
import type { KeptResult, PageQuery, ResultPage, ResultRequest } from '#shared/contract/results.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { asRelation } from '#shared/sql/as-relation.ts';
import { quoteIdentifier } from '#shared/sql/quoting.ts';
import { present } from '#shared/util/present.ts';
import { transferTypeOf } from '#server/engine/arrow/transfer-sql.ts';
import type { ExecuteInput } from '#server/engine/execute/server-engine.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { answerStream } from './answer-stream.ts';
import type { QueryContext } from './plan-select.ts';
import { runWhere } from './run-on-cluster.ts';
import { execution, JSON_CHARACTERS, onCluster, type OnCluster } from './execution.ts';
import { planHere } from './run-query.ts';

/** Since a page was read. */
const KEPT_MS = 10 * 60 * 1000;
/** The one that was read longest ago goes when there are more. */
const MOST = 16;

interface Kept {
  readonly table: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: number;
}

/**
 * Answers that are read in pages. A query is run once, and its rows are kept in the order they came in, in a table of the
 * engine, which spills what memory does not hold: so the pages are of one answer, also of a query that would give its rows
 * in another order, or others, if it ran again.
 */
export class KeptResults {
  readonly #ctx: QueryContext;
  readonly #results: LRUCache<string, Kept>;

  constructor(ctx: QueryContext) {
    this.#ctx = ctx;
    this.#results = new LRUCache({
      max: MOST,
      ttl: KEPT_MS,
      ttlAutopurge: true,
      updateAgeOnGet: true,
      dispose: ({ table }) => void this.#drop(table),
    });
  }

  /**
   * @param ctx of the request
   * @throws as planQuery and ServerEngine; AbortError after `signal`
   */
  async create(
    request: ResultRequest,
    signal?: AbortSignal,
    ctx: QueryContext = this.#ctx,
  ): Promise<KeptResult> {
    const started = performance.now();
    const planned = await planHere(ctx, request, signal);
    const { plan } = planned;
    const id = randomUUID();
    const name = `kept ${id}`;
    const table = quoteIdentifier(name);
    const { answer: rows } = await runWhere(ctx.cluster, planned, async (query) => {
      const there = onCluster(ctx, query, signal);
      return there === null ? keep(ctx, { query, table }, signal) : this.#keepFromCluster(there, name);
    });
    this.#results.set(id, { table, columns: plan.columns, rows });
    return {
      url: `/api/v1/results/${id}`,
      rows,
      columns: plan.columns,
      ref: plan.ref,
      snapshots: snapshotsOf(plan),
      elapsedMs: Math.round(performance.now() - started),
    };
  }

  /** @throws NOT_FOUND; as ServerEngine */
  async page(id: string, { offset, limit }: PageQuery, signal?: AbortSignal): Promise<ResultPage> {
    const kept = this.#get(id);
    const { rows } = await this.#ctx.engine.json({
      ...pageOf(kept, { offset, limit }, signal),
      maxCharacters: JSON_CHARACTERS,
    });
    const next = offset + limit;
    return {
      columns: [...kept.columns],
      rows: rows.map((row) => [...row]),
      offset,
      total: kept.rows,
      ...(next < kept.rows ? { next } : {}),
    };
  }

  /** An Arrow IPC stream. @throws NOT_FOUND; as ServerEngine, before the first rows and from the stream */
  async arrowPage(id: string, page: PageQuery, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const pieces = this.#ctx.engine.arrow(pageOf(this.#get(id), page, signal));
    return answerStream({ pieces, first: await pieces.next() });
  }

  /** No error where it is gone already. */
  delete(id: string): void {
    this.#results.delete(id);
  }

  async #keepFromCluster({ engine, input }: OnCluster, name: string): Promise<number> {
    const table = quoteIdentifier(name);
    const columns = input.columns.map(({ type }, at) => `c${at} ${transferTypeOf(type)}`).join(', ');
    const sql = `CREATE TABLE ${table} (${columns})`;
    const session = { sql, scans: [], ...present({ signal: input.signal }) };
    try {
      return await this.#ctx.engine.session(session, async (connection) => {
        await connection.run(sql);
        return connection.append(name, engine.chunks(input));
      });
    } catch (error) {
      await this.#drop(table);
      throw error;
    }
  }

  #get(id: string): Kept {
    const kept = this.#results.get(id);
    if (kept !== undefined) return kept;
    throw new AppError(
      'NOT_FOUND',
      'This result is gone; results are kept for ten minutes after a page of them was read. Run the query again.',
      { context: { result: id } },
    );
  }

  async #drop(table: string): Promise<void> {
    const sql = `DROP TABLE IF EXISTS ${table}`;
    try {
      await this.#ctx.engine.session({ sql, scans: [] }, async (connection) => connection.run(sql));
    } catch (error) {
      this.#ctx.logger.warn({ err: error }, 'a kept result could not be dropped');
    }
  }
}

async function keep(
  ctx: QueryContext,
  { query, table }: { readonly query: PlannedQuery; readonly table: string },
  signal: AbortSignal | undefined,
): Promise<number> {
  const { columns, limit: _, ...session } = await execution(ctx, query, signal);
  const sql = `CREATE TABLE ${table} AS FROM ${asRelation(session.sql, columns.length)}`;
  return ctx.engine.session(session, async (connection) => {
    const [count] = await connection.run(sql);
    return Number(Object.values(count ?? {})[0] ?? 0);
  });
}

function pageOf(
  { table, columns }: Kept,
  { offset, limit }: PageQuery,
  signal: AbortSignal | undefined,
): ExecuteInput {
  const items = columns.map(({ name }, at) => `c${at} AS ${quoteIdentifier(name)}`).join(', ');
  return {
    sql: `SELECT ${items} FROM ${table} WHERE rowid >= ${offset} AND rowid < ${offset + limit} ORDER BY rowid`,
    scans: [],
    columns,
    ...(signal === undefined ? {} : { signal }),
  };
}
