// @vitest-environment node
import { RecordBatchReader, tableFromArrays, tableToIPC } from 'apache-arrow';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Plan } from '#shared/contract/plan.ts';
import { ANSWER_HEADER, CACHE_HEADER } from '#shared/contract/query.ts';
import { AppError, isAbortError } from '#shared/errors/app-error.ts';
import { ColumnCache } from './cache/column-cache.ts';
import type { FileNeed } from './cache/needs.ts';
import { LastPlans } from './last-plans.ts';
import { QueryRun } from './query-run.ts';
import { openNodeEngine, type NodeEngine } from './testing/node-engine.ts';
import type { RunningTab, Tab } from './tab.ts';
import type { EngineStatus, RowTaker, RunRequest } from './types.ts';
import type { Warmer } from './warmer.ts';

const HASH = 'ab'.repeat(32);
const REQUEST: RunRequest = { sql: 'SELECT n FROM t', ref: 'main', preference: 'auto' };

const planOf = (changes: Partial<Plan> = {}): Plan => ({
  id: 'p1',
  sql: 'SELECT n FROM scan0',
  ref: { name: 'main', hash: HASH },
  scans: [
    {
      view: 'scan0',
      table: 'bronze.t',
      columns: [{ fieldId: 1, name: 'n', sqlType: 'INTEGER', type: 'int' }],
      files: [{ url: '/f', bytes: 500, rows: 3, columns: [{ name: 'n', bytes: 100 }] }],
      filesKnown: 1,
      pruning: [],
    },
  ],
  columns: [{ name: 'n', type: 'INTEGER' }],
  bytes: 100,
  engine: { choice: 'browser', reason: 'It needs 100 B.', browserCapable: true },
  ...changes,
});

describe('QueryRun', () => {
  let duckdb: NodeEngine;
  let cache: ColumnCache;
  let state: EngineStatus['state'];
  let warmed: (readonly FileNeed[])[];
  let queries: Record<string, unknown>[];
  let plan: Plan;
  let onQuery: (init: RequestInit, path: string) => Promise<Response>;
  /** Fails the next statement in the tab. */
  let tabFailure: Error | null;
  let pins: number;
  /** The tab's engine would compute for ever. */
  let isEndless: boolean;
  let isAway: boolean;
  /** What the tab was told of it. */
  let told: boolean[];
  /** Times that DuckDB says it was stopped where nobody stopped it. */
  let stoppedByItself: number;
  let plans: LastPlans;

  beforeAll(async () => {
    duckdb = await openNodeEngine();
    duckdb.run('CREATE TABLE cache.main.s1 (c1 INTEGER)');
    duckdb.insert('s1', tableToIPC(tableFromArrays({ n: Int32Array.from([10, 20, 30]) }), 'stream'));
  });

  beforeEach(() => {
    cache = new ColumnCache(1_000_000);
    state = 'ready';
    isAway = false;
    told = [];
    stoppedByItself = 0;
    plans = new LastPlans();
    warmed = [];
    queries = [];
    plan = planOf();
    tabFailure = null;
    pins = 0;
    isEndless = false;
    onQuery = () =>
      Promise.resolve(
        new Response(tableToIPC(tableFromArrays({ n: Int32Array.from([1, 2, 3, 4]) }), 'stream').slice()),
      );
  });

  const hold = () =>
    cache.add(
      {
        table: 's1',
        file: '/f',
        rows: 3,
        fileBytes: 100,
        columns: new Map([[1, { sqlType: 'INTEGER', shape: { kind: 'leaf', sqlType: 'INTEGER' } }]]),
      },
      100,
    );

  let interrupted: (error: Error) => void = () => undefined;
  async function* untilInterrupted(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* [];
    await new Promise((_, reject) => (interrupted = reject));
  }

  function start(request: Partial<RunRequest> = {}, taker?: RowTaker): QueryRun {
    const connection = {
      run: async (sql: string) => {
        if (tabFailure) throw tabFailure;
        duckdb.run(sql);
      },
      stream: (sql: string) => {
        if (stoppedByItself > 0) {
          stoppedByItself -= 1;
          throw new Error('{"exception_type":"INTERRUPT","exception_message":"Interrupted!"}');
        }
        return isEndless ? untilInterrupted() : duckdb.stream(sql);
      },
      interrupt: () =>
        interrupted(new Error('{"exception_type":"INTERRUPT","exception_message":"Interrupted!"}')),
      close: async () => undefined,
    };
    const running = {
      engine: { connect: async () => connection },
      cache,
      loader: {
        beginRun: () => () => undefined,
        expose: async () => null,
        settle: async () => undefined,
        acquire: async () => {
          hold();
          pins += 1;
          return { segments: cache.idle(), release: () => (pins -= 1) };
        },
      },
    } as unknown as RunningTab;
    const status = { state, cache: { bytes: 0, budget: 1_000_000, columns: 0 } };
    const tab = {
      running: state === 'ready' ? running : null,
      ready: async () => running,
      status: () => status,
      serverIsAway: (away: boolean) => told.push(away),
    };
    const warmer = { warm: (needs: readonly FileNeed[]) => warmed.push(needs) };
    const get: typeof fetch = async (input, init = {}) => {
      const path = new URL(String(input instanceof Request ? input.url : input)).pathname;
      if (isAway) throw new TypeError('fetch failed');
      if (path === '/api/v1/plan') return Response.json(plan);
      if (path === '/api/v1/query') queries.push(JSON.parse(init.body as string) as Record<string, unknown>);
      return onQuery(init, path);
    };
    return new QueryRun(
      {
        tab: tab as unknown as Tab,
        warmer: warmer as unknown as Warmer,
        files: { relations: () => [], views: async () => [] },
        plans,
        transport: { fetch: get, baseUrl: 'http://host/' },
        loadsAhead: () => true,
      },
      { ...REQUEST, ...request },
      taker,
    );
  }
  const valuesOf = async (run: QueryRun) => {
    const { table } = await run.result;
    return Array.from({ length: table.rowCount }, (_, row) => table.value(row, 0));
  };

  it('tells of an explained query where it would run now, and how much of it the tab holds', async () => {
    const { scans, bytes, engine } = planOf();
    const sql = 'SELECT max(n) FROM t';
    plan = planOf({
      sql: 'SELECT 1 AS n',
      scans: [],
      bytes: 0,
      explanation: {
        sql,
        engine: { choice: 'browser', reason: engine.reason },
        bytes,
        tables: [],
        logical: [],
      },
      explained: { scans, bytes, engine },
    });
    const explained = async (request: Partial<RunRequest> = {}) =>
      (await start(request).result).plan.explanation;
    expect(await explained()).toMatchObject({
      engine: {
        choice: 'server',
        reason: expect.stringMatching(/^It needs 100 B in 1 file that the tab does not hold yet/) as string,
      },
      bytes: 100,
      held: 0,
    });
    // Nothing is loaded for what is explained alone.
    expect(warmed).toEqual([]);
    const held = { choice: 'browser', reason: 'The tab holds every column that it needs.' };
    expect(await explained()).toMatchObject({ engine: held, held: 100 });
    const asked = { choice: 'server', reason: 'You chose the server.' };
    expect(await explained({ preference: 'server' })).toMatchObject({ engine: asked });
  });

  it('asks again what DuckDB stopped by itself, which hides why it failed; not for ever', async () => {
    hold();
    stoppedByItself = 2;
    expect(await valuesOf(start())).toEqual([10, 20, 30]);
    stoppedByItself = 9;
    await expect(start({ preference: 'browser' }).result).rejects.toThrow('Interrupted');
    expect(stoppedByItself).toBe(5);
  });

  it('runs again without its server what it planned before, over what the tab holds, and says so', async () => {
    hold();
    expect(await valuesOf(start())).toEqual([10, 20, 30]);
    isAway = true;
    const again = await start().result;
    expect(again.engine.used).toBe('browser');
    expect(again.engine.reason).toMatch(/^It runs as it was planned at \d\d:\d\d: the server is away\.$/);
    tabFailure = new AppError('UNAVAILABLE', 'The file can’t be fetched.');
    await expect(start().result).rejects.toThrow('does not hold all that the query reads of bronze.t.');
    expect(told).toEqual([false, true, true]);
    // Nor may whoever comes after this one signed out.
    await plans.clear();
    expect(await plans.recall(REQUEST, [])).toBeNull();
  });

  it('has the tab try nothing of the lakehouse where the server was chosen and is away', async () => {
    hold();
    for (const preference of ['server', 'cluster'] as const) {
      isAway = false;
      await start({ preference }).result;
      isAway = true;
      const run = start({ preference });
      await expect(run.result).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'The server can’t be reached. Is it still running?',
      });
      expect(run.progress().engine).toBeUndefined();
    }
  });

  it('does as the server says once it is back, where it was away when the query began', async () => {
    hold();
    await start().result;
    isAway = true;
    tabFailure = new AppError('FILE_NOT_FOUND', 'The file /f is gone.');
    const recall = plans.recall.bind(plans);
    vi.spyOn(plans, 'recall').mockImplementationOnce(async (...of) => {
      isAway = false;
      plan = planOf({ id: 'p2', engine: { choice: 'server', reason: 'Big.', browserCapable: true } });
      return recall(...of);
    });
    expect((await start().result).engine).toEqual({ used: 'server', reason: 'Big.' });
  });

  it('lets the server answer at the planned commit what the tab does not hold, then warms the tab', async () => {
    const run = start();
    expect(await valuesOf(run)).toEqual([1, 2, 3, 4]);
    expect((await run.result).engine.used).toBe('server');
    expect(queries).toEqual([{ sql: REQUEST.sql, ref: `main@${HASH}`, limit: 1_000_001, engine: 'server' }]);
    expect(warmed.map((needs) => needs.map(({ url }) => url))).toEqual([['/f']]);
  });

  it('runs in the tab what it holds, without asking the server', async () => {
    hold();
    const run = start();
    expect(await valuesOf(run)).toEqual([10, 20, 30]);
    expect((await run.result).engine.used).toBe('browser');
    expect([queries, warmed, pins]).toEqual([[], [], 0]);
  });

  it('waits for the engine and loads, when the person chose the tab', async () => {
    state = 'starting';
    expect(await valuesOf(start({ preference: 'browser' }))).toEqual([10, 20, 30]);
    expect(queries).toEqual([]);
  });

  it.each([
    [
      '{"exception_type":"Catalog","exception_message":"json_extract … exists in the json extension."}',
      'lacks',
    ],
    ['{"exception_type":"Out of Memory","exception_message":"failed to allocate"}', 'more memory'],
  ])('goes to the server when the tab fails with %s', async (message, reason) => {
    hold();
    tabFailure = new Error(message);
    const run = start();
    expect(await valuesOf(run)).toEqual([1, 2, 3, 4]);
    expect((await run.result).engine).toMatchObject({
      used: 'server',
      reason: expect.stringContaining(reason),
    });
    expect(pins).toBe(0);
  });

  it('says what failed where the server would fail alike, or where the person chose the tab', async () => {
    hold();
    tabFailure = new Error('{"exception_type":"Conversion","exception_message":"no number"}');
    await expect(start().result).rejects.toMatchObject({ code: 'SQL_RUNTIME' });
    tabFailure = new Error('{"exception_type":"Out of Memory","exception_message":"failed to allocate"}');
    const chosen = start({ preference: 'browser' });
    await expect(chosen.result).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(chosen.progress()).toMatchObject({ engine: 'browser', elsewhere: true });
    expect(queries).toEqual([]);
  });

  it('says of an answer from cache also why the engine that was chosen did not give it', async () => {
    const answer = onQuery;
    onQuery = async (...asked) => {
      const response = await answer(...asked);
      response.headers.set(CACHE_HEADER, 'hit');
      return response;
    };
    const reason = 'This lakehouse runs queries on the server alone.';
    plan = planOf({ engine: { choice: 'server', reason, browserCapable: false } });
    const said = async (preference: RunRequest['preference']) =>
      (await start({ preference }).result).engine.reason;
    expect(await said('browser')).toMatch(
      /^This lakehouse runs queries on the server alone\. From cache: [^.]*\.$/,
    );
    expect(await said('server')).toMatch(/^From cache: /);
  });

  it('passes on the server’s own error', async () => {
    const error = {
      code: 'SQL_RUNTIME',
      message: 'It failed.',
      retryable: false,
      context: { position: 3 },
      requestId: 'r',
    };
    onQuery = () => Promise.resolve(Response.json({ error }, { status: 400 }));
    const run = start();
    await expect(run.result).rejects.toMatchObject({ code: 'SQL_RUNTIME', context: { position: 3 } });
    expect(run.progress().elsewhere).toBeUndefined();
    expect(warmed).toEqual([]);
  });

  it('says so where the answer breaks off', async () => {
    const whole = tableToIPC(tableFromArrays({ n: Int32Array.from([1, 2, 3, 4]) }), 'stream');
    onQuery = () => {
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          controller.enqueue(whole.slice(0, whole.length - 30));
          controller.error(new TypeError('network error'));
        },
      });
      return Promise.resolve(new Response(body));
    };
    await expect(start().result).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    // As something between that closes a connection in good order: the rows that came are whole.
    onQuery = () => Promise.resolve(new Response(whole.slice(0, whole.length - 8)));
    await expect(start().result).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('says what the server says of an answer that failed after its first rows', async () => {
    const whole = tableToIPC(tableFromArrays({ n: Int32Array.from([1, 2, 3, 4]) }), 'stream');
    let why: () => Promise<Response>;
    onQuery = (_, path) => {
      if (path === '/api/v1/query/broken/a%201') return why();
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          controller.enqueue(whole.slice(0, whole.length - 30));
          controller.error(new TypeError('network error'));
        },
      });
      return Promise.resolve(new Response(body, { headers: { [ANSWER_HEADER]: 'a 1' } }));
    };
    const refused = (code: string, status: number) => async () =>
      Promise.resolve(
        Response.json(
          { error: { code, message: 'Why.', retryable: false, context: {}, requestId: 'r' } },
          { status },
        ),
      );
    why = refused('SQL_RUNTIME', 400);
    await expect(start().result).rejects.toMatchObject({ code: 'SQL_RUNTIME', message: 'Why.' });
    const unknown = [refused('NOT_FOUND', 404), async () => Promise.reject(new TypeError('fetch failed'))];
    for (why of unknown)
      await expect(start().result).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('broke off') as string,
      });
  });

  it('keeps no more rows than asked for, from either engine', async () => {
    const server = await start({ maxRows: 2 }).result;
    expect([server.table.rowCount, server.truncated]).toEqual([2, true]);
    hold();
    const tab = await start({ maxRows: 2 }).result;
    expect([tab.engine.used, tab.table.rowCount, tab.truncated]).toEqual(['browser', 2, true]);
  });

  it('gives the rows to who takes them, from the tab and without the query’s time, and keeps none', async () => {
    const taken: number[] = [];
    const taker: RowTaker = {
      sql: ({ sql }) => `SELECT n + 1 AS n FROM (${sql})`,
      take: async (pieces) => {
        for await (const batch of await RecordBatchReader.from(pieces))
          for (const value of batch.getChildAt(0) ?? []) taken.push(value as number);
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    };
    plan = planOf({ timeoutMs: 1 });
    const { table, truncated, engine } = await start({}, taker).result;
    expect(taken).toEqual([11, 21, 31]);
    expect([table.rowCount, truncated, engine.used]).toEqual([0, false, 'browser']);
    expect([queries, pins]).toEqual([[], 0]);
  });

  it('gives no end of the rows to who takes them where that was cancelled after the last', async () => {
    hold();
    const count = async (last: number) => {
      let [pieces, whole] = [0, false];
      let run: QueryRun | null = null;
      const taken = new Promise<void>((resolve) => {
        const take: RowTaker['take'] = async (all) => {
          try {
            for await (const piece of all) {
              pieces += piece.length > 0 ? 1 : 0;
              if (pieces === last) run?.cancel();
            }
            whole = true;
          } finally {
            resolve();
          }
        };
        run = start({}, { sql: ({ sql }) => sql, take });
      });
      await taken;
      return { pieces, whole };
    };
    const { pieces, whole } = await count(Infinity);
    expect(whole).toBe(true);
    expect(await count(pieces)).toEqual({ pieces, whole: false });
  });

  it('plans anew, once, where a file went away after the plan and the table is another by now', async () => {
    const answer = onQuery;
    const gone = {
      error: {
        code: 'FILE_NOT_FOUND',
        message: 'The file /f is gone.',
        retryable: false,
        context: {},
        requestId: 'r',
      },
    };
    onQuery = async (init, path) => {
      plan = planOf({ id: 'p2', ref: { name: 'main', hash: 'cd'.repeat(32) } });
      return queries.length === 1 ? Response.json(gone, { status: 404 }) : answer(init, path);
    };
    const run = start();
    expect(await valuesOf(run)).toEqual([1, 2, 3, 4]);
    expect((await run.result).plan.id).toBe('p2');
    expect(queries.map(({ ref }) => ref)).toEqual([`main@${HASH}`, `main@${'cd'.repeat(32)}`]);
  });

  it('says that a file is gone where the table is still the same', async () => {
    const gone = {
      error: {
        code: 'FILE_NOT_FOUND',
        message: 'The file /f is gone.',
        retryable: false,
        context: {},
        requestId: 'r',
      },
    };
    onQuery = async () => Response.json(gone, { status: 404 });
    await expect(start().result).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(queries).toHaveLength(1);
  });

  it('ends in the tab at its time', async () => {
    hold();
    isEndless = true;
    plan = planOf({ timeoutMs: 30 });
    await expect(start().result).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(queries).toEqual([]);
    isEndless = false;
    expect(await valuesOf(start())).toEqual([10, 20, 30]);
  });

  it('is cancelled at once, though the server goes on', async () => {
    let stopped = false;
    onQuery = (init) =>
      new Promise(() => {
        init.signal?.addEventListener('abort', () => (stopped = true));
      });
    const run = start();
    await vi.waitFor(() => expect(run.progress().phase).toBe('running'));
    run.cancel();
    await expect(run.result).rejects.toSatisfy(isAbortError);
    expect(stopped).toBe(true);
    expect(warmed).toEqual([]);
  });

  it('says that it waits for a place on the server, and can be stopped there', async () => {
    let left = false;
    onQuery = (init, path) => {
      if (path.startsWith('/api/v1/query/running/'))
        return Promise.resolve(Response.json({ state: 'waiting', ahead: 3 }));
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => {
          left = true;
          reject(init.signal?.reason as Error);
        });
      });
    };
    const run = start({ preference: 'server' });
    const phases: string[] = [];
    run.subscribe(() => phases.push(run.progress().phase));
    const waits = { phase: 'waiting', engine: 'server', ahead: 3 };
    await vi.waitFor(() => expect(run.progress()).toMatchObject(waits), 20_000);
    expect(phases[0]).toBe('running');
    run.cancel();
    await expect(run.result).rejects.toSatisfy(isAbortError);
    expect(left).toBe(true);
  });

  it('tells who listens how far it is, until they leave', async () => {
    const phases: string[] = [];
    const run = start();
    const leave = run.subscribe(() => phases.push(run.progress().phase));
    await run.result;
    leave();
    expect(phases).toContain('receiving');
    expect(run.progress().bytes.done).toBeGreaterThan(0);
  });
});
