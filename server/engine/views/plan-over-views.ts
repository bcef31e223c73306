import type { Plan } from '#shared/contract/plan.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { answeredFromViewsSentence } from '#shared/sql/answered-from-views.ts';
import type { AstNode } from '../analyze/ast.ts';
import type { SplicedSql } from '../analyze/splices.ts';
import { planStandIn } from '../plan/expand-views.ts';
import { shortName } from '../plan/long-names.ts';
import type { PlannedQuery, PlanQueryInput } from '../plan/plan-query.ts';
import { mismatch, type Mismatch } from './mismatch.ts';
import { constantNode } from './nodes.ts';
import { STAND_IN } from './rewrite-block.ts';
import type { StoredView } from './stored-view.ts';

/** A query over views in the place of tables, which stands for one over the tables. */
export interface StandIn extends Pick<SplicedSql, 'sql' | 'toOriginal'> {
  readonly views: readonly {
    readonly version: string;
    /** In whose place it is read; dotted names. */
    readonly insteadOf: readonly string[];
  }[];
}

/** Says which state of which view is meant, as no query of a person's does. */
export function versionOf({ metadata: { tableUuid, currentSnapshotId } }: StoredView): string {
  return `${STAND_IN}/${tableUuid}/${currentSnapshotId}`;
}

/** Names the view at its version in FROM. */
export function viewNode(view: StoredView, { query_location }: AstNode): AstNode {
  const [table = '', schema = '', catalog = ''] = [...shortName(view.key)].reverse();
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
      expr: constantNode('VARCHAR', versionOf(view), query_location),
    },
  };
}

/**
 * The plan of the query that stands for another, as that of the other; or why it is none.
 *
 * @param asked the other's
 * @param views with those that the query is over
 */
export async function planOverViews(
  plan: (input: PlanQueryInput) => Promise<PlannedQuery>,
  given: PlanQueryInput,
  asked: PlannedQuery,
  { standIn, views }: { readonly standIn: StandIn; readonly views: readonly StoredView[] },
): Promise<PlannedQuery | Mismatch> {
  const { storedViews: _, ...input } = given;
  const byVersion = new Map(views.map((view) => [versionOf(view), view]));
  try {
    const trial = await planStandIn(
      plan,
      {
        ...input,
        resolveTable: async (name, at) => {
          const view = at === null || !('version' in at) ? undefined : byVersion.get(at.version);
          // Only its rows are meant, also where it is not fresh any more at the query's ref.
          return view === undefined
            ? input.resolveTable(name, at)
            : { name: view.name, metadata: view.metadata };
        },
      },
      standIn,
    );
    if (!isAlike(asked.plan, trial.plan)) return mismatch('its columns are of other types');
    return asAsked(asked, trial, plannedViews(standIn, byVersion));
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

function plannedViews(
  { views }: StandIn,
  byVersion: ReadonlyMap<string, StoredView>,
): NonNullable<Plan['views']> {
  const used = new Map(views.map(({ version, insteadOf }) => [version, insteadOf]));
  return [...used].map(([version, insteadOf]) => {
    const view = byVersion.get(version);
    return {
      table: view?.name ?? '',
      fresh: true,
      reason: 'its tables are as they were when it was refreshed',
      insteadOf: [...insteadOf],
      snapshotId: String(view?.metadata.currentSnapshotId),
    };
  });
}

function asAsked(asked: PlannedQuery, trial: PlannedQuery, views: NonNullable<Plan['views']>): PlannedQuery {
  const { engine } = trial.plan;
  return {
    ...trial,
    plan: {
      ...trial.plan,
      // An expression is the name of its column.
      columns: asked.plan.columns,
      views: [...(asked.plan.views ?? []), ...views],
      engine: { ...engine, reason: `${engine.reason} ${answeredFromViewsSentence(views) ?? ''}` },
    },
    reads: asked.reads,
    through: asked.through,
    simple: asked.simple,
  };
}
