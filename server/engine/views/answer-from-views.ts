import type { Plan } from '#shared/contract/plan.ts';
import { answeredFromViews } from '#shared/sql/answered-from-views.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import type { AstNode } from '../analyze/ast.ts';
import { currentSnapshot } from '../../iceberg/metadata/lookup.ts';
import { collectBaseTables } from '../analyze/tables.ts';
import { planStandIn } from '../plan/expand-views.ts';
import { shortName } from '../plan/long-names.ts';
import type { PlannedQuery, PlanQueryInput } from '../plan/plan-query.ts';
import type { ResolvedTable } from '../plan/scan-source.ts';
import type { BlockForm } from './block-form.ts';
import { findBlocks, seesOrder } from './find-blocks.ts';
import { Mismatch, mismatch } from './mismatch.ts';
import { mapChildren } from './nodes.ts';
import { restate } from './restate.ts';
import { rewriteBlock, STAND_IN } from './rewrite-block.ts';
import { sourceOf } from './snapshot-schema.ts';
import type { StoredView } from './stored-view.ts';
import type { MatcherTools, ViewMatcher } from './view-matcher.ts';

export interface AskedQuery {
  readonly planned: PlannedQuery;
  readonly analyzed: AnalyzedSql;
  readonly tables: readonly ResolvedTable[];
}

export interface AnswerTools extends MatcherTools {
  readonly matcher: ViewMatcher;
  readonly plan: (input: PlanQueryInput) => Promise<PlannedQuery>;
}

/** A view that nearly answers a query, and why it does not. */
export type PassedOver = NonNullable<PlannedQuery['passedOver']>[number];

/** More views than these for one SELECT are not compared by what they cost. */
const MOST_COMPARED = 4;
/** A trial is a plan. */
const MOST_TRIALS = 8;

/** A SELECT, and one over a view in its place. */
interface Exchange {
  readonly block: BlockForm;
  readonly node: AstNode;
  readonly view: StoredView;
}

/**
 * The plan of a query that reads materialized views in the place of the tables that they are made of, where that gives
 * the same answer for fewer bytes; else the plan that was given.
 *
 * A view's rows are those of its query over its tables at the snapshots that it was refreshed from, and are read only
 * by a query over these same snapshots, whatever the ref, the version or the time that it reads them at. Sums of
 * floating-point numbers are taken as they are stored, for the same groups, or not at all: added in parts they would
 * be rounded otherwise.
 */
export async function answerFromViews(
  tools: AnswerTools,
  input: PlanQueryInput,
  asked: AskedQuery,
): Promise<PlannedQuery> {
  const { planned, analyzed, tables } = asked;
  if (planned.plan.bytes === 0 || !planned.repeatable) return planned;
  const views = await viewsOver(input, tables);
  if (views.length === 0) return planned;
  const root = await tools.parser.parse(input.sql, true);
  const nodes = collectBaseTables(root);
  const found = new Map(
    nodes.flatMap((node, index) => {
      const [reference, table] = [analyzed.tables[index], tables[index]];
      return reference === undefined || table === undefined
        ? []
        : [[node, { node, name: reference.name, table }] as const];
    }),
  );
  const kinds = await tools.functionKinds();
  const passedOver = new Map<string, string>();
  const candidates: (readonly Exchange[])[] = [];
  for (const block of findBlocks(root, found, kinds, tools.schemaOf)) {
    const exchanges = await exchangesOf(tools, { root, block, views }, passedOver);
    if (exchanges.length > 0) candidates.push(exchanges.slice(0, MOST_COMPARED));
  }
  let best: Trial = { planned, exchanges: [] };
  for (const exchanges of trialsOf(candidates)) {
    const trial = await planExchanged(tools, input, { asked, root, exchanges });
    for (const { view } of exchanges)
      passedOver.set(view.name, trial instanceof Mismatch ? trial.message : 'it takes no fewer bytes');
    if (trial instanceof Mismatch) continue;
    const saved = best.planned.plan.bytes - trial.plan.bytes;
    const isBetter = saved > 0 || (saved === 0 && exchanges.length < best.exchanges.length);
    if (isBetter) best = { planned: trial, exchanges };
  }
  const used = new Set(best.exchanges.map(({ view }) => view.name));
  const refused = [...passedOver].filter(([name]) => !used.has(name));
  if (refused.length === 0) return best.planned;
  return {
    ...best.planned,
    passedOver: refused.map(([table, reason]): PassedOver => ({ table, reason })),
  };
}

interface Trial {
  readonly planned: PlannedQuery;
  readonly exchanges: readonly Exchange[];
}

/** Of each SELECT the smallest view, then with one of them by another view, then one SELECT alone. */
function trialsOf(candidates: readonly (readonly Exchange[])[]): readonly (readonly Exchange[])[] {
  const first = candidates.flatMap(([exchange]) => exchange ?? []);
  if (first.length === 0) return [];
  const others = candidates.flatMap(([own, ...more]) =>
    more.map((exchange) => first.map((each) => (each === own ? exchange : each))),
  );
  const alone = first.length === 1 ? [] : first.map((exchange) => [exchange]);
  return [first, ...others, ...alone].slice(0, MOST_TRIALS);
}

/** Those whose tables are all among the query's. */
async function viewsOver(
  { storedViews }: PlanQueryInput,
  tables: readonly ResolvedTable[],
): Promise<readonly StoredView[]> {
  const commits = new Set(tables.flatMap(({ commit }) => commit ?? []));
  const listed = await Promise.all([...commits].map(async (commit) => storedViews?.(commit) ?? []));
  const uuids = new Set(tables.map(({ metadata }) => metadata.tableUuid));
  // Found at two commits, one may be another; the same state of it is the same.
  const views = new Map(
    listed.flat().map((view) => [`${view.metadata.tableUuid} ${view.metadata.currentSnapshotId}`, view]),
  );
  return [...views.values()].filter(
    ({ sources }) => sources.length > 0 && sources.every(({ uuid }) => uuids.has(uuid)),
  );
}

async function exchangesOf(
  tools: AnswerTools,
  {
    root,
    block,
    views,
  }: { readonly root: AstNode; readonly block: BlockForm | Mismatch; readonly views: readonly StoredView[] },
  passedOver: Map<string, string>,
): Promise<readonly Exchange[]> {
  const kinds = await tools.functionKinds();
  const exchanges: Exchange[] = [];
  for (const view of views) {
    try {
      if (block instanceof Mismatch) throw mismatch(`the query is not compared: ${block.message}`);
      const { leaves } = block.sources;
      if (!leaves.some(({ table }) => sourceOf(view, table) !== undefined)) continue;
      const form = await tools.matcher.formFor(view, block);
      if (form.grouping === null && seesOrder(root, block, kinds))
        throw mismatch('what is around the query may depend on the order of its rows');
      const { matcher } = tools;
      const node = await rewriteBlock(block, form, viewNode(view, block.node), {
        kinds,
        typesOf: async (...of) => matcher.typesOf(...of),
        textOf: async (expression) => matcher.textOf(expression),
      });
      exchanges.push({ block, node, view });
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      passedOver.set(view.name, error.message);
    }
  }
  return exchanges.sort((a, b) => rowsOf(a.view) - rowsOf(b.view));
}

function rowsOf({ metadata }: StoredView): number {
  return Number(currentSnapshot(metadata)?.summary['total-records'] ?? 0);
}

/** Names the view as no query of a person's can, so that nothing but its rows is meant. */
function viewNode({ key, metadata }: StoredView, { query_location }: AstNode): AstNode {
  const [table = '', schema = '', catalog = ''] = [...shortName(key)].reverse();
  const version = { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: versionOf(metadata) };
  return {
    type: 'BASE_TABLE',
    alias: STAND_IN,
    sample: null,
    query_location,
    schema_name: schema,
    table_name: table,
    column_name_alias: [],
    catalog_name: catalog,
    at_clause: {
      unit: 'VERSION',
      expr: { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', query_location, value: version },
    },
  };
}

function versionOf({ tableUuid, currentSnapshotId }: StoredView['metadata']): string {
  return `${STAND_IN}/${tableUuid}/${currentSnapshotId}`;
}

/** The plan of the query with the exchanges made, as that of the query; or why it can't be. */
async function planExchanged(
  { parser, plan }: AnswerTools,
  given: PlanQueryInput,
  {
    asked,
    root,
    exchanges,
  }: { readonly asked: AskedQuery; readonly root: AstNode } & Pick<Trial, 'exchanges'>,
): Promise<PlannedQuery | Mismatch> {
  const { storedViews: _, ...input } = given;
  const nodes = new Map(exchanges.map(({ block, node }) => [block.node, node]));
  const exchange = (node: AstNode): AstNode => mapChildren(nodes.get(node) ?? node, exchange);
  const standIn = await restate(parser, input.sql, exchange(root));
  if (standIn === null) return mismatch('the query can’t be written over it');
  const views = new Map(exchanges.map(({ view }) => [versionOf(view.metadata), view]));
  try {
    const trial = await planStandIn(
      plan,
      {
        ...input,
        resolveTable: async (name, at) => {
          const view = at === null || !('version' in at) ? undefined : views.get(at.version);
          return view === undefined
            ? input.resolveTable(name, at)
            : { name: view.name, metadata: view.metadata };
        },
      },
      standIn,
    );
    return isAlike(asked.planned.plan, trial.plan)
      ? asAsked(asked.planned, trial, exchanges)
      : mismatch('its columns are of other types');
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return mismatch(`the query can’t be planned over it: ${error.message}`);
  }
}

/** Gives the same columns, and the tab can run it where it could the other. */
function isAlike(before: Plan, after: Plan): boolean {
  const types = (plan: Plan) => JSON.stringify(plan.columns.map(({ type }) => type));
  return types(before) === types(after) && (after.engine.browserCapable || !before.engine.browserCapable);
}

function asAsked(asked: PlannedQuery, trial: PlannedQuery, exchanges: readonly Exchange[]): PlannedQuery {
  const views = (asked.plan.views ?? []).concat(
    exchanges.map(({ view, block }) => ({
      table: view.name,
      fresh: true,
      reason: 'its tables are as they were when it was refreshed',
      insteadOf: [...new Set(block.sources.leaves.map(({ table }) => table.name))],
      snapshotId: String(view.metadata.currentSnapshotId),
    })),
  );
  const unique = [...new Map(views.map((view) => [view.table, view])).values()];
  const { engine } = trial.plan;
  return {
    ...trial,
    plan: {
      ...trial.plan,
      // An expression is the name of its column.
      columns: asked.plan.columns,
      views: unique,
      engine: { ...engine, reason: `${engine.reason}; ${answeredFromViews(unique) ?? ''}` },
    },
    reads: asked.reads,
    through: asked.through,
    simple: asked.simple,
  };
}
