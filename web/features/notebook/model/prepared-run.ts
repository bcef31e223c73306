import type { ComposedPiece, ComposedSql } from '#shared/contract/notebook-relations.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { lineColumn } from '#shared/sql/positions.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import type { QueryHandle, QuerySession, RunOutcome, RunProgress, WriteOutcome } from '#web/duckdb/types.ts';

/** What notebooks need of the tab's door to SQL. */
export type NotebookSession = Pick<QuerySession, 'run' | 'write'>;

/** One statement of a cell. */
export interface RunStep {
  readonly sql: string;
  /** Where it stands in the text of the cell (UTF-16 units). */
  readonly offset: number;
}

export interface PreparedRunOptions {
  readonly session: NotebookSession;
  /** One after the other; the answer is the last one's. */
  readonly steps: readonly RunStep[];
  readonly cell: { readonly id: string; readonly source: string };
  readonly ref: string;
  readonly request: Omit<Parameters<QuerySession['run']>[0], 'sql' | 'ref'>;
  /** Gives the statement that reads tables alone; null where that is the step itself. */
  readonly compose: (sql: string, signal: AbortSignal) => Promise<ComposedSql> | null;
  readonly nameOf: (cellId: string) => string;
}

const NOTHING = { done: 0, total: 0 };

/** A run of a cell: its statements in turn, each composed with the cells that it reads. */
export class PreparedRun implements QueryHandle<RunOutcome | WriteOutcome> {
  readonly result: Promise<RunOutcome | WriteOutcome>;
  readonly #options: PreparedRunOptions;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #inner: QueryHandle<RunOutcome | WriteOutcome> | null = null;

  constructor(options: PreparedRunOptions) {
    this.#options = options;
    this.result = this.#run();
    this.result.catch(() => undefined);
  }

  cancel(): void {
    this.#stop.abort(new DOMException('The query was cancelled.', 'AbortError'));
    this.#inner?.cancel();
  }

  progress(): RunProgress {
    return this.#inner?.progress() ?? { phase: 'planning', files: NOTHING, bytes: NOTHING };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(): Promise<RunOutcome | WriteOutcome> {
    const { steps } = this.#options;
    let outcome: RunOutcome | WriteOutcome | null = null;
    for (const step of steps) outcome = await this.#step(step);
    if (outcome !== null) return outcome;
    throw new AppError('INVALID_INPUT', 'There is no SQL to run: the text is empty.');
  }

  async #step(step: RunStep): Promise<RunOutcome | WriteOutcome> {
    const { session, request, compose, ref } = this.#options;
    const { signal } = this.#stop;
    const inCell = (error: unknown, pieces?: readonly ComposedPiece[]) =>
      placedInCell(error, { ...this.#options, step, ...(pieces === undefined ? {} : { pieces }) });
    let composed: ComposedSql | null;
    try {
      const composing = compose(step.sql, signal);
      composed = composing === null ? null : await composing;
    } catch (error) {
      throw inCell(error);
    }
    signal.throwIfAborted();
    const { sql } = composed ?? step;
    const at = composed?.ref ?? ref;
    this.#inner = isWriteStatement(sql)
      ? session.write({ sql, ref: at })
      : session.run({ ...request, sql, ref: at });
    const unsubscribe = this.#inner.subscribe(() => {
      for (const listener of this.#listeners) listener();
    });
    try {
      return await this.#inner.result;
    } catch (error) {
      throw inCell(error, composed?.pieces);
    } finally {
      unsubscribe();
    }
  }
}

interface Placing extends Pick<PreparedRunOptions, 'cell' | 'nameOf'> {
  readonly step: RunStep;
  readonly pieces?: readonly ComposedPiece[];
}

/**
 * An error with its place in the text of the cell that ran. What is wrong in another cell says in which, and has no
 * place here.
 */
export function placedInCell(error: unknown, { cell, step, pieces, nameOf }: Placing): unknown {
  if (!(error instanceof AppError)) return error;
  const { position, cell: about, line: _line, column: _column, ...context } = error.context;
  if (typeof position !== 'number')
    return typeof about === 'string' && about !== cell.id ? elsewhere(error, about, context, nameOf) : error;
  const piece = pieces?.findLast(({ start }) => start <= position);
  const owner = piece?.cell ?? (typeof about === 'string' ? about : cell.id);
  if (owner !== cell.id) return elsewhere(error, owner, context, nameOf);
  const own = piece === undefined ? position : piece.from + Math.min(position, piece.end) - piece.start;
  const place = own + step.offset;
  return new AppError(error.code, error.message, {
    context: { ...context, position: place, ...lineColumn(cell.source, place) },
    cause: error,
  });
}

function elsewhere(
  error: AppError,
  cell: string,
  context: Record<string, unknown>,
  nameOf: (cellId: string) => string,
): AppError {
  const { suggestions: _theirs, ...rest } = context;
  return new AppError(error.code, `In the cell ${nameOf(cell)}, which this one reads: ${error.message}`, {
    context: { ...rest, cell },
    cause: error,
  });
}
