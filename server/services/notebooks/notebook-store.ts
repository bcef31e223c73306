import type {
  AllRunsQuery,
  NotebookRun,
  NotebookRunSummary,
  NotebookSchedule,
  Revision,
  RevisionSummary,
  RunOfNotebook,
  ScheduledNotebook,
} from '#shared/contract/notebook-history.ts';
import type { Notebook, NotebookContent, NotebookSummary } from '#shared/contract/notebooks.ts';

/** What is known of a save beside what is saved. */
export interface SaveAbout {
  /** How it came to be, where it was no typing. */
  readonly note?: string | undefined;
  readonly author?: string | undefined;
  readonly keepBefore?: boolean | undefined;
}

/** Where notebooks are kept. `save` is a compare-and-swap on the version. */
export interface NotebookStore {
  /** Last changed first. */
  list(): Promise<readonly NotebookSummary[]>;
  get(id: string): Promise<Notebook | null>;
  /** Null where the id is taken. */
  insert(notebook: NotebookContent & { readonly id: string }, author?: string): Promise<Notebook | null>;
  /**
   * Null where the notebook is gone or no longer at `version`. Keeps the new state as a revision: in the place of the one
   * before while somebody types on, unless there is a note, the one before has a name or is somebody else's, or `keepBefore`
   * says that it counts.
   */
  save(
    notebook: NotebookContent & { readonly id: string; readonly version: number },
    about?: SaveAbout,
  ): Promise<Notebook | null>;
  /** With its revisions and runs. */
  delete(id: string): Promise<boolean>;
}

/** What notebooks were, and what they came to by themselves. */
export interface NotebookHistoryStore {
  /** Newest first. */
  revisions(notebook: string): Promise<readonly RevisionSummary[]>;
  /** Of so many of its versions, in order; those that are gone are left out. */
  revisionContents(
    notebook: string,
    versions: readonly number[],
  ): Promise<readonly { readonly version: number; readonly content: NotebookContent }[]>;
  revision(notebook: string, version: number): Promise<Revision | null>;
  /** False where there is no such revision. Null takes its name away. */
  nameRevision(notebook: string, version: number, name: string | null): Promise<boolean>;
  /** Null where there is no such notebook. */
  schedule(
    notebook: string,
  ): Promise<{ readonly schedule: NotebookSchedule | null; readonly nextAt: Date | null } | null>;
  setSchedule(notebook: string, schedule: NotebookSchedule | null, nextAt: Date | null): Promise<boolean>;
  due(
    now: Date,
  ): Promise<readonly { readonly id: string; readonly schedule: NotebookSchedule; readonly nextAt: Date }[]>;
  /** True for one caller alone, however many found the run due. */
  take(notebook: string, dueAt: Date, nextAt: Date): Promise<boolean>;
  /** Of all notebooks that have one, by title. */
  schedules(): Promise<readonly ScheduledNotebook[]>;
  saveRun(run: NotebookRun): Promise<void>;
  /** Of all notebooks, newest first; those of one time by id. */
  allRuns(query: AllRunsQuery): Promise<readonly RunOfNotebook[]>;
  /** Newest first. */
  runs(notebook: string): Promise<readonly NotebookRunSummary[]>;
  run(notebook: string, id: string): Promise<NotebookRun | null>;
}
