import type { EngineName, EnginePreference, Plan } from '#shared/contract/plan.ts';
import type { StatementResult } from '#shared/contract/statements.ts';
import type { ResultTable } from '#web/lib/result-table.ts';
import type { LocalFiles } from './local/types.ts';

export interface RunRequest {
  readonly sql: string;
  /** Ref expression where tables are read; see shared/refs. */
  readonly ref: string;
  readonly preference: EnginePreference;
  /** Rows kept at most; the outcome says whether there were more. */
  readonly maxRows?: number;
}

/** Takes the rows of an answer as they come, in the place of their being kept; for what the tab alone can answer. */
export interface RowTaker {
  /** What is run, over the SQL of the plan. */
  sql(plan: Pick<Plan, 'sql' | 'columns'>): string;
  /** @param pieces of one Arrow IPC stream: its schema, then its batches. The next comes when it is asked for. */
  take(pieces: AsyncIterable<Uint8Array>, plan: Pick<Plan, 'columns'>): Promise<void>;
}

export interface RunProgress {
  readonly phase: 'queued' | 'planning' | 'loading' | 'waiting' | 'running' | 'receiving';
  /** Who works on it, once that is known. */
  readonly engine?: EngineName;
  /** It runs in the tab, and could on the server. */
  readonly elsewhere?: boolean;
  /** While it waits for a place of the server's engine: those that get one before it. */
  readonly ahead?: number;
  /** Of the data files that this run has to bring into the tab; zero of zero where none. */
  readonly files: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
}

export interface RunOutcome {
  /** What was asked, as it was sent: the rows can be asked further at the plan's place in history. */
  readonly request: RunRequest;
  readonly table: ResultTable;
  readonly truncated: boolean;
  readonly plan: Plan;
  readonly engine: { readonly used: EngineName; readonly reason: string };
  /** Milliseconds. `total` is what the person waited. */
  readonly timings: {
    readonly plan: number;
    readonly load: number;
    readonly run: number;
    readonly total: number;
  };
}

/** What a statement that changes a table came to. */
export interface WriteOutcome {
  readonly written: StatementResult;
  /** Milliseconds that the person waited. */
  readonly timings: { readonly total: number };
}

/** One running query. `result` rejects with AppError, or with AbortError after cancel(). */
export interface QueryHandle<T = RunOutcome> {
  readonly result: Promise<T>;
  cancel(): void;
  progress(): RunProgress;
  subscribe(listener: () => void): () => void;
}

export interface EngineStatus {
  readonly state: 'starting' | 'ready' | 'restarting' | 'failed';
  readonly bundle: 'coi' | 'eh' | 'mvp' | null;
  readonly threads: number;
  readonly cache: { readonly bytes: number; readonly budget: number; readonly columns: number };
  /** Columns being loaded behind answers that the server gave; null where none are. */
  readonly warming: RunProgress | null;
  /** Bytes of data files that this browser keeps for later visits, in all its tabs. */
  readonly kept: number;
  readonly error?: string;
}

/** The tab's door to SQL: plans, picks the engine, loads what is missing, runs, streams, cancels. */
export interface QuerySession {
  /** Files of this computer, which queries can name. */
  readonly files: LocalFiles;
  /** @param taker gets the rows, of which the outcome then has none; the tab runs it, for as long as that takes */
  run(request: RunRequest, taker?: RowTaker): QueryHandle;
  /** Runs a statement that changes a table; the server does that, as one commit. */
  write(request: Pick<RunRequest, 'sql' | 'ref'>): QueryHandle<WriteOutcome>;
  status(): EngineStatus;
  subscribe(listener: () => void): () => void;
  /** Stops loading columns behind answers that the server gave; what came stays. */
  stopLoadingAhead(): void;
  /** Stops warming; drops what the cache holds, and what the browser keeps. */
  clearCache(): Promise<void>;
  close(): Promise<void>;
}
