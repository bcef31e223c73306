import type { LRUCache } from 'lru-cache';
import type { AnalyzedSql } from '../analyze/analyze.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { mapChildren, type AstNode } from '../analyze/ast.ts';
import { currentSnapshot } from '../../iceberg/metadata/lookup.ts';
import type { PlannedQuery, PlanQueryInput } from '../plan/plan-query.ts';
import type { ResolvedTable } from '../plan/scan-source.ts';
import type { BlockForm } from './block-form.ts';
import { foundTables } from './block-sources.ts';
import { findBlocks, seesOrder } from './find-blocks.ts';
import { Mismatch, mismatch } from './mismatch.ts';
import { planOverViews, versionOf, viewNode, type StandIn } from './plan-over-views.ts';
import { restate } from './restate.ts';
import { rewriteBlock, type RewriteTools } from './rewrite-block.ts';
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
  readonly choices: Choices;
  readonly plan: (input: PlanQueryInput) => Promise<PlannedQuery>;
}

/** How a query over tables in some state is answered best, from views in some state. */
export interface Choice {
  /** Null: from the tables. */
  readonly standIn: StandIn | null;
  readonly passedOver: NonNullable<PlannedQuery['passedOver']>;
}
type Choices = LRUCache<string, Choice>;

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
  const { planned } = asked;
  if (planned.plan.bytes === 0 || !planned.repeatable) return planned;
  try {
    return await fromViews(tools, input, asked);
  } catch (error) {
    // The tables have the answer, whatever keeps a view from being read.
    if (error instanceof AppError && error.code !== 'INTERNAL') return planned;
    throw error;
  }
}

async function fromViews(
  tools: AnswerTools,
  input: PlanQueryInput,
  { planned, analyzed, tables }: AskedQuery,
): Promise<PlannedQuery> {
  const views = await viewsOver(input, tables);
  if (views.length === 0) return planned;
  const key = keyOf(tools, input.sql, tables, views);
  const known = tools.choices.get(key);
  if (known === undefined) {
    const { choice, best } = await choose(tools, input, { planned, analyzed, tables }, views);
    tools.choices.set(key, choice);
    return withPassedOver(best, choice);
  }
  const { standIn } = known;
  if (standIn === null) return withPassedOver(planned, known);
  const again = await planOverViews(tools.plan, input, planned, { standIn, views });
  return again instanceof Mismatch ? planned : withPassedOver(again, known);
}

function keyOf(
  { schemaOf }: AnswerTools,
  sql: string,
  tables: readonly ResolvedTable[],
  views: readonly StoredView[],
): string {
  return JSON.stringify([
    sql,
    tables.map((table) => {
      const { tableUuid, currentSnapshotId } = table.metadata;
      return [table.name, tableUuid, String(table.snapshotId ?? currentSnapshotId), schemaOf(table).schemaId];
    }),
    views.map((view) => [view.name, versionOf(view), view.metadata.currentSchemaId, view.sources]),
  ]);
}

function withPassedOver(planned: PlannedQuery, { passedOver }: Choice): PlannedQuery {
  return passedOver.length === 0 ? planned : { ...planned, passedOver };
}

async function choose(
  tools: AnswerTools,
  input: PlanQueryInput,
  { planned, analyzed, tables }: AskedQuery,
  views: readonly StoredView[],
): Promise<{ readonly choice: Choice; readonly best: PlannedQuery }> {
  const root = await tools.parser.parse(input.sql, true);
  const found = foundTables(root, analyzed.tables, tables);
  const kinds = await tools.functionKinds();
  const passedOver = new Map<string, string>();
  const candidates: (readonly Exchange[])[] = [];
  for (const block of findBlocks(root, found, kinds, tools.schemaOf)) {
    const exchanges = await exchangesOf(tools, { root, block, views }, passedOver);
    if (exchanges.length > 0) candidates.push(exchanges.slice(0, MOST_COMPARED));
  }
  let best = { planned, exchanges: [] as readonly Exchange[], standIn: null as StandIn | null };
  for (const exchanges of trialsOf(candidates)) {
    const standIn = await exchanged(tools, input.sql, root, exchanges);
    const trial =
      standIn === null
        ? mismatch('the query can’t be written over it')
        : await planOverViews(tools.plan, input, planned, { standIn, views });
    for (const { view } of exchanges)
      passedOver.set(view.name, trial instanceof Mismatch ? trial.message : 'it takes no fewer bytes');
    if (trial instanceof Mismatch) continue;
    const saved = best.planned.plan.bytes - trial.plan.bytes;
    const isBetter = saved > 0 || (saved === 0 && exchanges.length < best.exchanges.length);
    if (isBetter) best = { planned: trial, exchanges, standIn };
  }
  for (const { view } of best.exchanges) passedOver.delete(view.name);
  const choice: Choice = {
    standIn: best.standIn,
    passedOver: [...passedOver].map(([table, reason]) => ({ table, reason })),
  };
  return { choice, best: best.planned };
}

/** The query with SELECTs exchanged; null where it can't be written so. */
async function exchanged(
  { parser }: AnswerTools,
  sql: string,
  root: AstNode,
  exchanges: readonly Exchange[],
): Promise<StandIn | null> {
  const nodes = new Map(exchanges.map(({ block, node }) => [block.node, node]));
  const exchange = (node: AstNode): AstNode => mapChildren(nodes.get(node) ?? node, exchange);
  const restated = await restate(parser, sql, exchange(root));
  const views = exchanges.map(({ view, block }) => ({
    version: versionOf(view),
    insteadOf: [...new Set(block.sources.leaves.map(({ table }) => table.name))],
  }));
  return restated === null ? null : { ...restated, views };
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
  const { matcher } = tools;
  // Of one SELECT they are the same for all views.
  const texts = new Map<AstNode, Promise<string>>();
  let types: ReturnType<ViewMatcher['typesOf']> | undefined;
  const rewriteTools: RewriteTools = {
    kinds,
    typesOf: async (...of) => (types ??= matcher.typesOf(...of)),
    textOf: async (expression) => {
      const text = texts.get(expression) ?? matcher.textOf(expression);
      texts.set(expression, text);
      return text;
    },
  };
  const exchanges: Exchange[] = [];
  for (const view of views) {
    try {
      if (block instanceof Mismatch) throw mismatch(`the query is not compared: ${block.message}`);
      const { leaves } = block.sources;
      if (!leaves.some(({ table }) => sourceOf(view, table) !== undefined)) continue;
      const form = await matcher.formFor(view, block);
      if (form.grouping === null && seesOrder(root, block, kinds))
        throw mismatch('what is around the query may depend on the order of its rows');
      const node = await rewriteBlock(block, form, viewNode(view, block.node), rewriteTools);
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
