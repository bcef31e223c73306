import { randomUUID } from 'node:crypto';
import type {
  AllRunsList,
  AllRunsQuery,
  NotebookRun,
  NotebookRunSummary,
  SavedResult,
} from '#shared/contract/notebook-history.ts';
import type { ComposeCell } from '#shared/contract/notebook-relations.ts';
import type { Cell, Notebook } from '#shared/contract/notebooks.ts';
import { AppError, errorMessage } from '#shared/errors/app-error.ts';
import { cellSql, inputParameters } from '#shared/notebook/cell-sql.ts';
import { notebookGraph } from '#shared/notebook/graph.ts';
import { givenName, isNamedRelation } from '#shared/notebook/named-cells.ts';
import { relationSql } from '#shared/notebook/relation-sql.ts';
import { lastStatementInPlace } from '#shared/sql/statements.ts';
import { writesAnything } from '#shared/sql/write-statements.ts';
import { queryJson, type QueryContext } from '../query/index.ts';
import { getNotebook } from './notebooks.ts';
import { composeCell, outlineStatements } from './relations.ts';
import type { HistoryContext } from './revisions.ts';

export type NotebookRunContext = QueryContext & HistoryContext;

/** Rows of an answer that are kept; the run says where there were more. */
const KEPT_ROWS = 1000;

interface RunInput {
  readonly ref?: string | undefined;
  readonly trigger: NotebookRun['trigger'];
}

/**
 * Runs the cells of a notebook on the server, each after what it reads, and saves what they came to. A cell that fails
 * is said to have failed, and the others run on. Statements that change tables are not run: nobody is asked.
 *
 * @throws NOT_FOUND; REF_NOT_FOUND
 */
export async function runNotebook(
  ctx: NotebookRunContext,
  id: string,
  input: RunInput,
): Promise<NotebookRun> {
  const notebook = await getNotebook(ctx, id);
  const ref = input.ref ?? 'main';
  const ids = await runnable(ctx, notebook);
  const startedAt = new Date().toISOString();
  const job = { kind: 'notebook', title: `Notebook “${notebook.title}”`, total: ids.length, unit: 'cells' };
  const results = await ctx.jobs.run(job, async (report) => {
    const done: SavedResult[] = [];
    for (const [index, cell] of ids.entries()) {
      report({ step: nameOf(notebook.cells, cell), done: index });
      done.push(await runCell(ctx, notebook.cells, cell, ref));
    }
    report({ done: ids.length });
    return done;
  });
  const run: NotebookRun = {
    id: randomUUID(),
    notebook: id,
    version: notebook.version,
    ref,
    trigger: input.trigger,
    startedAt,
    finishedAt: new Date().toISOString(),
    cells: results.length,
    failed: results.filter(({ error }) => error !== undefined).length,
    results,
  };
  await ctx.notebookHistory.saveRun(run);
  return run;
}

/** @throws NOT_FOUND */
export async function listNotebookRuns(
  ctx: HistoryContext,
  id: string,
): Promise<readonly NotebookRunSummary[]> {
  await getNotebook(ctx, id);
  return ctx.notebookHistory.runs(id);
}

/** Of all notebooks. */
export async function listAllRuns(ctx: HistoryContext, query: AllRunsQuery): Promise<AllRunsList> {
  const found = await ctx.notebookHistory.allRuns({ ...query, limit: query.limit + 1 });
  const runs = found.slice(0, query.limit);
  const last = runs.at(-1);
  const more = found.length > runs.length && last !== undefined;
  return { runs: [...runs], ...(more ? { next: `${last.startedAt}~${last.id}` } : {}) };
}

/** @throws NOT_FOUND */
export async function getNotebookRun(ctx: HistoryContext, id: string, run: string): Promise<NotebookRun> {
  const found = await ctx.notebookHistory.run(id, run);
  if (found !== null) return found;
  throw new AppError('NOT_FOUND', `There is no run ${run} of this notebook.`, {
    context: { notebook: id, run },
  });
}

async function runnable(ctx: NotebookRunContext, { cells }: Notebook): Promise<readonly string[]> {
  const texts = cells.map((cell) => cellSql(cell) ?? '');
  const outlines = await outlineStatements(ctx, texts);
  const known = new Map(texts.map((text, index) => [text, outlines[index]]));
  const asks = cells.filter((cell) => {
    const sql = cellSql(cell);
    return sql !== null && cell.kind !== 'input' && !writesAnything(sql);
  });
  return notebookGraph(cells, (sql) => known.get(sql)).sort(asks.map(({ id }) => id));
}

async function runCell(
  ctx: NotebookRunContext,
  cells: readonly Cell[],
  target: string,
  ref: string,
): Promise<SavedResult> {
  const about = { cell: target, name: nameOf(cells, target) };
  let sql = '';
  const started = performance.now();
  try {
    const request = { cells: composable(cells, target), parameters: inputParameters(cells), target, ref };
    const composed = await composeCell(ctx, request);
    sql = composed.sql;
    const answer = await queryJson(ctx, { sql, ref: composed.ref, limit: KEPT_ROWS });
    const { name, hash } = answer.ref;
    return {
      ...about,
      sql,
      ref: name === hash ? hash : `${name}@${hash}`,
      snapshots: answer.snapshots,
      elapsedMs: answer.elapsedMs,
      columns: answer.columns,
      rows: answer.rows,
      truncated: answer.truncated,
    };
  } catch (error) {
    const elapsedMs = Math.round(performance.now() - started);
    const nothing = { snapshots: [], columns: [], rows: [], truncated: false };
    return { ...about, sql, ref, elapsedMs, ...nothing, error: errorMessage(error) };
  }
}

function composable(cells: readonly Cell[], target: string): ComposeCell[] {
  return cells.flatMap((cell): ComposeCell[] => {
    const sql = cell.id === target ? cellSql(cell) : relationSql(cell);
    const named = isNamedRelation(cell) ? { name: cell.name } : {};
    if (sql === null) return [];
    const at = cell.kind === 'sql' && cell.ref !== undefined ? { ref: cell.ref } : {};
    // Of several statements none of which changes anything, the last one has the answer.
    return [{ id: cell.id, sql: lastStatementInPlace(sql), ...named, ...at }];
  });
}

function nameOf(cells: readonly Cell[], id: string): string {
  const index = cells.findIndex((cell) => cell.id === id);
  return givenName(cells[index]) ?? `cell ${index + 1}`;
}
