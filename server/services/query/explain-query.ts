import { createHash } from 'node:crypto';
import type { Explanation } from '#shared/contract/explanation.ts';
import type { Plan, PlanRequest, ScanColumn } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { explainStatement, type ExplainStatement } from '#shared/sql/explain-statement.ts';
import { isWriteStatement } from '#shared/sql/write-statements.ts';
import { executableScans } from '#server/engine/execute/executable-scans.ts';
import { plainProjection, type FileProjection } from '#server/engine/files/file-projection.ts';
import { NO_FILES } from '#server/engine/plan/engine-choice.ts';
import { EXPLANATION_COLUMNS, explanationOf, explanationSql } from '#server/engine/plan/explanation.ts';
import { planSteps, readPlan, type StepTable } from '#server/engine/plan/plan-steps.ts';
import type { PlannedQuery } from '#server/engine/plan/plan-query.ts';
import { planSelect, type QueryContext } from './plan-select.ts';
import { OUTSIDE_OF_TABS } from './run-on-cluster.ts';

interface ExplainInput {
  readonly request: PlanRequest;
  readonly explain: ExplainStatement;
  /** As of planWithSources. */
  readonly forTab: boolean;
}

/**
 * The plan of EXPLAIN: a query without tables, whose rows say how the explained query is answered. EXPLAIN ANALYZE
 * runs that query on the server's engine, and measures it.
 *
 * @throws as planQuery, with places in the statement; UNSUPPORTED for a statement that changes a table; as
 *   ServerEngine where it is run
 */
export async function explainQuery(
  ctx: QueryContext,
  { request, explain, forTab }: ExplainInput,
  signal?: AbortSignal,
): Promise<PlannedQuery> {
  const { analyze, query } = explain;
  if (explainStatement(query) !== null)
    throw new AppError('UNSUPPORTED', 'EXPLAIN takes a query, and this is another EXPLAIN. Write it once.');
  if (isWriteStatement(query))
    throw new AppError('UNSUPPORTED', 'EXPLAIN takes a query; this statement changes a table.');
  const isNamed = request.engine === 'server' || request.engine === 'cluster';
  const engine = forTab || isNamed ? request.engine : 'auto';
  const planned = await planSelect(ctx, { ...request, sql: query, engine }, signal);
  const { plan, source } = planned;
  if (analyze && plan.locals !== undefined)
    throw new AppError(
      'UNSUPPORTED',
      `EXPLAIN ANALYZE runs on the server, which does not have the file ${plan.locals[0]?.name ?? ''}. Save the file as a table to measure the query, or use EXPLAIN.`,
    );
  const run = analyze ? await measure(ctx, planned, signal) : undefined;
  const explanation = {
    ...explanationOf(plan, query.trim(), await planned.logical(), run, planned.passedOver),
    ...(forTab || isNamed ? {} : outsideOfTabs(plan)),
  };
  const sql = explanationSql(explanation);
  const explained: Plan = {
    id: createHash('sha256').update(sql).digest('hex'),
    sql,
    ref: plan.ref,
    scans: [],
    columns: EXPLANATION_COLUMNS,
    bytes: 0,
    engine: {
      choice: 'browser',
      reason: NO_FILES,
      browserCapable: true,
    },
    explanation,
    explained: {
      scans: plan.scans,
      bytes: plan.bytes,
      engine: plan.engine,
      ...(plan.locals === undefined ? {} : { locals: plan.locals }),
      ...(plan.answeredFrom === undefined ? {} : { answeredFrom: plan.answeredFrom }),
    },
  };
  return { ...planned, plan: explained, sources: [], source, repeatable: false, simple: null };
}

/** Where a query runs that no tab asks, and what a tab would choose that may. */
function outsideOfTabs({ engine: { choice, reason } }: Plan): Pick<Explanation, 'engine' | 'inTab'> {
  const inTab = { choice, reason };
  return {
    engine: choice === 'cluster' ? inTab : { choice: 'server', reason: OUTSIDE_OF_TABS },
    inTab,
  };
}

async function measure(
  { engine, opener, deletedRows }: QueryContext,
  { plan, sources, source, multiplies }: PlannedQuery,
  signal: AbortSignal | undefined,
): Promise<Explanation['run']> {
  const cancel = signal === undefined ? {} : { signal };
  const scans = await executableScans({ opener, deletedRows, sources, ...cancel });
  const tables = new Map<string, StepTable>();
  const started = performance.now();
  const [row] = await engine.session(
    { sql: plan.sql, scans, source, multiplies, ...cancel },
    async (session) => {
      for (const [index, { columns, files }] of session.scans.entries()) {
        const name = sources[index]?.scan.table ?? '';
        for (const { path, projection = plainProjection(columns) } of files)
          tables.set(path, { name, columns: readNames(columns, projection) });
      }
      return session.run(`EXPLAIN (ANALYZE, FORMAT json) ${plan.sql}`);
    },
  );
  const [profile] = readPlan(String(row?.['explain_value']));
  if (profile === undefined)
    throw new AppError('INTERNAL', 'The engine ran the query and did not say what it did.');
  const figure = (name: string) => Number((profile as Readonly<Record<string, unknown>>)[name] ?? 0);
  const steps = planSteps(profile.children ?? [], (info) => {
    const paths = info['Filename(s)'];
    return typeof paths === 'string' ? (tables.get(paths.split(', ')[0] ?? '') ?? null) : null;
  });
  return {
    milliseconds: figure('latency') * 1000 || performance.now() - started,
    rows: steps[0]?.rows ?? 0,
    peakMemoryBytes: figure('system_peak_buffer_memory'),
    spilledBytes: figure('system_peak_temp_dir_size'),
    steps,
  };
}

/** Of columns, by what the reader calls them. */
function readNames(columns: readonly ScanColumn[], projection: FileProjection): ReadonlyMap<string, string> {
  return new Map(
    columns.flatMap(({ name }, index) => {
      const read = projection.columns[index]?.name ?? null;
      return read === null ? [] : [[read, name] as const];
    }),
  );
}
