import type { Plan } from '#shared/contract/plan.ts';
import { present } from '#shared/util/present.ts';
import { abortable } from '../abortable.ts';
import type { EngineConnection } from '../engine/connection.ts';
import { findAmong, type Segment } from './column-cache.ts';
import type { ColumnLoader } from './column-loader.ts';
import { mayReadOnce, readsOnce } from './reads-once.ts';
import { scanViewSql, type SourceOf } from './scan-view.ts';

export interface ScansToOpen {
  readonly connection: Pick<EngineConnection, 'run' | 'rows'>;
  readonly plan: Pick<Plan, 'scans' | 'sql' | 'columns' | 'explanation' | 'locals'>;
  /** Whether loose rows may be read where they lie, if exactSql(plan) reads them once: it has to be what is run. */
  readonly loose: boolean;
  /** Hold every column of the plan; they stay until the run has ended. */
  readonly segments: readonly Segment[];
  readonly loader: Pick<ColumnLoader, 'expose' | 'settle'>;
  readonly signal: AbortSignal;
}

/**
 * Makes a plan's scans readable on a connection, for one query. Rows that are in no table yet are read as they lie,
 * where the query reads them once; else they are put into their tables first.
 *
 * @returns what to call when the query has ended
 */
export async function openScans(scans: ScansToOpen): Promise<() => Promise<void>> {
  const { plan, segments, loader, signal } = scans;
  const exposed = scans.loose && mayReadOnce(plan) ? await loader.expose(segments) : null;
  if (exposed) {
    try {
      await makeViews(scans, exposed.sourceOf);
      if (await readsOnce(scans.connection, plan, exposed.scans)) return exposed.hide;
    } catch {
      // It is tried once more, and said then, with tables.
    }
    await exposed.hide();
  }
  // What nobody waits for any more is put into tables when there is time.
  signal.throwIfAborted();
  await abortable(loader.settle(segments), signal);
  await makeViews(scans);
  return () => Promise.resolve();
}

async function makeViews(
  { connection, plan, segments, signal }: ScansToOpen,
  source?: SourceOf,
): Promise<void> {
  const find = findAmong(segments);
  for (const scan of plan.scans) {
    signal.throwIfAborted();
    await connection.run(scanViewSql(scan, find, { query: plan.sql, ...present({ source }) }));
  }
}
