import { z } from 'zod';
import { sqlOutline } from '#shared/contract/notebook-relations.ts';
import { pinnedRun } from '#shared/contract/notebooks.ts';
import { engineName, enginePreference, plan as planSchema, type Plan } from '#shared/contract/plan.ts';
import type { RunOutcome } from '#web/duckdb/types.ts';
import type { KeptRecords } from '#web/lib/kept-records.ts';
import type { Outlined } from './cell-relations.ts';
import type { NotebookStore } from './notebook-store.ts';
import type { EndedRun } from './run-record.ts';
import type { Answer } from './run-store.ts';

const BODY = 'result/';
const SIZE = 'result-size/';
const OUTLINES = 'outlines/';
/** Rows of one answer, and about how many bytes they take. */
const ROWS = 10_000;
const BYTES = 1024 ** 2;
/** Bytes of all that are kept; those that came longest ago go first. */
const ALL_BYTES = 48 * 1024 ** 2;

const milliseconds = z.number();
const kept = z.object({
  cell: z.string(),
  at: z.number(),
  sql: z.string(),
  ref: z.string(),
  signature: z.string(),
  part: z
    .object({ kind: z.enum(['selection', 'statement']), sql: z.string(), offset: z.number() })
    .optional(),
  exact: pinnedRun.optional(),
  /** Of the answer; of them, the first are in the bytes. */
  rows: z.number(),
  truncated: z.boolean(),
  arrow: z.instanceof(Uint8Array),
  request: z.object({
    sql: z.string(),
    ref: z.string(),
    preference: enginePreference,
    maxRows: z.number().optional(),
  }),
  plan: planSchema,
  engine: z.object({ used: engineName, reason: z.string() }),
  timings: z.object({ plan: milliseconds, load: milliseconds, run: milliseconds, total: milliseconds }),
});
const outlined = z.array(z.tuple([z.string(), sqlOutline]));
const size = z.object({ name: z.string(), at: z.number(), bytes: z.number() });

export interface KeptResult {
  readonly cell: string;
  readonly answer: Answer;
}

interface Waiting {
  readonly cell: string;
  readonly answer: Answer;
  /** A part of the rows would say something else than all of them. */
  readonly whole: boolean;
}

/**
 * The last answer of each cell, for the next visit with this browser: its first rows, with what it takes to ask for the
 * others and to tell whether it is out of date. A browser that keeps nothing only shows cells without answers.
 */
export class KeptResults {
  readonly #records: KeptRecords;
  /** What is to be written next, by name; null is to be removed. */
  readonly #waiting = new Map<string, Waiting | null>();
  #writing: Promise<void> | null = null;

  constructor(records: KeptRecords) {
    this.#records = records;
  }

  /** Puts an answer with rows away; the last one of a cell counts. */
  keep(notebook: string, waiting: Waiting): void {
    this.#put(nameOf(notebook, waiting.cell), waiting);
  }

  forget(notebook: string, cell: string): void {
    this.#put(nameOf(notebook, cell), null);
  }

  /** What the cells of a notebook name: without it, nobody could tell of their answers whether they are out of date. */
  keepOutlines(notebook: string, outlines: readonly Outlined[]): void {
    this.#records.put(OUTLINES + notebook, outlines).catch(() => undefined);
  }

  async outlines(notebook: string): Promise<readonly Outlined[]> {
    const found = await this.#records.get(OUTLINES + notebook).catch(() => null);
    return outlined.safeParse(found).data ?? [];
  }

  /** Everything of a notebook. */
  async drop(notebook: string): Promise<void> {
    await this.settled();
    await this.#records.remove([OUTLINES + notebook]).catch(() => undefined);
    const sizes = await this.#sizes().catch(() => []);
    const names = sizes.flatMap(({ name }) => (name.startsWith(`${notebook}/`) ? [name] : []));
    await this.#remove(names).catch(() => undefined);
  }

  /** What is kept of a notebook. What another version of the page kept may be of another shape: it is left out. */
  async read(notebook: string): Promise<readonly KeptResult[]> {
    await this.settled();
    const found = await this.#records.all(`${BODY}${notebook}/`).catch(() => []);
    const results = await Promise.all(found.map(async (record) => answerOf(record).catch(() => null)));
    return results.filter((result) => result !== null);
  }

  /** Once everything so far is written. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #put(name: string, waiting: Waiting | null): void {
    this.#waiting.set(name, waiting);
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = null));
  }

  async #writeAll(): Promise<void> {
    // An answer is drawn before it is put away.
    await new Promise((resolve) => setTimeout(resolve));
    for (let next = this.#waiting.entries().next(); !next.done; next = this.#waiting.entries().next()) {
      const [name, waiting] = next.value;
      this.#waiting.delete(name);
      await this.#write(name, waiting).catch(() => undefined);
    }
  }

  async #write(name: string, waiting: Waiting | null): Promise<void> {
    const record = waiting === null ? null : await recordOf(waiting);
    if (record === null) return this.#remove([name]);
    const bytes = record.arrow.length + JSON.stringify(record.plan).length;
    await this.#records.put(SIZE + name, { name, at: record.at, bytes });
    await this.#records.put(BODY + name, record);
    let left = ALL_BYTES;
    const newest = (await this.#sizes()).toSorted((a, b) => b.at - a.at);
    await this.#remove(newest.flatMap((each) => ((left -= each.bytes) < 0 ? [each.name] : [])));
  }

  async #sizes(): Promise<readonly z.output<typeof size>[]> {
    return (await this.#records.all(SIZE)).flatMap((each) => size.safeParse(each).data ?? []);
  }

  async #remove(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#records.remove(names.flatMap((name) => [BODY + name, SIZE + name]));
  }
}

/** Keeps a run for the next visit; a failure that says the query itself is wrong takes the place of the answer before. */
export function keepResult(results: KeptResults, store: NotebookStore, { target, run }: EndedRun): void {
  if (run.kind === 'failed' && run.previous === null) results.forget(store.id, target.id);
  if (run.kind !== 'done' || !('table' in run.outcome)) return;
  const kind = store.document().cells.find(({ id }) => id === target.id)?.kind;
  // Rows and charts go on from the first rows; totals and choices would be wrong without the others.
  results.keep(store.id, { cell: target.id, answer: run, whole: kind !== 'sql' && kind !== 'chart' });
}

/** Keeps what the cells name, whenever that is known and another; the returned function ends it. */
export function keepOutlines(results: KeptResults, store: NotebookStore): () => void {
  let kept: readonly Outlined[] = [];
  const keep = () => {
    const outlines = store.relations.outlines();
    if (outlines === null || outlines.length === 0) return;
    const isKept = outlines.length === kept.length && outlines.every(([text], at) => text === kept[at]?.[0]);
    if (isKept) return;
    kept = outlines;
    results.keepOutlines(store.id, outlines);
  };
  keep();
  return store.subscribe(keep);
}

/** Shows what cells came to at an earlier visit, where they have not run since. */
export function restoreResults(store: NotebookStore, kept: readonly KeptResult[]): void {
  for (const { cell, answer } of kept)
    if (store.document().cells.some(({ id }) => id === cell)) store.runs.restore(cell, answer);
}

function nameOf(notebook: string, cell: string): string {
  return `${notebook}/${cell}`;
}

async function recordOf({ cell, answer, whole }: Waiting): Promise<z.input<typeof kept> | null> {
  const { outcome, at, sql, ref, signature, part, exact } = answer;
  if (!('table' in outcome)) return null;
  const { arrowBytes } = await import('#web/lib/arrow-bytes.ts');
  const { rowCount } = outcome.table;
  const put = arrowBytes(outcome.table, { maxRows: ROWS, maxBytes: BYTES });
  if (put === null || (whole && put.rows < rowCount)) return null;
  const { request, engine, timings, truncated } = outcome;
  return {
    cell,
    at,
    sql,
    ref,
    signature,
    rows: rowCount,
    truncated,
    arrow: put.bytes,
    engine,
    timings,
    ...(part === undefined ? {} : { part }),
    ...(exact === undefined ? {} : { exact }),
    request,
    plan: slimPlan(outcome.plan),
  };
}

/** What a plan says of an answer; it can't be run any more, which nobody does with an old one. */
function slimPlan(plan: Plan): Plan {
  const { anchors: _anchors, ...rest } = plan;
  const scans = plan.scans.map((scan) => ({
    ...scan,
    columns: [],
    files: scan.files.map(({ bytes, rows }) => ({ url: '', bytes, rows, columns: [] })),
  }));
  return { ...rest, scans };
}

async function answerOf(record: unknown): Promise<KeptResult | null> {
  const found = kept.safeParse(record).data;
  if (found === undefined) return null;
  const { cell, at, sql, ref, signature, part, exact, rows, arrow, request, plan, engine, timings } = found;
  const { tableOfBytes } = await import('#web/lib/arrow-bytes.ts');
  const table = await tableOfBytes(plan.columns, arrow);
  const { maxRows, ...asked } = request;
  const outcome: RunOutcome = {
    request: { ...asked, ...(maxRows === undefined ? {} : { maxRows }) },
    table,
    truncated: found.truncated || table.rowCount < rows,
    plan,
    engine,
    timings,
  };
  return {
    cell,
    answer: {
      outcome,
      sql,
      ref,
      at,
      signature,
      kept: { rows },
      ...(part === undefined ? {} : { part }),
      ...(exact === undefined ? {} : { exact }),
    },
  };
}
