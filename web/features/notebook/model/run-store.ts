import { isAbortError, isAppError } from '#shared/errors/app-error.ts';
import type { QueryHandle, RunOutcome, WriteOutcome } from '#web/duckdb/types.ts';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { writesAnything } from '#shared/sql/write-statements.ts';
import { preferredEngine } from '#web/lib/engine-preference.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { Cell, PinnedRun } from '#shared/contract/notebooks.ts';
import type { CellRelations } from './cell-relations.ts';
import type { EndedRun } from './run-record.ts';
import { PreparedRun, type NotebookSession, type RunStep } from './prepared-run.ts';
import { runSteps } from './run-steps.ts';

/** What a run came to: rows, or a commit where the SQL changed a table. `sql` and `ref` are what was sent, which the cell may have left behind. */
export interface Answer {
  readonly outcome: RunOutcome | WriteOutcome;
  readonly sql: string;
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it depended on then (see CellRelations.signature): where that is another now, the answer is stale. */
  readonly signature: string;
  /** Only these statements of the cell ran. */
  readonly part?: RunPart;
  /** The pinned run of the cell ran again, and not what the cell says now. */
  readonly exact?: PinnedRun;
  /** Of an earlier visit: this browser kept it, and of its rows perhaps only the first. */
  readonly kept?: { readonly rows: number };
}

/** What the last run of a cell came to. */
export type CellRun =
  | { readonly kind: 'queued'; readonly previous: Answer | null }
  | {
      readonly kind: 'running';
      readonly target: RunTarget;
      readonly handle: QueryHandle<RunOutcome | WriteOutcome>;
      /** Milliseconds, as performance.now(). */
      readonly startedAt: number;
      /** Stays in sight until the new answer is there. */
      readonly previous: Answer | null;
    }
  | ({ readonly kind: 'done' } & Answer)
  | {
      readonly kind: 'failed';
      readonly error: unknown;
      readonly sql: string;
      readonly ref: string;
      /** What was asked, where the tab was at it, and the server may answer it. */
      readonly elsewhere?: RunTarget;
      /** What was asked, where it may be answered as it is, asked again. */
      readonly again?: RunTarget;
      /** The answer before, where the failure says nothing of the query: it is as true as it was. */
      readonly previous: Answer | null;
    }
  /** `reason` where nobody stopped it: what it waited for came to nothing. */
  | { readonly kind: 'cancelled'; readonly reason?: string };

/** A part of a cell's text that ran by itself. */
export interface RunPart extends RunStep {
  readonly kind: 'selection' | 'statement';
}

export interface RunTarget {
  readonly id: string;
  /** Of the cell; of SQL where absent. */
  readonly kind?: Cell['kind'];
  /** The whole text of the cell. */
  readonly sql: string;
  /** Where the cell reads. */
  readonly ref: string;
  /** Where cells without a place of their own read; the same as `ref` where absent. */
  readonly notebookRef?: string;
  readonly part?: RunPart;
  /** Runs this again instead of what the cell says. */
  readonly exact?: PinnedRun;
  /** Of this run alone; else what the person prefers. */
  readonly engine?: EnginePreference;
}

/** Rows that a cell keeps; more are said to be there, not loaded. */
export const MAX_ROWS = 1_000_000;

/**
 * Who watches hears of a run that has begun after that: a page that draws it at once is busy for 50 ms of a small machine
 * just when the plan comes, and nobody sees what was over before.
 */
const SOON_MS = 80;

/** The runs of one notebook's cells. They live as long as the notebook is open, also while its page is not shown. */
export class RunStore {
  readonly #session: NotebookSession;
  readonly #relations: CellRelations;
  readonly #nameOf: (id: string) => string;
  readonly #onEnd: (ended: EndedRun) => void;
  readonly #onForget: (id: string) => void;
  readonly #runs = new Map<string, CellRun>();
  readonly #listeners = new Set<() => void>();
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every "run all" and every stop, which ends the sequence before it. */
  #sequence = 0;
  /** What of that sequence has not begun. */
  #waiting: readonly RunTarget[] = [];
  /** What of it has had its turn. */
  #ended: readonly string[] = [];

  /**
   * @param nameOf how people call a cell, for messages
   * @param onEnd hears of every run, also of those that another has taken the place of
   * @param onForget hears of cells whose answers are dropped
   */
  constructor(
    session: NotebookSession,
    relations: CellRelations,
    nameOf: (id: string) => string,
    onEnd: (ended: EndedRun) => void = () => undefined,
    onForget: (id: string) => void = () => undefined,
  ) {
    this.#session = session;
    this.#relations = relations;
    this.#nameOf = nameOf;
    this.#onEnd = onEnd;
    this.#onForget = onForget;
  }

  get(id: string): CellRun | undefined {
    return this.#runs.get(id);
  }

  /** True while any cell runs or waits to. */
  get busy(): boolean {
    return [...this.#runs.values()].some((run) => run.kind === 'running' || run.kind === 'queued');
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs a cell, ending its run before. Resolves to whether it succeeded; the store has the rest. */
  async run(target: RunTarget): Promise<boolean> {
    const before = this.#runs.get(target.id);
    if (before?.kind === 'running') before.handle.cancel();
    const { sql, ref, part, exact } = target;
    const startedAt = Date.now();
    const started = performance.now();
    const preference = target.engine ?? preferredEngine();
    const handle = this.#start(target, preference);
    const signature = this.#signature(target);
    this.#set(target.id, {
      kind: 'running',
      target,
      handle,
      startedAt: started,
      previous: shownAnswer(before),
    });
    let next: EndedRun['run'];
    try {
      const outcome = await handle.result;
      const answer = { outcome, sql, ref, at: Date.now(), signature: await signature };
      next = {
        kind: 'done',
        ...answer,
        ...(part === undefined ? {} : { part }),
        ...(exact === undefined ? {} : { exact }),
      };
    } catch (error) {
      const previous = isAboutQuery(error) ? null : shownAnswer(before);
      const inTab = preference === 'browser' && handle.progress().elsewhere === true;
      const offers = {
        ...(inTab && serverMayAnswer(error) ? { elsewhere: target } : {}),
        ...(mayRunAgain(error, sql) ? { again: target } : {}),
      };
      next = isAbortError(error)
        ? { kind: 'cancelled' }
        : { kind: 'failed', error, sql, ref, ...offers, previous };
    }
    this.#onEnd({ target, run: next, startedAt, elapsedMs: performance.now() - started });
    const now = this.#runs.get(target.id);
    if (now?.kind !== 'running' || now.handle !== handle) return false;
    this.#set(target.id, next);
    return next.kind === 'done';
  }

  /**
   * Runs on the server what the tab could not, or is still at.
   *
   * @param instead of what failed, where the cell says something else by now
   */
  async runOnServer(id: string, instead?: RunTarget): Promise<void> {
    const run = this.#runs.get(id);
    const target = run?.kind === 'running' ? run.target : run?.kind === 'failed' ? run.elsewhere : undefined;
    if (target !== undefined) await this.run({ ...(instead ?? target), engine: 'server' });
  }

  /** Asks once more what failed for no fault of its own. */
  async runAgain(id: string): Promise<void> {
    const run = this.#runs.get(id);
    if (run?.kind === 'failed' && run.again !== undefined) await this.run(run.again);
  }

  #start(
    { id, sql, ref, notebookRef = ref, part, exact }: RunTarget,
    preference: EnginePreference,
  ): QueryHandle<RunOutcome | WriteOutcome> {
    const { sql: text, offset } = part ?? { sql, offset: 0 };
    const steps = runSteps(text).map((step) => ({ ...step, offset: offset + step.offset }));
    return new PreparedRun({
      session: this.#session,
      steps: exact === undefined ? steps : [{ sql: exact.sql, offset: 0 }],
      cell: { id, source: sql },
      ref: exact?.ref ?? ref,
      request: { preference, maxRows: MAX_ROWS },
      compose: (text, signal) =>
        exact === undefined && this.#relations.needsCells(text)
          ? this.#relations.compose(id, text, notebookRef, signal)
          : null,
      nameOf: this.#nameOf,
    });
  }

  async #signature({ id, ref, notebookRef = ref }: RunTarget): Promise<string> {
    await this.#relations.settled();
    return this.#relations.signature(id, notebookRef);
  }

  /**
   * One after the other, as people read. What failed stops what reads it, and what would change tables after it; the
   * others go on. What still waits of a sequence before comes last.
   */
  async runAll(targets: readonly RunTarget[]): Promise<void> {
    const sequence = ++this.#sequence;
    const asked = new Set(targets.map(({ id }) => id));
    if (this.#waiting.length === 0) this.#ended = [];
    this.#waiting = [...targets, ...this.#waiting.filter(({ id }) => !asked.has(id))];
    for (const { id } of targets)
      this.#set(id, { kind: 'queued', previous: shownAnswer(this.#runs.get(id)) });
    while (sequence === this.#sequence) {
      const [target, ...rest] = this.#waiting;
      if (target === undefined) return;
      this.#waiting = rest;
      // It was stopped, run by hand or deleted meanwhile.
      if (this.#runs.get(target.id)?.kind === 'queued') {
        const reason = this.#obstacle(target);
        if (reason === null) await this.run(target);
        else this.#set(target.id, { kind: 'cancelled', reason });
      }
      this.#ended = [...this.#ended, target.id];
    }
  }

  /** Why a cell can't run after those before it, for people; null where it can. */
  #obstacle({ id, sql }: RunTarget): string | null {
    const upstream = new Set(this.#relations.graph.upstream(id));
    const writes = writesAnything(sql);
    for (const each of this.#ended) {
      const run = this.#runs.get(each);
      if (run?.kind !== 'failed' && (run?.kind !== 'cancelled' || run.reason !== undefined)) continue;
      const end = run.kind === 'failed' ? 'failed' : 'was stopped';
      if (upstream.has(each)) return `Not run: it reads cell ${this.#nameOf(each)}, which ${end}`;
      if (writes) return `Not run: it changes tables, and cell ${this.#nameOf(each)} before it ${end}`;
    }
    return null;
  }

  cancel(id: string): void {
    const run = this.#runs.get(id);
    if (run?.kind === 'running') run.handle.cancel();
    if (run?.kind === 'queued') this.#set(id, { kind: 'cancelled' });
  }

  cancelAll(): void {
    this.#sequence += 1;
    this.#waiting = [];
    this.#dropQueued();
    for (const run of this.#runs.values()) if (run.kind === 'running') run.handle.cancel();
  }

  /** Shows what a cell came to at an earlier visit, until it runs. */
  restore(id: string, answer: Answer): void {
    if (!this.#runs.has(id)) this.#set(id, { kind: 'done', ...answer });
  }

  forget(id: string): void {
    this.cancel(id);
    this.#runs.delete(id);
    this.#onForget(id);
    this.#changed();
  }

  #dropQueued(): void {
    for (const [id, run] of this.#runs) if (run.kind === 'queued') this.#runs.set(id, { kind: 'cancelled' });
    this.#changed();
  }

  #set(id: string, run: CellRun): void {
    this.#runs.set(id, run);
    if (run.kind === 'running') this.#soon ??= setTimeout(() => this.#changed(), SOON_MS);
    else this.#changed();
  }

  #changed(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    for (const listener of this.#listeners) listener();
  }
}

/** The rows to show of a cell: of its last run, else those that run has not replaced. */
export function shownAnswer(run: CellRun | undefined): Answer | null {
  if (run?.kind === 'done') return run;
  return run === undefined || run.kind === 'cancelled' ? null : run.previous;
}

/** The answer with rows to show of a cell; null where there are none, as of a write. */
export function shownOutcome(run: CellRun | undefined): RunOutcome | null {
  const outcome = shownAnswer(run)?.outcome;
  return outcome !== undefined && 'table' in outcome ? outcome : null;
}

export function shownTable(run: CellRun | undefined): ResultTable | null {
  return shownOutcome(run)?.table ?? null;
}

/** Whether something broke on the way. What changes tables may have done so: that is for a person to look at. */
function mayRunAgain(error: unknown, sql: string): boolean {
  return isAppError(error, 'UNAVAILABLE') && !writesAnything(sql);
}

/** Where the tab has no memory for it, or lacks something. */
function serverMayAnswer(error: unknown): boolean {
  return isAppError(error, 'OUT_OF_MEMORY') || isAppError(error, 'UNSUPPORTED');
}

/** False where the server is away, the session has ended, or something broke: the query itself may be all right. */
function isAboutQuery(error: unknown): boolean {
  return !isAppError(error) || (error.status < 500 && error.code !== 'UNAUTHENTICATED');
}
