import type { ExplainedTable, Explanation, PlanStep } from '#shared/contract/explanation.ts';
import type { Plan, Scan } from '#shared/contract/plan.ts';
import { answeredFromViews } from '#shared/sql/answered-from-views.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import type { PlannedQuery } from './plan-query.ts';

/** What a plan reads and where it runs, for people. */
export function explanationOf(
  plan: Plan,
  sql: string,
  logical: readonly PlanStep[],
  run: Explanation['run'],
  passedOver: PlannedQuery['passedOver'] = [],
): Explanation {
  const { choice, reason } = plan.engine;
  // A view that the query names, and that is stale, is not used in the place of its tables either: once is enough.
  const stale = new Set(plan.views?.flatMap(({ table, fresh }) => (fresh ? [] : [table])));
  const others = passedOver.filter(({ table }) => !stale.has(table));
  return {
    sql,
    engine: { choice, reason },
    bytes: plan.bytes,
    ...(plan.views === undefined ? {} : { views: plan.views }),
    ...(others.length === 0 ? {} : { passedOver: others }),
    tables: plan.scans.map((scan) => {
      const table = explainedTable(scan);
      // The scan has a column that nobody reads.
      return plan.answeredFrom === 'metadata' ? { ...table, columns: [] } : table;
    }),
    logical: [...logical],
    ...(run === undefined ? {} : { run }),
  };
}

function explainedTable(scan: Scan): ExplainedTable {
  const withDeletes = scan.files.flatMap(({ deletes }) => deletes ?? []);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    table: scan.table,
    ...(scan.snapshotId === undefined ? {} : { snapshotId: scan.snapshotId }),
    filesKnown: scan.filesKnown,
    filesRead: scan.files.length,
    rows: sum(
      scan.files.map(({ rows, groups }) => groups?.reduce((all, [, , each]) => all + each, 0) ?? rows),
    ),
    columns: scan.columns.map(({ name, sqlType }, index) => ({
      name,
      type: sqlType,
      bytes: sum(scan.files.map(({ columns }) => columns[index]?.bytes ?? 0)),
    })),
    ...(withDeletes.length === 0
      ? {}
      : {
          deletes: {
            files: withDeletes.length,
            rows: sum(withDeletes.map(({ rows }) => rows)),
            bytes: sum(withDeletes.map(({ bytes }) => bytes)),
          },
        }),
    pruning: scan.pruning,
  };
}

export const EXPLANATION_COLUMNS: Plan['columns'] = ['part', 'what', 'detail'].map((name) => ({
  name,
  type: 'VARCHAR',
}));

/** An explanation as a query that any engine answers: a row each for what there is to say. */
export function explanationSql(explanation: Explanation): string {
  const rows = explanationRows(explanation).map(
    (row, index) => `(${index}, ${row.map(quoteLiteral).join(', ')})`,
  );
  return `SELECT "part", "what", "detail" FROM (VALUES ${rows.join(', ')}) AS t("at", "part", "what", "detail") ORDER BY "at"`;
}

function explanationRows(explanation: Explanation): string[][] {
  const { engine, inTab, bytes, views = [], passedOver = [], tables, logical, run } = explanation;
  return [
    ['engine', engine.choice, engine.reason],
    ...(inTab === undefined
      ? []
      : [['engine', inTab.choice, `What Auto comes to in a tab that holds the columns. ${inTab.reason}`]]),
    ['bytes', String(bytes), 'compressed, that a first run reads'],
    ...views.map((view) => ['view', view.table, viewLine(view)]),
    ...passedOver.map(({ table, reason }) => ['view', table, `not used: ${reason}`]),
    ...tables.flatMap((table) => [
      ['table', table.table, tableLine(table)],
      ...table.pruning.map((line) => ['pruning', table.table, line]),
      ...table.columns.map(({ name, type, bytes: size }) => [
        'column',
        `${table.table}.${name}`,
        `${type}, ${size} bytes`,
      ]),
    ]),
    ...stepRows('plan', logical),
    ...(run === undefined
      ? []
      : [
          [
            'run',
            `${run.milliseconds.toFixed(1)} ms`,
            `${run.rows} rows, ${run.peakMemoryBytes} bytes of memory`,
          ],
          ...stepRows('run', run.steps),
        ]),
  ];
}

function viewLine(view: NonNullable<Explanation['views']>[number]): string {
  const { fresh, reason, insteadOf = [] } = view;
  const line = answeredFromViews([view]);
  if (line !== null) return `${line}, instead of ${insteadOf.join(', ')}: ${reason}`;
  return `${fresh ? 'fresh, so its rows are read' : 'not fresh, so its query is read'}: ${reason}`;
}

function tableLine({ snapshotId, filesRead, filesKnown, rows, deletes }: ExplainedTable): string {
  const snapshot = snapshotId === undefined ? 'no snapshot yet' : `snapshot ${snapshotId}`;
  const deleted =
    deletes === undefined
      ? ''
      : `, of which about ${deletes.rows} are deleted, as ${deletes.bytes} bytes say`;
  return `${snapshot}; ${filesRead} of ${filesKnown} files, ${rows} rows${deleted}`;
}

function stepRows(part: string, steps: readonly PlanStep[]): string[][] {
  return steps.map(({ depth, name, details, rows, milliseconds }) => {
    const measured =
      rows === undefined
        ? []
        : [`${rows} rows${milliseconds === undefined ? '' : `, ${milliseconds.toFixed(1)} ms`}`];
    return [part, `${'  '.repeat(depth)}${name}`, [...measured, ...details].join('; ')];
  });
}
