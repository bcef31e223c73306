import type { QueryRun, RecordedRun } from '#shared/contract/query-runs.ts';
import type { RunFilter } from './run-filter.ts';

interface Known {
  /** As the server told them last. */
  readonly told: readonly QueryRun[];
  /** That this browser ran; those among the told ones count once. */
  readonly here: readonly RecordedRun[];
  /** Who works in this browser. */
  readonly author: string;
}

/** What can be said of the history without the server, newest first, looked through as the server does it. */
export function runsHere({ told, here, author }: Known, filter: RunFilter): QueryRun[] {
  const known = new Set(told.map(({ id }) => id));
  const own = here.filter(({ id }) => !known.has(id)).map((run): QueryRun => ({ ...run, author }));
  return [...told, ...own]
    .filter((run) => matches(run, filter))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function matches(run: QueryRun, { q = '', state, engine, since }: RunFilter): boolean {
  const texts = [run.sql, run.error ?? ''].map((text) => text.toLowerCase());
  const words = q.toLowerCase().split(/\s+/);
  return (
    words.every((word) => texts.some((text) => text.includes(word))) &&
    (state === undefined || run.state === state) &&
    (engine === undefined || run.engine === engine) &&
    (since === undefined || Date.parse(run.at) >= Date.parse(since))
  );
}
