import { plan as planSchema, type EngineName, type Plan } from '#shared/contract/plan.ts';
import type { QueryPlace } from '#shared/contract/query.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { requestJson, type Transport } from '#web/lib/api-client.ts';
import { isOffline } from '#web/lib/kept-answers.ts';
import { abortable } from './abortable.ts';
import { fileNeeds, missingOf, totalOf, type FileNeed, type Missing } from './cache/needs.ts';
import { mayReadOnce } from './cache/reads-once.ts';
import { chooseEngine, type ChoiceInput, type EngineChoice } from './choose-engine.ts';
import type { LastPlans } from './last-plans.ts';
import type { TabFiles } from './local/tab-files.ts';
import { runInTab } from './run-in-tab.ts';
import { runOnServer } from './run-on-server.ts';
import { whilePlaced } from './server-place.ts';
import { fallbackReason, serverMayDoBetter, tabError } from './tab-error.ts';
import type { Tab } from './tab.ts';
import type { QueryHandle, RowTaker, RunOutcome, RunProgress, RunRequest } from './types.ts';
import { markRun } from './user-timing.ts';
import { needsServer, planWithoutServer } from './without-server.ts';
import type { Warmer } from './warmer.ts';

export interface RunContext {
  readonly tab: Tab;
  readonly warmer: Warmer;
  readonly files: Pick<TabFiles, 'relations' | 'views'>;
  readonly transport: Transport;
  /** For when the server is away. */
  readonly plans: LastPlans;
  /** Whether the tab may load what the server answered, now. */
  readonly loadsAhead: () => boolean;
}

export const DEFAULT_MAX_ROWS = 1_000_000;
const FROM_CACHE = 'From cache: the server ran the same query over the same snapshots before.';
const NOTHING = { done: 0, total: 0 };

type Answer = Pick<RunOutcome, 'table' | 'truncated' | 'engine'> & {
  readonly load: number;
  readonly run: number;
};

/** One run of one query, from its plan to its rows. */
export class QueryRun implements QueryHandle {
  readonly result: Promise<RunOutcome>;
  readonly #context: RunContext;
  readonly #request: RunRequest;
  readonly #taker: RowTaker | undefined;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  /** What is said of the server where it was away when this was planned. */
  #away: unknown = null;
  #progress: RunProgress = { phase: 'planning', files: NOTHING, bytes: NOTHING };

  constructor(context: RunContext, request: RunRequest, taker?: RowTaker) {
    this.#context = context;
    this.#request = request;
    this.#taker = taker;
    // Who cancelled hears so at once; the engine needs a moment more to stop.
    const cancelled = new Promise<never>((_, reject) => {
      const { signal } = this.#stop;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.result = Promise.race([this.#run(), cancelled]);
    // Nobody has to look at the result of a cell that is gone.
    this.result.catch(() => undefined);
  }

  cancel(): void {
    this.#stop.abort(new DOMException('The query was cancelled.', 'AbortError'));
  }

  progress(): RunProgress {
    return this.#progress;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get #signal(): AbortSignal {
    return this.#stop.signal;
  }

  async #run(): Promise<RunOutcome> {
    const start = performance.now();
    let plan = await this.#plan();
    let planned = performance.now() - start;
    let answer: Answer;
    try {
      answer = await this.#answer(plan);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!isAppError(error, 'FILE_NOT_FOUND')) throw error;
      // Maintenance may have removed a file since the plan; where the table is another by now, its files are there.
      const again = await this.#plan();
      if (again.id === plan.id) throw error;
      plan = again;
      planned = performance.now() - start;
      answer = await this.#answer(plan);
    }
    const { table, truncated, engine, load, run } = answer;
    const timings = { plan: planned, load, run, total: performance.now() - start };
    markRun(start, engine.used, timings);
    return { request: this.#request, table, truncated, plan, engine, timings };
  }

  async #plan(): Promise<Plan> {
    const { sql, ref, preference } = this.#request;
    const { files, plans, tab, transport } = this.#context;
    const locals = files.relations();
    try {
      const body = { sql, ref, engine: preference, ...(locals.length === 0 ? {} : { locals }) };
      const signal = this.#signal;
      // EXPLAIN ANALYZE runs its query for its plan.
      const onPlace = (place: QueryPlace) => this.#placed(place, 'server');
      const plan = await whilePlaced({ transport, signal, onPlace }, async (headers) =>
        requestJson(planSchema, 'plan', { method: 'POST', body, headers, signal, transport }),
      );
      plans.remember(this.#request, locals, plan);
      this.#away = null;
      tab.serverIsAway(false);
      return plan.explained === undefined ? plan : this.#explainHere(plan, plan.explained);
    } catch (error) {
      if (!isOffline(error)) throw error;
      this.#away = error;
      tab.serverIsAway(true);
      // Who chose them wants to know that they do not answer.
      if (preference === 'server' || preference === 'cluster') throw error;
      const known = await plans.recall(this.#request, locals);
      if (known !== null) return known;
      const { engine } = await abortable(tab.ready(), this.#signal);
      return planWithoutServer({ engine, files, request: this.#request, away: error, signal: this.#signal });
    }
  }

  async #answer(plan: Plan): Promise<Answer> {
    const needs = fileNeeds(plan.scans);
    const choice = this.#choose(plan, needs);
    if (choice.engine !== 'browser') {
      const answer = await this.#onServer(plan, choice.reason, choice.engine);
      if (choice.warm) this.#context.warmer.warm(needs);
      return answer;
    }
    try {
      return await this.#inTab(plan, needs, choice.reason);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (this.#away !== null && isAppError(error, 'UNAVAILABLE')) {
        const tables = plan.scans.map(({ table }) => table);
        throw needsServer(error, tables);
      }
      if (this.#request.preference === 'auto' && !plan.locals && serverMayDoBetter(error)) {
        return this.#onServer(plan, fallbackReason(error));
      }
      // For who offers another engine: the tab was at it, however early it failed.
      this.#report({ ...this.#progress, engine: 'browser', elsewhere: !this.#tabAlone(plan) });
      throw tabError(error, { sql: this.#request.sql, plan });
    }
  }

  /** What would become of the explained query in this page, now: the server knows nothing of what the tab holds. */
  #explainHere(plan: Plan, explained: NonNullable<Plan['explained']>): Plan {
    if (plan.explanation === undefined) return plan;
    const needs = fileNeeds(explained.scans);
    const { engine: choice, reason } = this.#choose(explained, needs);
    const held = totalOf(needs).bytes - this.#missing(needs).bytes;
    return { ...plan, explanation: { ...plan.explanation, engine: { choice, reason }, held } };
  }

  #missing(needs: readonly FileNeed[]): Missing {
    const find = (url: string, fieldId: number) => this.#context.tab.running?.cache.find(url, fieldId);
    return totalOf(needs.flatMap((need) => missingOf(need, find) ?? []));
  }

  #choose(plan: ChoiceInput['plan'] & Pick<Plan, 'locals'>, needs: readonly FileNeed[]): EngineChoice {
    if (this.#tabAlone(plan)) return { engine: 'browser', reason: plan.engine.reason, warm: false };
    const { tab } = this.#context;
    return chooseEngine({
      plan,
      missing: this.#missing(needs),
      preference: this.#request.preference,
      loadsAhead: this.#context.loadsAhead(),
      status: tab.status(),
    });
  }

  /** Nobody else has what it reads, can be asked, or could hand on its rows. */
  #tabAlone(plan: Pick<Plan, 'locals'>): boolean {
    return plan.locals !== undefined || this.#taker !== undefined || this.#away !== null;
  }

  async #inTab(plan: Plan, needs: readonly FileNeed[], reason: string): Promise<Answer> {
    const { tab } = this.#context;
    const start = performance.now();
    const where = { engine: 'browser' as const, elsewhere: !this.#tabAlone(plan) };
    if (!tab.running) this.#report({ phase: 'queued' });
    const { engine, loader } = await abortable(tab.ready(), this.#signal);
    const pin = await loader.acquire(needs, {
      signal: this.#signal,
      priority: 0,
      loose: this.#taker === undefined && mayReadOnce(plan),
      onProgress: ({ files, bytes }) =>
        this.#report({ phase: files.total > 0 ? 'loading' : 'running', ...where, files, bytes }),
    });
    const loaded = performance.now();
    const endRun = loader.beginRun();
    try {
      this.#report({ ...this.#progress, phase: 'running', ...where });
      const { table, truncated } = await runInTab({
        engine,
        plan,
        views: await this.#context.files.views(engine, plan.locals, this.#signal),
        segments: pin.segments,
        loader,
        maxRows: this.#request.maxRows ?? DEFAULT_MAX_ROWS,
        taker: this.#taker,
        signal: this.#signal,
      });
      const run = performance.now() - loaded;
      return { table, truncated, engine: { used: 'browser', reason }, load: loaded - start, run };
    } finally {
      endRun();
      pin.release();
    }
  }

  async #onServer(plan: Plan, reason: string, engine: 'server' | 'cluster' = 'server'): Promise<Answer> {
    const start = performance.now();
    this.#report({ phase: 'running', engine });
    const { table, truncated, fromCache, instead } = await runOnServer({
      // What EXPLAIN came to is in its plan; asked again, EXPLAIN ANALYZE would run its query again.
      sql: plan.explanation === undefined ? this.#request.sql : plan.sql,
      plan,
      engine,
      maxRows: this.#request.maxRows ?? DEFAULT_MAX_ROWS,
      signal: this.#signal,
      transport: this.#context.transport,
      onPlace: (place) => this.#placed(place, engine),
      // How much will come is not known.
      onBytes: (done) => this.#report({ phase: 'receiving', engine, bytes: { done, total: 0 } }),
    });
    // Who chose otherwise wants to know why it ran here at all.
    const { preference } = this.#request;
    const isOther = (preference === 'browser' || preference === 'cluster') && preference !== engine;
    const here = isOther ? `${reason} ${FROM_CACHE}` : FROM_CACHE;
    const why = instead === null ? (fromCache ? here : reason) : instead.reason;
    return {
      table,
      truncated,
      engine: { used: instead?.used ?? engine, reason: why },
      load: 0,
      run: performance.now() - start,
    };
  }

  #placed(place: QueryPlace, engine: EngineName): void {
    if (place.state === 'waiting') this.#report({ phase: 'waiting', engine, ahead: place.ahead });
    else if (place.state === 'running') this.#report({ phase: 'running', engine });
  }

  #report(progress: Partial<RunProgress> & Pick<RunProgress, 'phase'>): void {
    this.#progress = { files: NOTHING, bytes: NOTHING, ...progress };
    for (const listener of this.#listeners) listener();
  }
}
