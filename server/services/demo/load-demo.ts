import { isAppError } from '#shared/errors/app-error.ts';
import type { ServiceContext } from '../context.ts';
import type { Report } from '../jobs/index.ts';
import { createNotebook } from '../notebooks/index.ts';
import { appendRows, type WriteContext } from '../tables/index.ts';
import { demoTables, type DemoStep, type DemoTable } from './demo-tables.ts';
import { WELCOME_CELLS, WELCOME_ID, WELCOME_TITLE } from './welcome-notebook.ts';

/** Of a commit: which step of the demo it is. */
const STEP_PROPERTY = 'timestream.demo-step';
/** Of the lakehouse: `loading` from the first step on, `done` after the last. */
const STATE_SETTING = 'demo';

/**
 * Whether this start has demo data to load: the lakehouse is new, or an earlier start was killed while it
 * loaded. A lakehouse that somebody filled otherwise is left alone.
 */
export async function needsDemo(ctx: ServiceContext): Promise<boolean> {
  const state = await ctx.settings.get(STATE_SETTING);
  if (state !== null) return state === 'loading';
  const { hash } = await ctx.catalog.getRef(ctx.catalog.defaultBranch);
  return (await ctx.catalog.listContents(hash)).length === 0;
}

/** Loads the demo from a folder of data files. */
export async function loadDemo(ctx: WriteContext, source: string): Promise<void> {
  return loadTables(ctx, demoTables(source));
}

/**
 * Loads tables, a commit a step. Each step says in its commit which one it is, so a load that was killed at any
 * moment goes on where its last commit was, and no step lands twice.
 */
export async function loadTables(ctx: WriteContext, tables: readonly DemoTable[]): Promise<void> {
  await ctx.settings.set(STATE_SETTING, 'loading');
  await addWelcomeNotebook(ctx);
  const steps = tables.flatMap((table) => table.steps.map((step) => ({ table, step })));
  const loaded = await loadedSteps(ctx);
  const left = steps.filter(({ step }) => !loaded.has(step.id));
  // Counted by steps: by rows, all but one of the tables would come after 99 %.
  await ctx.jobs.run(
    { kind: 'demo-load', title: 'Building the demo lakehouse', total: steps.length, unit: 'loads' },
    async (report) => {
      let done = steps.length - left.length;
      report({ done });
      for (const { table, step } of left) {
        await loadStep(ctx, table, step, report);
        done += 1;
        report({ done });
      }
    },
  );
  await ctx.settings.set(STATE_SETTING, 'done');
}

async function loadStep(ctx: WriteContext, table: DemoTable, step: DemoStep, report: Report): Promise<void> {
  report({ step: `${step.message}, ${step.rows.toLocaleString('en')} rows` });
  await appendRows(ctx, {
    table: table.table,
    query: step.query,
    branch: ctx.catalog.defaultBranch,
    message: step.message,
    properties: { [STEP_PROPERTY]: step.id },
    createWith: { comment: table.comment },
  });
}

async function loadedSteps(ctx: ServiceContext): Promise<ReadonlySet<string>> {
  const { hash } = await ctx.catalog.getRef(ctx.catalog.defaultBranch);
  const { commits } = await ctx.catalog.log(hash, { limit: 1000 });
  return new Set(commits.flatMap((commit) => commit.properties[STEP_PROPERTY] ?? []));
}

async function addWelcomeNotebook(ctx: ServiceContext): Promise<void> {
  try {
    await createNotebook(ctx, { id: WELCOME_ID, title: WELCOME_TITLE, cells: WELCOME_CELLS });
  } catch (error) {
    if (!isAppError(error, 'ALREADY_EXISTS')) throw error;
  }
}
