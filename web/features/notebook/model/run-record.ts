import type { RecordedRun } from '#shared/contract/query-runs.ts';
import { snapshotsOf } from '#shared/contract/snapshots-of.ts';
import { errorMessage } from '#shared/errors/app-error.ts';
import type { CellRun, RunTarget } from './run-store.ts';

/** A run that is over. */
export interface EndedRun {
  readonly target: RunTarget;
  readonly run: Extract<CellRun, { kind: 'done' | 'failed' | 'cancelled' }>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly elapsedMs: number;
}

/** As many as the history takes. */
const ERROR_LETTERS = 10_000;
const SQL_LETTERS = 1_000_000;

/** What the history keeps of a run; null for SQL that is longer than it takes. */
export function recordOf(ended: EndedRun, notebook: string): RecordedRun | null {
  const { target, run } = ended;
  const sql = target.part?.sql ?? target.exact?.sql ?? target.sql;
  if (sql.length > SQL_LETTERS) return null;
  return {
    id: crypto.randomUUID(),
    at: new Date(ended.startedAt).toISOString(),
    sql,
    ref: target.exact?.ref ?? target.ref,
    snapshots: [],
    state: run.kind,
    elapsedMs: Math.round(ended.elapsedMs),
    notebook,
    cell: target.id,
    ...(run.kind === 'failed' ? { error: errorMessage(run.error).slice(0, ERROR_LETTERS) } : {}),
    ...(run.kind === 'done' ? ofAnswer(run.outcome, sql) : {}),
  };
}

function ofAnswer(outcome: Extract<CellRun, { kind: 'done' }>['outcome'], sql: string): Partial<RecordedRun> {
  if ('written' in outcome) {
    const { rows, commit } = outcome.written;
    const changed = Number(rows.inserted) + Number(rows.updated) + Number(rows.deleted);
    return { engine: 'server', rows: changed, ...(commit === undefined ? {} : { commit: commit.hash }) };
  }
  const { plan, request, engine, table } = outcome;
  const sent = request.sql !== sql && request.sql.length <= SQL_LETTERS;
  return {
    engine: engine.used,
    rows: table.rowCount,
    bytes: plan.bytes,
    commit: plan.ref.hash,
    snapshots: snapshotsOf(plan),
    ...(sent ? { sent: request.sql } : {}),
  };
}
